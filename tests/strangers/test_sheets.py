"""Hostile names on their way out of the program: on paper, in a spreadsheet, in the evidence."""

import csv
import io
import json
import zipfile

import openpyxl
import pytest
from msgspec.structs import replace

from hall.calls import call_next
from hall.counters import open_counter
from hall.review import GROUPINGS, parse_range
from hall.settings.change import import_template
from store.hall import SqliteHallStore
from supervisor.export import Book, labels, to_csv, to_evidence, to_xlsx
from tests.paper.centre import PrintingTestCentre
from tests.paper.printer import FakePrinter
from tests.strangers.payloads import FORMULAS, PRINTABLE
from tests.strangers.server import Asker, whole_server


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The figures of a hall whose every name is a formula, in every form."""
    with whole_server(tmp_path_factory.mktemp("centre")) as centre:
        asker = Asker(centre)
        asker.post("supervisor", "settings/hall", {"name": FORMULAS[0], "office": FORMULAS[1]})
        file = asker.get("supervisor", "settings/export").json
        for n, service in enumerate(file["services"]):
            service["names"] = {
                "vi": f"{FORMULAS[n % len(FORMULAS)]} {n}",
                "en": f"{FORMULAS[-1 - n % len(FORMULAS)]} {n}",
            }
        for n, counter in enumerate(file["counters"]):
            counter["name"] = f"{FORMULAS[n % len(FORMULAS)]} {n}"[:30]
        assert asker.post("supervisor", "settings/import", file).status_code == 200
        asker.post("kiosk", "tickets", {"service": "TRA_KQ"})
        clerk = centre.gate.people.add(FORMULAS[1], "clerk", "no hash")
        hall = centre.hall
        hall.run_as_system(
            lambda act: open_counter(act, 5, one_only=True, attended=lambda *_: True), f"user:{clerk.id}"
        )
        hall.run_as_system(lambda act: call_next(act, 5, finish=False, outcome=None), f"user:{clerk.id}")
        day = hall.floor.day.isoformat()
        store = SqliteHallStore(centre.db)
        label = labels(hall.catalogue, centre.gate.name_of)
        words = (centre.texts.words(section)["vi"] for section in ("figures", "report", "charts"))
        yield Book(store, hall.catalogue, *parse_range(day, day), "vi", label, *words)


def cells_of_csv(data):
    """As a spreadsheet may cut it, whatever the reader's country writes between cells."""
    text = data.decode("utf-8-sig")
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            yield from row


def runs(cell):
    return isinstance(cell, str) and cell.lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_given_names_that_are_formulas_then_no_sheet_runs_them(books):
    seen = set()
    for by in GROUPINGS:
        cells = list(cells_of_csv(to_csv(books, by)))
        assert [cell for cell in cells if runs(cell)] == [], by
        seen |= {cell for cell in cells if "1+1" in cell}
    assert len(seen) > 5
    workbook = openpyxl.load_workbook(io.BytesIO(to_xlsx(books)))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert [cell.value for cell in cells if runs(cell.value)] == []
    with zipfile.ZipFile(io.BytesIO(to_evidence(books))) as packed:
        for line in packed.read("events.jsonl").decode().splitlines():
            assert len(json.loads(line)) == 8


@pytest.mark.parametrize("text", [text[:40] for text in PRINTABLE.values()] + ["W" * 40])
def test_given_hostile_names_then_the_printer_gets_a_picture_and_its_own_commands_only(text):
    printer = FakePrinter()
    centre = PrintingTestCentre(f"{printer.address}?profile=epson-80")
    file = centre.hall.catalogue.template
    names = {"vi": text.strip(), "en": f"{text.strip()[:38]} E"}
    file = replace(
        file,
        hall=replace(file.hall, name=text, office=f"{text} O"),
        services=[replace(each, names=names) if each.code == "CHUNG_THUC" else each for each in file.services],
    )
    centre.hall.run_as_system(lambda act: import_template(act, file), "user:1")
    centre.take()
    centre.run()
    assert printer.faults == [] and len(printer.tickets) == 1
    printer.off()
