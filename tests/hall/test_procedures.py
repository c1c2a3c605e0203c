"""The procedures: read from a table with every bad row named, changed whole, undone, and nothing of it lost."""

import io

import openpyxl
import pytest
from msgspec.structs import replace

from access.texts import Texts
from hall.arrivals import take_ticket
from hall.options import HallOptions
from hall.printing import slip_of, take_over
from hall.procedure_sheet import headings, read_sheet, sheet_rows
from hall.settings import change as settings
from hall.sheets import Unreadable, read_csv, read_xlsx
from hall.verify import verify
from hall.views.hall import hall_view
from hall.views.procedures import procedures_view
from paper.ticket import draw_ticket
from queueing.errors import SettingRefused
from supervisor.procedures import procedures_csv, procedures_xlsx
from tests.hall.centre import TestCentre
from tests.procedures import STARTER, VI, WORDS, as_csv, many_rows, starter_rows

CHIEF = "user:9"
NAME, CODE, SERVICE = (list(starter_rows()[0]).index(VI[f"column_{column}"]) for column in ("name", "code", "service"))
ONLINE, LINK, TO_CHECK = (
    list(starter_rows()[0]).index(VI[f"column_{each}"]) for each in ("online", "link", "to_check")
)


def read(centre, rows):
    return read_sheet(rows, centre.hall.catalogue, WORDS)


def apply(centre, procedures):
    return centre.hall.run_as_system(lambda act: settings.change_procedures(act, procedures), CHIEF)


def codes(centre):
    return {procedure.code for procedure in centre.hall.catalogue.template.procedures}


BAD = {  # column -> value, and what is wrong with it
    CODE: ("1.00 1193", "code", "setting_procedure_code"),
    NAME: ("", "name", "setting_empty"),
    SERVICE: ("Phòng chờ", "service", "setting_unknown_service"),
    ONLINE: ("hơi hơi", "online", "setting_choice"),
    LINK: ("dichvucong.gov.vn", "link", "setting_link"),
    TO_CHECK: ("chắc là có", "to_check", "setting_choice"),
}


def test_given_450_rows_with_20_bad_ones_when_read_then_each_is_named_and_the_others_come_in(centre):
    rows = many_rows(450)
    columns = list(BAD)
    wrong = {}
    for n in range(20):
        at, column = 7 + 20 * n, columns[n % len(columns)]
        rows[at][column], *expected = BAD[column]
        wrong[at + 1] = expected  # the headings are row 1
    sheet = read(centre, rows)
    assert {fault.row: [fault.column, fault.code] for fault in sheet.faults} == wrong
    assert sheet.rows == 450
    assert len(sheet.procedures) == 430
    changed = apply(centre, sheet.procedures)
    assert len(changed.changes) == len(codes(centre)) == 430
    assert verify(centre.store).clean


def test_given_the_table_that_was_taken_out_when_read_again_then_nothing_differs(centre):
    apply(centre, read(centre, many_rows()).procedures)
    catalogue = centre.hall.catalogue
    for language, words in WORDS.items():
        rows = sheet_rows(catalogue.template.procedures, catalogue.services, words)
        book = procedures_xlsx(rows, [service.names["vi"] for service in catalogue.services.values()], words)
        for again in (read_csv(procedures_csv(rows, words), 1000), read_xlsx(book, 1000)):
            sheet = read(centre, again)
            assert (sheet.rows, list(sheet.faults)) == (450, []), language
            assert settings.planned_procedures(centre.hall, sheet.procedures) == []


def test_given_a_text_that_looks_like_a_formula_then_no_table_runs_it_and_it_comes_back_as_it_was(centre):
    rows = many_rows(90)
    rows[1][NAME], rows[1][4] = "=1+1", "+84; -x y"
    procedures = read(centre, rows).procedures
    written = sheet_rows(procedures, centre.hall.catalogue.services, VI)
    data = procedures_csv(written, VI)
    assert b"'=1+1" in data
    back = {each.code: each for each in read(centre, read_csv(data, 1000)).procedures}
    assert back == {each.code: each for each in procedures}


