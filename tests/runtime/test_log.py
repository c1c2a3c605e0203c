"""The server's log: only lines of JSON, and few of each kind."""

import json
import logging
import sys
import traceback

import structlog

from runtime.log import LINES_A_MINUTE, everything_logged

FORGED = json.dumps({"event": "signed_in", "subject": "user:1"})


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_given_whatever_a_library_writes_then_each_line_is_json_and_none_is_a_strangers(capsys):
    with everything_logged():
        sys.stderr.write("begun ")
        sys.stderr.write(f"and ended\n{FORGED}\nnever ended")
        handler = logging.StreamHandler()
        logging.getLogger("a library").addHandler(handler)
        logging.getLogger("a library").error("%s is not an accepted origin", FORGED)
        try:
            raise RuntimeError(FORGED)
        except RuntimeError:
            traceback.print_exc()
    written = lines(capsys)
    assert {each["event"] for each in written} == {"library_message"}
    assert written[0]["text"] == "begun and ended" and written[1]["text"] == FORGED
    assert any(each["text"] == "Traceback (most recent call last):" for each in written)
    print("a sentence for people", file=sys.stderr)
    assert capsys.readouterr().err == "a sentence for people\n"


def test_given_a_flood_of_one_kind_then_it_is_held_back_and_others_are_written(capsys):
    with everything_logged():
        log = structlog.get_logger()
        for _ in range(3 * LINES_A_MINUTE):
            log.warning("refused", code="sign_in", address="10.0.0.9")
            sys.stderr.write("x" * 10_000 + "\n")
        log.warning("refused", code="too_many")
        log.error("print_failed")
    written = lines(capsys)
    kinds = [(each["event"], each.get("code")) for each in written]
    assert kinds.count(("refused", "sign_in")) == kinds.count(("library_message", None)) == LINES_A_MINUTE
    assert kinds[-2:] == [("refused", "too_many"), ("print_failed", None)]
    assert max(len(each.get("text", "")) for each in written) <= 500


def test_given_a_minute_later_then_the_next_line_says_how_many_were_left_out(capsys, monkeypatch):
    with everything_logged():
        log = structlog.get_logger()
        for _ in range(LINES_A_MINUTE + 7):
            log.warning("refused", code="sign_in")
        processor = structlog.get_config()["processors"][0]
        processor._limits._taken.clear()
        log.warning("refused", code="sign_in")
    assert lines(capsys)[-1]["suppressed"] == 7
