"""Exported files: the figures of the API to the last digit, no formulas, and the log with valid hashes."""

import csv
import hashlib
import io
import json
import random
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from hall.sheets import neutral
from queueing.events import chained
from supervisor.export import columns

REPORT = json.loads((Path(__file__).parents[2] / "static/text/vi.json").read_text("utf-8"))["report"]
TIMES = ("wait", "walk", "service", "sojourn", "hold")


@pytest.fixture(scope="module")
def day(shared_centre):
    """A morning has passed."""
    kiosk, clerk = shared_centre.token("kiosk"), shared_centre.token("clerk")
    chance = random.Random(5)
    for counter in (1, 2, 5):
        shared_centre.post(f"/api/v1/counters/{counter}/open", token=clerk)
    for _ in range(60):
        body = {"service": chance.choice(("CHUNG_THUC", "TRA_KQ", "HO_TICH")), "priority_class": "ordinary"}
        shared_centre.post("/api/v1/tickets", body, token=kiosk)
        counter = chance.choice((1, 2, 5))
        act = chance.choice(("call-next", "call-next", "start", "finish", "call-again", "no-show"))
        shared_centre.post(f"/api/v1/counters/{counter}/{act}", token=clerk)
    return shared_centre.get("/api/v1/board").json()["day"]


def flat(row):
    """A row of the API as the files write it."""
    found = {name: value for name, value in row.items() if isinstance(value, int)}
    for of in TIMES:
        found |= {f"{of}_{name}": value for name, value in row[of].items()}
    for minutes, share in row["within"].items():
        found |= {f"within_{minutes}_{part}": value for part, value in share.items()}
    return found | {f"on_target_{part}": value for part, value in row["on_target"].items()}


@cache
def inspector(centre):
    """One token for all: issuing one is an event, up to which an open counter's time is counted."""
    return centre.token("inspector")


def ask(centre, path, **query):
    query = "&".join(f"{name}={value}" for name, value in query.items())
    answer = centre.get(f"/api/v1/{path}?{query}", token=inspector(centre), timeout=60)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("by", ["service", "counter", "hour"])
def test_given_figures_then_the_csv_has_the_same(shared_centre, day, by):
    span = {"from": day, "to": day, "by": by}
    page = ask(shared_centre, "statistics", **span).json()
    answer = ask(shared_centre, "statistics.csv", **span)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    want = [(row["key"], named(by, row), flat(row)) for row in page["rows"]]
    assert [(row[by], row["label"]) for row in rows[:-1]] == [(key, label) for key, label, _ in want]
    for row, right in zip(rows, [each for _, _, each in want] + [flat(page["total"])], strict=True):
        assert {name: row[name] for name in right} == {
            name: "" if value is None else str(value) for name, value in right.items()
        }
    assert page["total"]["called"] > 0


def named(by, row):
    """The name in a Vietnamese file: as offices write days, and a weekday in words, for "thứ 6" is Friday."""
    if by == "weekday":
        return ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"][int(row["key"]) - 1]
    if row["key"].startswith("staff"):
        return row["key"].replace("staff", "Cán bộ cấp")
    if by in ("shift", "channel"):
        return REPORT[f"{by}_{row['key']}"]
    return "/".join(reversed(row["key"].split("-"))) if by in ("day", "month") else row["label"]


def test_given_figures_then_the_workbook_has_the_same_and_charts(shared_centre, day):
    span = {"from": day, "to": day}
    data = ask(shared_centre, "statistics.xlsx", **span).content
    book = openpyxl.load_workbook(io.BytesIO(data))
    names = ["service", "counter", "clerk", "hour", "weekday", "day", "month", "class", "kiosk", "kiosk_hour"]
    names += ["shift", "channel"]
    for by, sheet in zip(names, book.worksheets, strict=False):
        page = ask(shared_centre, "statistics", **span, by=by).json()
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)][: len(page["rows"]) + 1]
        right = [*map(flat, page["rows"]), flat(page["total"])]
        for row, figures in zip(rows, right, strict=True):
            assert row[2:] == [figures[name] for name in columns()]
        assert [row[0] or "" for row in rows] == [*(row["key"] for row in page["rows"]), "total"]
        assert [row[1] or "" for row in rows[:-1]] == [named(by, row) for row in page["rows"]]
    page = ask(shared_centre, "statistics/overview", **span).json()
    rows = [[cell.value for cell in row] for row in book.worksheets[12].iter_rows(min_row=4)]
    assert [row[2:6] for row in rows] == [
        [one["serving_s"], one["calling_s"], one["idle_s"], one["open_s"]] for one in page["counters"]
    ]
    assert event_rows(book) == event_figures(shared_centre, span)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        charts = [name for name in packed.namelist() if name.startswith("xl/charts/chart")]
        formulas = [name for name in packed.namelist() if b"<f>" in packed.read(name) and "worksheets" in name]
    assert len(charts) >= 3 and formulas == []


