"""Hostile texts, by what an attacker hopes for."""

# Would do harm in a place that takes them for more than text. Nothing forbids them in a name.
PRINTABLE = {
    "SQL": "Robert'); DROP TABLE ticket;--",
    "a script": "<script>pwned=1</script>",
    "an image": "<img src=x onerror=pwned=1>",
    "an end of an attribute": "'\"><svg onload=pwned=1>",
    "a template": "${pwned=1} {{7*7}} {name} {0} %s $& $1",
    "a formula": '=HYPERLINK("//e.test";"x")',
    "a command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a formula after a separator": "Quầy;=1+1",
    "a wide formula": "＝1+1",
    "a path": "../../../../etc/passwd",
    "JSON": '"}],"role":"supervisor","x":[{"',
    "a log line": '","level":"info","event":"all is well',
    "marks upon marks": "a" + "\u0301\u0323" * 12,
    "an emoji family": "👨‍👩‍👧".replace("\u200d", "") * 3,
}

# A reader would not see what they are, or they would not reach the other end whole.
UNPRINTABLE = {
    "a printer's command": "A\x1b@\x1dVB\x00",
    "a cut": "A\x1dV0",
    "a terminal's command": "A\x1b[2J\x1b]0;pwned\x07",
    "a NUL": "A\0B",
    "half a pair": "A\ud800B",
    "turned round": "A\u202egnp.exe",
    "an isolate": "A\u2066B\u2069",
    "an order mark": "A\u200fB",
    "nothing to see": "A\u200b\u200dB",
    "a byte order mark": "\ufeffA",
    "a tag": "A\U000e0041",
    "nobody's letter": "A\ue000\U0010ffff",
    "a C1 control": "A\x9bB\x85",
}

HUGE = {"huge": "ắ" * 5000, "one long word": "W" * 79}

AGAIN = {name: (PRINTABLE | UNPRINTABLE | HUGE)[name] for name in ("a script", "a NUL", "turned round", "huge")}
ALL = PRINTABLE | UNPRINTABLE | HUGE

# What some spreadsheet would run, at the start of a cell or behind what some country's spreadsheet
# takes for the end of one.
FORMULAS = ("=1+1", "@SUM(1+1)", "+1+1", "-1+1", "＝1+1", "Quầy;=1+1", "Quầy; -1+1", "Quầy;@SUM(1+1)")
