"""The scoring itself: a small centre for two days, and a file of queue counts, each beside the simple rules."""

from bench.forecast import __main__ as bench
from bench.forecast.counts import OURS as MIX
from bench.forecast.counts import print_scores
from bench.forecast.scores import ForecastAndWait, scores
from tests.forecast.test_mix import HEADER


def test_given_a_simulated_centre_then_everybody_called_is_scored_beside_the_simple_rules(monkeypatch, capsys):
    monkeypatch.setattr(bench, "FIRST_DAYS", 1)
    monkeypatch.setattr(bench, "KNOWN_FROM", 2)
    name, asked, took_s = bench.score_centre((3, 1, 2))
    assert {said.day for said in asked} == {1, 2} and len(asked) > 20
    bench.print_centre(name, asked, took_s)
    printed = capsys.readouterr().out
    assert all(printed.count(rule) == 2 for rule in (bench.OURS, bench.MIX, *bench.RULES, bench.BEFORE))
    assert printed.count("holds ") + printed.count("BROKEN") == 5


def test_given_a_file_of_queue_counts_then_the_mix_is_scored_beside_what_was_known(tmp_path, capsys):
    path = tmp_path / "waits.csv"
    path.write_text(HEADER + "O,2020-01-02,600,5,1,10,30,9,8,7,0.2,0.2,0.2,9,2,1\n", "utf-8")
    print_scores(path)
    lines = {line[:34].strip(): line[34:].split() for line in capsys.readouterr().out.splitlines()}
    assert lines["mean of the last five"][:4] == ["1", "22.00", "22.00", "-22.00"]
    assert lines[MIX][0] == "1" and len(lines[MIX]) == 11


def test_given_some_forecasts_then_the_scores_are_those_computed_by_hand():
    rows = [ForecastAndWait(600, 480, 300, 660), ForecastAndWait(600, 780, 660, 900), ForecastAndWait(1200, 900)]
    score = scores(rows)
    assert (score.n, score.mae, score.median) == (3, (2 + 3 + 5) / 3, 3) and round(score.bias, 9) == round(-4 / 3, 9)
    assert (score.under_p80, score.before_p10, score.width) == (1.0, 0.5, (6 + 4) / 2)
    assert round(score.pinball_80, 9) == round((0.2 * 1 + 0.2 * 5) / 2, 9)