def event_rows(book):
    """The figures in the sheets that are read from events, without names and times of day."""
    sheets = [[[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)] for sheet in book.worksheets[14:]]
    slips, early, queues, staffed, incidents = sheets
    return (
        [row[1:7] for row in slips],
        [row[4] for row in early],
        [row[2] for row in queues],
        [row[3:7] for row in staffed],
        [row[4] for row in incidents],
    )


def event_figures(centre, span):
    """The same as the API has them."""
    slips, early, queues, staffed, incidents = (
        ask(centre, f"statistics/{name}", **span).json()
        for name in ("slips", "early", "queues", "staffed", "incidents")
    )
    of_slips = ("issued", "passed", "slips", "p99", "most")
    return (
        [[*(row[name] for name in of_slips), sum(row["structural"].values())] for row in slips["days"]],
        [row["times"] for row in early["rows"]],
        [row["most"] for row in queues["rows"]],
        [[row[name] for name in ("serving_s", "calling_s", "idle_s", "open_s")] for row in staffed["rows"]],
        [row["seconds"] for row in incidents["rows"]],
    )


def test_given_names_of_the_hall_own_then_the_files_call_the_classes_by_them(shared_centre, day):
    chief, span = shared_centre.token("supervisor"), {"from": day, "to": day}
    shared_centre.post(
        "/api/v1/tickets", {"service": "CHUNG_THUC", "priority_class": "urgent"}, token=shared_centre.token("greeter")
    )
    policy = shared_centre.get("/api/v1/settings/export", token=chief).json()["policy"]
    heavy = {"names": {"vi": "Khuyết tật nặng", "en": "Severe disability"}, "icon": "disabled"}
    wanted = policy | {"classes": policy["classes"] | {"urgent": heavy}}
    assert shared_centre.post("/api/v1/settings/policy", wanted, token=chief).ok
    for language, names in (("vi", ["Thường", "Khuyết tật nặng"]), ("en", ["Ordinary", "Severe disability"])):
        accepted = {"Accept-Language": language}
        answer = shared_centre.get(
            f"/api/v1/statistics?from={day}&to={day}&by=class", token=chief, headers=accepted
        ).json()["rows"]
        assert [row["label"] for row in answer] == names
        book = openpyxl.load_workbook(
            io.BytesIO(ask(shared_centre, "statistics.xlsx", **span, language=language).content)
        )
        sheet = [[cell.value for cell in row] for row in book.worksheets[7].iter_rows(min_row=4, max_row=5)]
        assert [(row[0], row[1]) for row in sheet] == list(zip(["ordinary", "urgent"], names, strict=True))
        text = ask(shared_centre, "statistics.csv", **span, by="class", language=language).content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))[:-1]
        assert [(row["class"], row["label"]) for row in rows] == list(zip(["ordinary", "urgent"], names, strict=True))


def test_given_an_inspection_then_the_log_it_gets_proves_itself(shared_centre, day):
    data = ask(shared_centre, "evidence.zip", **{"from": day, "to": day}).content
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    sums = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = json.loads(files["manifest.json"])
    before, seq = manifest["hash_before"], manifest["first_seq"]
    for line in files["events.jsonl"].decode().splitlines():
        *event, digest = json.loads(line)
        assert event[0] == seq
        assert chained(before, *event) == digest
        before, seq = digest, seq + 1
    assert seq == manifest["last_seq"] + 1 > 50


