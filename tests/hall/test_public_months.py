"""The open data: every figure is the stranger's, nobody can be singled out, and what is published stays what it was."""

import csv
import hashlib
import io
import json
import random
import re
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import msgspec
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import server
from access.texts import Texts
from hall import rollups
from hall.public_months import COLUMNS, due_months, files_of, month_figures
from hall.public_ratings import MonthRatings
from hall.publishing import publish_month, published_files
from hall.scores import HitRate
from hall.verify import verify
from open_data.site import Site, folder_links
from queueing import events as ev
from queueing.errors import Refusal
from queueing.small_cells import coded_share
from tests.clocks import HandClock
from tests.hall.centre import AN, BINH, TestCentre
from tests.hall.test_rollups import some_weeks
from tests.recompute_open_data import month

TEXTS = Texts()
WORDS = TEXTS.words("public")
NAMES = {"schema_version", "licence", "centre", "office", "timezone", "forecast"}


CLERKS = {1: "user:3", 2: AN, 3: BINH, 4: "user:4", 5: "user:5"}
COMMON, RARE = ("CHUNG_THUC", "HO_TICH", "TRA_KQ"), ("DAT_DAI", "CHINH_SACH", "DVC_TT", "HUONG_DAN")


def busy(seed, days=3, steps=260, path=None):
    """The end of a January and more: days with so many visits that some cells are small and most are not."""
    dice = random.Random(seed)
    centre = TestCentre(path, clock=HandClock(datetime(2026, 1, 30, 1, tzinfo=UTC)))
    for number in range(days):
        with centre.store.transaction():
            _busy_day(centre, dice, steps)
        opens = datetime(2026, 1, 31, 1, tzinfo=UTC) + timedelta(days=number)
        centre.clock.on(seconds=(opens - centre.clock.wall()).total_seconds())
        centre.hall.refresh()
    rollups.refresh(centre.store)
    return centre


def _busy_day(centre, dice, steps):
    for counter, clerk in CLERKS.items():
        centre.press("open", counter, clerk)
    for _ in range(steps):
        centre.clock.on(seconds=dice.choice((0, 0.4, 20, 60, 120, 240)))
        counter, turn = dice.choice(list(CLERKS)), dice.random()
        try:
            if turn < 0.3:
                service = dice.choice(COMMON if dice.random() < 0.9 else RARE)
                centre.take(service, "priority" if dice.random() < 0.25 else "ordinary")
            elif turn < 0.32:
                centre.cancel(dice.choice(centre.store.refs() or [1]))
            elif turn < 0.34:
                waiting = list(centre.hall.floor.waiting.places(COMMON))
                centre.press("call", counter, CLERKS[counter], ref=dice.choice(waiting or [None]).ref)
            elif turn < 0.38:
                button, how = dice.choice(
                    (("pause", {"reason": "lunch"}), ("pause", {}), ("resume", {}), ("resume", {}))
                )
                centre.press(button, counter, CLERKS[counter], **how)
            else:
                at = centre.hall.floor.at_counter(counter)
                end = dice.choice(("finish", "finish", "finish", "transfer", "undo"))
                button = "call-next" if at is None else "start" if at.state == "called" else end
                if button == "start" and dice.random() < 0.1:
                    button = "no-show"
                how = {"service": dice.choice(COMMON)} if button == "transfer" else {}
                centre.press(button, counter, CLERKS[counter], **how)
        except (Refusal, AttributeError):  # nobody for this counter, or nobody to call by hand
            pass


def figures(centre, name, **how):
    rollups.refresh(centre.store)
    return month_figures(centre.store, name, centre.hall.catalogue, WORDS, **how)


def without_names(view):
    """The figures without what things are called."""
    if isinstance(view, dict):
        return {key: without_names(value) for key, value in view.items() if key != "names"}
    return [without_names(one) for one in view] if isinstance(view, list) else view


def same_as_the_strangers(centre, name):
    view = msgspec.to_builtins(figures(centre, name))
    right = month(centre.log(), name, centre.targets())
    assert {key: value for key, value in without_names(view).items() if key not in NAMES} == right
    return view


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 4), st.integers(20, 300))
def test_given_any_days_then_every_public_figure_is_the_strangers(seed, days, steps):
    centre = busy(seed, days, steps)
    for name in ("2026-01", "2026-02"):
        view = same_as_the_strangers(centre, name)
        tables(files_of(msgspec.convert(view, type=type(figures(centre, name)))), view)


