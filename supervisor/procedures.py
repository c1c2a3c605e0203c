"""Routes of the procedures: as they are, from a sheet with a look at what would change, and as a sheet again."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from subprocess import CalledProcessError
from typing import Annotated

import msgspec

from access.principal import READERS, SUPERVISOR
from access.routes import Reply, Request, Routes
from access.texts import Texts
from hall import sheets
from hall.catalogue.lengths import Line
from hall.catalogue.procedures import ONLINE, Procedure, Procedures
from hall.hall import Hall
from hall.procedure_sheet import COLUMNS, ROWS_MOST, Sheet, headings, read_sheet
from hall.settings import change as settings
from hall.settings.change import Change
from queueing.catalogue import DEFAULT_LANGUAGE, LANGUAGES
from queueing.configuration import key_of
from queueing.errors import SettingRefused, UnknownLanguage
from supervisor.api import RunCommand

FILE_LARGEST = 2 * 2**20  # 450 procedures with all their papers take some 400 KB
BODY_LARGEST = 3 * 2**20  # such a file in base64
XLSX_BEGINS = b"PK"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_NAME = "danh-muc-thu-tuc"
Sentence = Callable[[str, Mapping[str, object]], str]  # of a refusal: its code, and what it names
_WIDTHS = {"name": 48, "name_en": 32, "words": 40, "checklist": 48, "link": 32}  # of the columns, in letters


class ProcedureListView(msgspec.Struct):
    """All procedures of the centre."""

    procedures: tuple[Procedure, ...]


class ProcedureListBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All procedures of the centre from now on; those that are not among them are gone."""

    procedures: Procedures[Procedure]


class SheetBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file as somebody chose it, CSV or XLSX; its content in base64."""

    name: Line
    content: Annotated[bytes, msgspec.Meta(max_length=FILE_LARGEST)]


class FaultView(msgspec.Struct):
    """What is wrong with a row of a sheet; the headings are its row 1."""

    row: int
    column: str
    code: str
    message: str


class NamedView(msgspec.Struct):
    """A procedure by its code and its official name."""

    code: str
    name: str


class ChangedProcedureView(NamedView):
    """A procedure of which some fields differ; the `path` of each is within the procedure."""

    changes: list[Change]


class SheetView(msgspec.Struct):
    """What a sheet holds: how many rows, those that are wrong, what would change, and the procedures from then on."""

    rows: int
    faults: list[FaultView]
    added: list[NamedView]
    changed: list[ChangedProcedureView]
    gone: list[NamedView]
    procedures: tuple[Procedure, ...]


class ProceduresChangedView(msgspec.Struct):
    """`seq` is that of the event, by which the change can be undone; null when nothing differed."""

    seq: int | None


def add_routes(routes: Routes, hall: Hall, texts: Texts, export: RunCommand) -> None:
    """Declare the routes; `export` reads and writes workbooks in a process of its own."""
    words = texts.words("procedures")

    @routes.get("/settings/procedures", roles=READERS, answer=ProcedureListView, summary="All procedures")
    def get_procedures(request: Request[None]) -> ProcedureListView:
        with hall.reading():
            return ProcedureListView(hall.catalogue.template.procedures)

    @routes.post(
        "/settings/procedures",
        roles=(SUPERVISOR,),
        body=ProcedureListBody,
        answer=ProceduresChangedView,
        summary="Replace all procedures by these",
        largest=BODY_LARGEST,
    )
    def post_procedures(request: Request[ProcedureListBody]) -> bytes:
        return hall.execute(
            request.identity,
            lambda act: settings.change_procedures(act, request.body.procedures),
            lambda done: msgspec.json.encode(ProceduresChangedView(done.seq)),
        )

    @routes.post(
        "/settings/procedures/read",
        roles=(SUPERVISOR,),
        body=SheetBody,
        answer=SheetView,
        summary="What a sheet holds, which rows are wrong, and what would change; nothing is changed",
        largest=BODY_LARGEST,
    )
    def post_read(request: Request[SheetBody]) -> SheetView:
        rows = _rows(request.body.content, export)
        with hall.reading():
            sheet = read_sheet(rows, hall.catalogue, words)
            before = hall.catalogue.template.procedures
            plan = settings.planned_procedures(hall, sheet.procedures)
        return _sheet_view(sheet, before, plan, lambda code, given: texts.error(request.language, code, given))

    def sheet_file(request: Request[None], form: str) -> Reply:
        language = request.query.get("language", request.language)
        if language not in LANGUAGES:
            raise UnknownLanguage()
        file = export("procedures", form, "--language", language)
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}.{form}"', "Cache-Control": "no-store"}
        return Reply(file, headers)

    @routes.get(
        "/settings/procedures.csv",
        roles=READERS,
        answer=None,
        summary="All procedures as CSV, to be edited and read again",
        query={"language": "vi or en; the reader's by default"},
        media="text/csv",
    )
    def get_csv(request: Request[None]) -> Reply:
        return sheet_file(request, "csv")

    @routes.get(
        "/settings/procedures.xlsx",
        roles=READERS,
        answer=None,
        summary="All procedures as a workbook, to be edited and read again",
        query={"language": "vi or en; the reader's by default"},
        media=XLSX,
    )
    def get_xlsx(request: Request[None]) -> Reply:
        return sheet_file(request, "xlsx")


def procedures_csv(rows: Sequence[Sequence[str]], words: Mapping[str, str]) -> bytes:
    """Return the table of the procedures as CSV; `words` are those of one language."""
    return sheets.to_csv(headings(words), rows)


def procedures_xlsx(rows: Sequence[Sequence[str]], services: Sequence[str], words: Mapping[str, str]) -> bytes:
    """Return the table of the procedures as a workbook, whose services and levels are picked from lists."""
    import xlsxwriter  # large, and needed for this one file

    memory = io.BytesIO()
    with xlsxwriter.Workbook(
        memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as out:
        head = out.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        cell = out.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet, lists = out.add_worksheet(words["sheet"]), out.add_worksheet(words["lists"])
        for column, (name, heading) in enumerate(zip(COLUMNS, headings(words), strict=True)):
            sheet.write_string(0, column, heading, head)
            sheet.set_column(column, column, _WIDTHS.get(name, 16), cell)
        for at, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(at, column, sheets.neutral(text), cell)
        sheet.freeze_panes(1, 3)
        levels = [words[f"online_{level}"] for level in ONLINE]
        for place, (picked, choices) in enumerate((("service", list(services)), ("online", levels))):
            lists.write_column(0, place, [sheets.neutral(choice) for choice in choices])
            source = f"='{words['lists']}'!${'AB'[place]}$1:${'AB'[place]}${len(choices)}"
            of = COLUMNS.index(picked)
            sheet.data_validation(1, of, ROWS_MOST, of, {"validate": "list", "source": source})
        lists.set_column(0, 1, 40)
    return memory.getvalue()


def _rows(content: bytes, export: RunCommand) -> list[list[str]]:
    """Return the rows of a file; a workbook is read by another process, so that no call waits for it.

    Raises:
        SettingRefused: it is neither a CSV file nor a workbook.
    """
    try:
        if content.startswith(XLSX_BEGINS):
            rows: list[list[str]] = msgspec.json.decode(export("read-workbook", given=content), type=list[list[str]])
            return rows
        return sheets.read_csv(content, ROWS_MOST)
    except (sheets.Unreadable, CalledProcessError) as error:
        raise SettingRefused("setting_sheet", "procedures") from error


def _sheet_view(
    sheet: Sheet,
    before: Iterable[Procedure],
    plan: Iterable[Change],
    sentence: Callable[[str, Mapping[str, object]], str],
) -> SheetView:
    """Return what was read, and the plan sorted into procedures that are new, that differ, and that are gone."""
    names = {key_of("procedures", {"code": one.code}): _named(one) for one in (*before, *sheet.procedures)}
    added: list[NamedView] = []
    gone: list[NamedView] = []
    differing: dict[str, list[Change]] = defaultdict(list)
    for change in plan:
        _, key, *rest = change.path.split(".")
        if rest:
            differing[key].append(Change(".".join(rest), change.old, change.new))
        else:
            (added if change.old is None else gone).append(names[key])
    return SheetView(
        rows=sheet.rows,
        faults=[
            FaultView(fault.row, fault.column, fault.code, sentence(fault.code, fault.params)) for fault in sheet.faults
        ],
        added=added,
        changed=[
            ChangedProcedureView(code=names[key].code, name=names[key].name, changes=fields)
            for key, fields in differing.items()
        ],
        gone=gone,
        procedures=tuple(sheet.procedures),
    )


def _named(procedure: Procedure) -> NamedView:
    return NamedView(procedure.code, procedure.names[DEFAULT_LANGUAGE])