def test_given_another_table_when_applied_then_new_changed_and_gone_are_listed_and_undone(centre):
    apply(centre, read(centre, many_rows(100)).procedures)
    before = centre.hall.catalogue.template
    rows = many_rows(101)
    rows[1][NAME] = "Khai sinh"
    del rows[2]
    plan = settings.planned_procedures(centre.hall, read(centre, rows).procedures)
    planned = {change.path: (change.old is None, change.new is None) for change in plan}
    first, second = many_rows()[1:3]
    last = rows[-1][CODE].replace(".", "_")
    assert planned == {
        f"procedures.{first[CODE]}.names.vi": (False, False),
        f"procedures.{second[CODE]}": (False, True),
        f"procedures.{last}": (True, False),
    }
    changed = apply(centre, read(centre, rows).procedures)
    assert codes(centre) == {row[CODE] for row in rows[1:]}
    centre.hall.run_as_system(lambda act: settings.undo(act, changed.seq), CHIEF)
    assert centre.hall.catalogue.template == before
    centre.hall.reload()
    assert centre.hall.catalogue.template == before
    assert verify(centre.store).clean


def test_given_a_bad_row_of_a_known_procedure_then_it_stays_as_it_is(centre):
    apply(centre, read(centre, many_rows(100)).procedures)
    rows = many_rows(100)
    rows[3][NAME] = ""
    sheet = read(centre, rows)
    assert [fault.row for fault in sheet.faults] == [4]
    assert settings.planned_procedures(centre.hall, sheet.procedures) == []


def test_given_a_code_twice_then_the_second_row_is_named(centre):
    rows = many_rows(90)
    rows.append(list(rows[5]))
    (fault,) = read(centre, rows).faults
    assert (fault.row, fault.column, fault.code) == (92, "code", "setting_code_twice")


@pytest.mark.parametrize("heads", ["vi", "en", "keys", "shouted"])
def test_given_headings_in_any_language_then_the_table_is_read(centre, heads):
    given = {"vi": headings(VI), "en": headings(WORDS["en"])}
    given["keys"] = [
        "code",
        "field",
        "name",
        "name_en",
        "words",
        "service",
        "online",
        "checklist",
        "fee",
        "time",
        "link",
    ]
    given["shouted"] = ["MA THU TUC", "LINH VUC", "TEN THU TUC *", "", "", "DICH VU"]
    row = ["1.001193", "Hộ tịch", "Đăng ký khai sinh", "", "", "ho tich", "", "", "", "", "", ""]
    if heads == "keys":
        row[6], row[7] = "full", "- Giấy chứng sinh; - Căn cước\r\n"
    sheet = read(centre, [[], given[heads], [], row])
    (procedure,) = sheet.procedures
    assert (sheet.rows, procedure.service, procedure.names) == (1, "HO_TICH", {"vi": "Đăng ký khai sinh"})
    if heads == "keys":
        assert (procedure.online, procedure.checklist) == ("full", ("Giấy chứng sinh", "Căn cước"))


def test_given_a_column_that_is_missing_then_it_is_named(centre):
    with pytest.raises(SettingRefused) as refused:
        read(centre, [["Mã thủ tục", "Tên thủ tục"], ["1", "Khai sinh"]])
    assert refused.value.code == "setting_sheet_headings"
    assert refused.value.params["headings"] == "Lĩnh vực, Dịch vụ"
    with pytest.raises(SettingRefused):
        read(centre, [])


def test_given_csv_of_any_excel_then_it_is_read_and_anything_else_is_refused():
    rows = many_rows(100)
    assert read_csv(as_csv(rows, ";"), 1000) == read_csv(as_csv(rows), 1000) == rows
    assert read_csv(as_csv(rows, "\t").decode("utf-8-sig").encode("utf-16"), 1000) == rows
    assert len(read_csv(as_csv(rows), 10)) == 10
    for wrong in ("Đăng ký".encode("cp1258", "ignore") + b"\xff\xc0", b'a,b\n"never closed'):
        with pytest.raises(Unreadable):
            read_csv(wrong, 10)