def test_given_months_of_few_visits_then_every_public_figure_is_the_strangers_and_days_are_merged():
    centre = some_weeks()
    for name in ("2025-12", "2026-01", "2026-02", "2026-03"):
        view = same_as_the_strangers(centre, name)
        by_day = [row for row in view["waits"] if row["dimension"] == "day"]
        assert [row["key"] for row in by_day] in ([], ["other"])  # one or two visits a day


def tables(files, view):
    """Check that the CSV files of a month hold the tables of its JSON, to the last figure."""
    assert json.loads(files[f"{view['month']}.json"]) == view
    for table, columns in COLUMNS.items():
        name = f"{view['month']}-{table.replace('_', '-')}.csv"
        if not view[table]:
            assert name not in files
            continue
        rows = list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))
        assert len(rows) == len(view[table])
        for row, said in zip(rows, view[table], strict=True):
            assert row.pop("month") == view["month"]
            for language in ("vi", "en"):
                assert row.pop(f"name_{language}", None) == said.get("names", {}).get(language)
            assert row == {key: "" if value is None else str(value) for key, value in said.items() if key != "names"}
            assert row.keys() == set(columns) - {"names"}


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_given_any_days_then_no_row_tells_of_fewer_than_ten_and_parts_make_the_whole(seed):
    view = figures(busy(seed), "2026-01")
    rows = {dimension: [row for row in view.waits if row.dimension == dimension] for dimension in ("total", "day")}
    for dimension in ("service", "hour", "day"):
        parts = [row for row in view.waits if row.dimension == dimension]
        assert len(parts) > 1 and all(row.visits >= 10 for row in parts)
        assert sum(row.visits for row in parts) == sum(row.visits for row in rows["total"])
    assert all(row.calls_out_of_order >= 10 for row in view.calls_out_of_order)
    text = files_of(view)["2026-01.json"].decode()
    assert not re.search(r"user:|device:|token:|ticket:", text)  # nobody who acted
    assert not set(re.findall(r'"(\w+)":', text)) & {"clerk", "number", "ref", "class", "group", "at"}


def publish(centre, **how):
    for name in due_months(centre.store, centre.store.publications()):
        files = files_of(month_figures(centre.store, name, centre.hall.catalogue, WORDS, **how))
        centre.hall.run_as_system(lambda act, name=name, files=files: publish_month(act, name, files))
    return published_files(centre.store)


