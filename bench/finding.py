"""The finding: how long the answers to a letter take that somebody types on the kiosk, among 450 procedures."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
from pathlib import Path

from hall.sheets import read_csv

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "static" / "procedures" / "starter.csv"
PROCEDURES = 450
TYPED = ("khai sinh", "giay khai sin", "lam giay cho con moi de", "mất sổ đỏ", "xin giay xac nhan doc than")
ROUNDS = 5

# As the page does: the list is made ready once, then each letter asks for three answers.
SCRIPT = """
const { Finder } = await import(process.argv[1]);
let input = "";
for await (const part of process.stdin) input += part;
const { procedures, typed, rounds } = JSON.parse(input);
const finder = new Finder(procedures);
const took = [];
for (let round = 0; round <= rounds; round += 1)
  for (const words of typed)
    for (let n = 1; n <= words.length; n += 1) {
      const began = performance.now();
      finder.find(words.slice(0, n), 3);
      if (round > 0) took.push(performance.now() - began);
    }
console.log(JSON.stringify(took));
"""


def answers_ms() -> tuple[float, float] | None:
    """Return the median and the 99th percentile of the time to the answers, ms; None without Node.js."""
    node = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or shutil.which("node")
    if node is None:
        return None
    _, *rows = read_csv(STARTER.read_bytes(), PROCEDURES)
    procedures = [
        {"names": {"vi": f"{row[2]} {n // len(rows) or ''}".strip()}, "field": row[1], "words": row[4].split("; ")}
        for n, row in enumerate(rows[n % len(rows)] for n in range(PROCEDURES))
    ]
    given = json.dumps({"procedures": procedures, "typed": TYPED, "rounds": ROUNDS})
    module = (ROOT / "static" / "lib" / "find.js").as_uri()
    command = [node, "--input-type=module", "--eval", SCRIPT, module]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    took: list[float] = json.loads(done.stdout)
    return statistics.median(took), statistics.quantiles(took, n=100)[98]