def test_given_a_language_in_the_address_then_the_file_has_it_whatever_the_browser_prefers(shared_centre, day):
    span = {"from": day, "to": day}
    for language, word in (("vi", "Lĩnh vực"), ("en", "Service")):
        book = openpyxl.load_workbook(
            io.BytesIO(ask(shared_centre, "statistics.xlsx", **span, language=language).content)
        )
        assert book.worksheets[0]["A3"].value == word
    path = f"/api/v1/statistics.xlsx?from={day}&to={day}&language=fr"
    refused = shared_centre.get(path, token=shared_centre.token("inspector"))
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_language")


@pytest.mark.parametrize("path", ["statistics.csv", "statistics.xlsx", "evidence.zip", "statistics/overview"])
def test_given_a_clerk_or_days_that_are_none_then_no_file_is_made(shared_centre, path):
    refused = shared_centre.get(f"/api/v1/{path}?from=2026-01-01&to=2026-01-01", token=shared_centre.token("clerk"))
    assert refused.status_code == 403
    refused = shared_centre.get(f"/api/v1/{path}?from=x&to=y", token=shared_centre.token("inspector"))
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_range")


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1"])
def test_given_a_text_that_a_spreadsheet_would_run_then_it_is_kept_from_it(text):
    assert neutral(text) == f"'{text}"
    assert neutral(f"a{text}") == f"a{text}"
    assert neutral(f"a; b;{text}") == f"a; b;'{text}"


def test_given_figures_by_clerk_switched_off_then_every_route_leaves_them_out_until_it_is_undone(shared_centre, day):
    chief, span = shared_centre.token("supervisor"), {"from": day, "to": day}

    def by_clerk():
        paths = [f"/api/v1/{route}?from={day}&to={day}&by=clerk" for route in ("statistics", "statistics.csv")]
        got = [shared_centre.get(path, token=chief, timeout=60) for path in paths]
        return [(each.status_code, each.json()["code"] if each.status_code != 200 else None) for each in got]

    def files():
        sheets = openpyxl.load_workbook(io.BytesIO(ask(shared_centre, "statistics.xlsx", **span).content)).sheetnames
        with zipfile.ZipFile(io.BytesIO(ask(shared_centre, "evidence.zip", **span).content)) as packed:
            return sheets, packed.namelist()

    with_clerks = files()
    seq = shared_centre.post("/api/v1/settings/hall", {"clerk_figures": False}, token=chief).json()["seq"]
    assert by_clerk() == [(409, "clerk_figures_off")] * 2
    assert shared_centre.get("/api/v1/hall").json()["clerk_figures"] is False
    assert [len(before) - len(after) for before, after in zip(with_clerks, files(), strict=True)] == [1, 1]
    assert "statistics-clerk.csv" not in files()[1]
    shared_centre.post("/api/v1/settings/undo", {"seq": seq}, token=chief)
    assert by_clerk() == [(200, None)] * 2


def test_given_an_export_under_way_then_the_hall_answers_meanwhile(shared_centre, day):
    inspector, meanwhile = shared_centre.token("inspector"), []
    path = f"/api/v1/evidence.zip?from={day}&to={day}"
    with ThreadPoolExecutor(1) as pool:
        export = pool.submit(shared_centre.get, path, token=inspector, timeout=120)
        while not export.done():
            began = time.perf_counter()
            assert shared_centre.get("/health").status_code == 200
            meanwhile.append(time.perf_counter() - began)
    assert export.result().status_code == 200
    # The last answer may have come after the file; more than one shows that the loop was free.
    assert len(meanwhile) > 1
    print(f"{len(meanwhile)} answers during an export, the slowest after {max(meanwhile) * 1000:.0f} ms")


def test_given_a_key_held_down_on_an_export_then_two_are_made_at_a_time_and_all_come(shared_centre, day):
    children = Path(f"/proc/{shared_centre.process.pid}/task/{shared_centre.process.pid}/children")
    most, token = 0, shared_centre.token("inspector")

    def export(_):
        address = f"/api/v1/statistics.csv?from={day}&to={day}"
        return shared_centre.get(address, token=token, timeout=120).status_code

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(export, n) for n in range(8)]
        while not all(each.done() for each in asked):
            # A rollup or a backup may be at work beside them.
            most = max(most, len(children.read_text().split()))
            time.sleep(0.01)
    assert [each.result() for each in asked] == [200] * 8
    assert 0 < most <= 2 + 2