def test_given_a_month_that_is_over_then_it_is_published_once_and_each_hash_is_in_the_log():
    centre = busy(11)
    files = publish(centre)
    assert {file.month for file in files} == {"2026-01"} and len(files) >= 2
    logged = centre.events(ev.FIGURES_PUBLISHED)
    assert [event.data["name"] for event in logged] == [file.name for file in sorted(files, key=lambda f: f.seq)]
    for event in logged:
        data = centre.store.publication(event.data["name"])
        assert (event.data["sha256"], event.data["size"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert publish(centre) == files and centre.events(ev.FIGURES_PUBLISHED) == logged
    assert verify(centre.store).clean


def test_given_a_month_that_goes_on_or_in_which_somebody_is_still_served_then_it_is_not_due():
    centre = TestCentre(clock=HandClock(datetime(2026, 1, 31, 9, tzinfo=UTC)))
    centre.press("open", 2, AN)
    centre.take()
    centre.press("call-next", 2)
    centre.press("start", 2)
    rollups.refresh(centre.store)
    assert due_months(centre.store, []) == []
    centre.clock.on(days=1)
    centre.hall.refresh()  # over midnight, while somebody is served
    rollups.refresh(centre.store)
    assert due_months(centre.store, []) == []
    centre.press("finish", 2)
    rollups.refresh(centre.store)
    assert due_months(centre.store, []) == ["2026-01"]


def test_given_a_file_that_was_changed_then_verify_names_it_and_no_page_shows_it():
    centre = busy(11)
    publish(centre)
    good = centre.store.publication("2026-01.json")
    centre.store.save_publication("2026-01.json", good.replace(b'"wait_median_min": ', b'"wait_median_min": 1'))
    centre.store.save_publication("2026-02.json", b"{}")  # never published
    faults = verify(centre.store).faults
    assert faults == [f"open data 2026-0{n}.json: it is not what was published" for n in (1, 2)]
    site = Site(centre.hall.catalogue, published_files(centre.store), TEXTS, folder_links(""))
    assert site.months() == [] and site.changed() == ["2026-01.json"]
    assert "2026-01.json" in site.figures_page("vi") and 'data-table="wait"' not in site.figures_page("vi")


def test_given_files_lost_in_a_restore_then_the_same_are_made_again_without_another_event():
    centre = busy(11)
    files = publish(centre)
    centre.db.execute("DELETE FROM publication")
    assert verify(centre.store).clean  # it has lost nothing that cannot be made again
    assert publish(centre) == files
    assert len(centre.events(ev.FIGURES_PUBLISHED)) == len(files)


# -- the pages -------------------------------------------------------------------------------


class Tables(HTMLParser):
    """Reads the tables of a page: {name: [[cell, …], …]} without the heads; and every link."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.links, self._rows, self._in_cell = {}, [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given_ = dict(attributes)
        if tag == "table":
            self._rows = self.tables.setdefault(given_["data-table"], [])
        if tag == "tr":
            self._rows.append([])
        self._in_cell = tag in ("th", "td") or (self._in_cell and tag not in ("tr", "table"))
        if tag in ("th", "td"):
            self._rows[-1].append("")
        self.links += [value for name, value in attributes if name in ("href", "src")]

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self._in_cell = False

    def handle_data(self, data):
        if self._in_cell and self._rows and self._rows[-1]:
            self._rows[-1][-1] += data


def said(percent, bound):
    if percent is None:
        return "–"
    return {"": "", "at_least": "≥ ", "at_most": "≤ "}[bound] + f"{percent}%"


def test_given_published_months_then_every_figure_of_the_page_is_the_strangers():
    centre = busy(6, 4, 500)
    for _ in range(2):  # on into March, so that two months are over
        centre.clock.on(days=20)
        centre.hall.refresh()
    rollups.refresh(centre.store)
    files = publish(centre)
    site = Site(centre.hall.catalogue, files, TEXTS, folder_links(""))
    right = {name: month(centre.log(), name, centre.targets()) for name in ("2026-02", "2026-01")}
    assert all(view["waits"] and view["pauses"] and view["calls_out_of_order"] for view in right.values())
    for language, digits in (("vi", (".", ",")), ("en", (",", "."))):
        tables_ = Tables(site.figures_page(language)).tables
        totals = {f"{name[5:]}/{name[:4]}": view["waits"][0] for name, view in right.items()}
        expected = [
            [name, str(row["visits"]), str(row["wait_median_min"]), str(row["wait_p90_min"])]
            + [said(row["not_served_percent"], row["not_served_bound"])]
            for name, row in totals.items()
        ]
        assert tables_["wait"][1:] == expected
        assert tables_["target"][1:] == [
            [
                name,
                str(row["target_min"]),
                said(row["on_target_percent"], row["on_target_bound"]),
                said(row["within_15_percent"], row["within_15_bound"]),
            ]
            for name, row in totals.items()
        ]
        heads, *rows = tables_["pauses"]
        known = {
            WORDS[language][f"pause_{reason}"]: reason
            for view in right.values()
            for reason in [pause["reason"] for pause in view["pauses"]]
        }
        assert set(heads[1:]) == set(known)
        for cells, view in zip(rows, right.values(), strict=True):
            minutes = {pause["reason"]: pause["minutes"] for pause in view["pauses"]}
            for head, cell in zip(heads[1:], cells[1:], strict=True):
                shown = f"{minutes[known[head]] / 60:.1f}" if known[head] in minutes else "–"
                assert cell == shown.replace(".", digits[1])
        counts = {
            name: {row["reason"]: row["calls_out_of_order"] for row in view["calls_out_of_order"]}
            for name, view in right.items()
        }
        if any(counts.values()):
            heads, *rows = tables_["calls"]
            for cells, (name, view) in zip(rows, right.items(), strict=True):
                assert cells[1] == ("–" if view["calls"] is None else str(view["calls"]))
                by_name = {WORDS[language][f"reason_{reason}"]: str(n) for reason, n in counts[name].items()}
                assert cells[2:] == [by_name.get(head, "–") for head in heads[2:]]
        assert "forecast" not in tables_


def test_given_scored_forecasts_then_the_page_says_how_often_they_were_right():
    centre = busy(11)
    publish(centre, hit_rate=lambda store, first, last: HitRate(412, 500))
    site = Site(centre.hall.catalogue, published_files(centre.store), TEXTS, folder_links(""))
    assert Tables(site.figures_page("vi")).tables["forecast"][1:] == [["01/2026", "82%"]]
    assert centre.store.publication("2026-01-forecast.csv").decode("utf-8-sig").splitlines()[1] == "2026-01,82,"
    few = figures(centre, "2026-01", hit_rate=lambda store, first, last: HitRate(7, 8))
    assert few.forecast[0].hit_percent is None


def test_given_ratings_that_the_centre_wishes_to_show_then_the_page_has_them_with_the_response_rate_and_no_file_has():
    centre = busy(11)
    files = publish(centre)
    month_ratings = MonthRatings("2026-01", coded_share(412, 500), coded_share(500, 2000))
    for ratings, rows in (([month_ratings], [["01/2026", "82%", "25%"]]), ([], None)):
        site = Site(centre.hall.catalogue, published_files(centre.store), TEXTS, folder_links(""), ratings)
        assert Tables(site.figures_page("vi")).tables.get("ratings", [None])[1:] == (rows or [])
        assert ("Đây là đánh giá của riêng trung tâm" in site.figures_page("vi")) is bool(rows)
    assert not [file.name for file in files if b"rated" in file.data or b"rating" in file.data]


def test_given_a_folder_then_publish_writes_pages_and_files_whose_links_all_lead_to_one_of_them(tmp_path, monkeypatch):
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    centre = busy(11, path=data / "hall.db")
    files = publish(centre)
    centre.db.close()
    monkeypatch.setattr(server.os, "nice", lambda _: 0)

    def run():
        return CliRunner().invoke(server.cli, ["publish", str(out), "--data", str(data)])

    assert run().exit_code == 0 == run().exit_code  # again over what is there
    for file in files:
        assert (out / "open-data" / file.name).read_bytes() == file.data
    package = json.loads((out / "open-data/datapackage.json").read_text("utf-8"))
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    for resource in package["resources"]:
        written = (out / "open-data" / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(written).hexdigest()}" and resource["bytes"] == len(written)
        if resource["format"] == "csv":
            head = next(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
            assert head == [field["name"] for field in resource["schema"]["fields"]]
            assert all(field["description"] and field["description_en"] for field in resource["schema"]["fields"])
    for page in ("index.html", "en.html", "open-data/index.html", "open-data/en.html"):
        text = (out / page).read_text("utf-8")
        links = Tables(text).links
        assert links and all(((out / page).parent / link).is_file() for link in links), links
        assert "<script" not in text and "style=" not in text and 'href="/' not in text

    with closing(TestCentre(data / "hall.db", HandClock(datetime(2026, 2, 3, tzinfo=UTC))).db) as db:
        db.execute("UPDATE publication SET data = x'00' WHERE name = '2026-01.json'")
    shutil.rmtree(out)
    changed = run()
    assert changed.exit_code == 1 and "2026-01.json: it is not what was published" in changed.output
    assert not (out / "open-data/2026-01.json").exists()


def test_given_the_command_that_makes_them_then_its_files_are_those_of_the_use_case(tmp_path, monkeypatch):
    centre = busy(11, path=tmp_path / "hall.db")
    expected = files_of(figures(centre, "2026-01"))
    centre.db.close()
    monkeypatch.setattr(server.os, "nice", lambda _: 0)
    done = CliRunner().invoke(server.cli, ["open-data", "--data", str(tmp_path)])
    assert json.loads(done.output) == {"2026-01": {name: data.decode() for name, data in expected.items()}}