def test_given_a_workbook_of_excel_then_numbers_and_empty_cells_are_texts_and_no_workbook_is_refused():
    book, memory = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Mã thủ tục", None, 1001.0, 2.5])
    book.save(memory)
    (row,) = read_xlsx(memory.getvalue(), 10)
    assert row[:5] == ["Mã thủ tục", "", "1001", "2.5", ""]
    for wrong in (b"PK\x03\x04 no zip", memory.getvalue()[:-200], as_csv([["a"]])):
        with pytest.raises(Unreadable):
            read_xlsx(wrong, 10)


def test_given_the_starter_catalogue_then_a_new_centre_takes_it_whole_and_every_row_is_to_be_checked(centre):
    sheet = read(centre, read_csv(STARTER, 1000))
    assert not sheet.faults
    assert sheet.rows == len(sheet.procedures) >= 80
    assert all(procedure.to_check for procedure in sheet.procedures)
    assert all(procedure.words for procedure in sheet.procedures)


def test_given_a_procedure_to_be_checked_then_it_is_found_and_nothing_is_said_about_it(centre):
    assert hall_view(centre.hall, None).procedures is None
    (one,) = read(centre, [*many_rows()[:1], many_rows()[-1]]).procedures
    apply(centre, [replace(one, to_check=True)])
    version = hall_view(centre.hall, None).procedures
    (shown,) = procedures_view(centre.hall).procedures
    assert (shown.names, shown.words) == (dict(one.names), one.words)
    assert (shown.online, shown.checklist, shown.fee, shown.time, shown.link) == (None, (), "", "", "")
    apply(centre, [one])
    (shown,) = procedures_view(centre.hall).procedures
    assert (shown.online, shown.checklist, shown.fee) == ("partial", one.checklist, "8.000 đồng")
    assert hall_view(centre.hall, None).procedures not in (None, version)


def test_given_a_whole_configuration_that_is_imported_then_the_procedures_stay(centre):
    apply(centre, read(centre, many_rows(100)).procedures)
    file = settings.for_others(centre.hall.catalogue.template)
    assert file.procedures == ()
    assert settings.planned(centre.hall, file) == []
    services = tuple(service for service in file.services if service.code != "KT_HT")
    counters = tuple(
        replace(counter, services=tuple(code for code in counter.services if code != "KT_HT"))
        for counter in file.counters
    )
    centre.hall.run_as_system(
        lambda act: settings.import_template(act, replace(file, services=services, counters=counters)), CHIEF
    )
    left = {procedure.service for procedure in centre.hall.catalogue.template.procedures}
    assert left == {"HO_TICH", "CHUNG_THUC", "DAT_DAI", "CHINH_SACH", "HUONG_DAN", "DVC_TT", "TRA_KQ"}
    assert verify(centre.store).clean


def test_given_somebody_who_asks_for_the_list_then_it_is_on_the_paper_and_its_copies_and_in_no_event():
    centre = TestCentre(options=HallOptions(printer_names=lambda _: ("main",)))
    (one,) = read(centre, [*many_rows()[:1], many_rows()[-1]]).procedures
    apply(centre, [one])

    def take(papers_of):
        issued = centre.hall.run_as_system(
            lambda act: take_ticket(act, one.service, "ordinary", "vi", papers_of=papers_of), "device:1"
        )
        return centre.store.last_print(issued.ticket.ref)

    def papers(job):
        return slip_of(centre.hall, job.ref, False, None, job.procedure).papers

    job = take(one.code)
    assert papers(job) == one.checklist
    copy = centre.hall.run_as_system(lambda act: take_over(act, job), "device:1")
    assert papers(copy) == papers(centre.store.last_print(job.ref)) == one.checklist
    assert papers(take(None)) == papers(take("9.999")) == ()
    assert one.code not in str([event.data for event in centre.store.events(0) if event.ref is not None])
    with_list, without = (
        slip_of(centre.hall, job.ref, False, None, one.code),
        slip_of(centre.hall, job.ref, False, None),
    )
    tall, low = (draw_ticket(slip, Texts().words("paper")["vi"], 576).height for slip in (with_list, without))
    assert tall > low
    apply(centre, [replace(one, to_check=True)])
    assert papers(job) == ()
