"""The floor of the benchmark: what this PC, its disk and the bare server can do without the program.

    python -m bench.floor PORT FOLDER

POST /commit makes one durable commit; POST /emit sends one message to every socket.
"""

from __future__ import annotations

import os
import sys
import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import sqlite3  # noqa: E402
from pathlib import Path  # noqa: E402

import flask  # noqa: E402
import flask_socketio  # noqa: E402

# As long as the message of a call to a wall.
FILLING = "x" * 600


def main() -> None:
    """Serve the two bare routes until the process is ended."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    conn = sqlite3.connect(folder / "floor.db", isolation_level=None, check_same_thread=False)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("CREATE TABLE IF NOT EXISTS fact (id INTEGER PRIMARY KEY, text TEXT)")
    app = flask.Flask(__name__)
    sockets = flask_socketio.SocketIO(app, async_mode="eventlet", transports=["websocket"])

    @app.get("/health")
    def health() -> str:
        return "ok"

    @app.post("/commit")
    def commit() -> dict[str, bool]:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("INSERT INTO fact (text) VALUES (?)", (flask.request.get_data(as_text=True),))
        conn.execute("COMMIT")
        return {"ok": True}

    @app.post("/emit")
    def emit() -> dict[str, bool]:
        sockets.emit("events", {"mark": flask.request.get_json()["mark"], "filling": FILLING})
        return {"ok": True}

    eventlet.wsgi.server(
        eventlet.listen(("127.0.0.1", port), backlog=1024), app, max_size=8192, log_output=False, debug=False
    )


if __name__ == "__main__":
    main()
