"""The public page of the past and the page of the open data, as HTML that works without a script, also from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from hall.public_months import (
    COLUMNS,
    SCHEMA_VERSION,
    ForecastRow,
    MonthFigures,
    WaitsRow,
    columns_of,
    csv_name,
)
from hall.public_ratings import MonthRatings
from hall.publishing import PublishedFile
from open_data import charts
from queueing.catalogue import LANGUAGES
from queueing.sentences import fill
from queueing.small_cells import AT_LEAST, AT_MOST

SHOWN = 6  # months of a table; earlier ones stand folded below it
FILES_SHOWN = 3  # months on the page of the open data; earlier ones are folded by year
FORECAST_AIM = 80  # per cent, what the forecast is calibrated to

Words = Mapping[str, Mapping[str, str]]  # section -> key -> text, of one language


@dataclass(frozen=True, slots=True)
class Links:
    """Where a page finds the others: addresses of the centre, or relative ones in a folder of files."""

    root: str  # before "static/"
    figures: Mapping[str, str]  # language -> the page of the past
    data: Mapping[str, str]  # language -> the page of the open data
    files: str  # before the name of a file
    now: str | None  # the page of the present; None: there is none beside


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a page is for: the language with its words, and the centre's names and rule in it."""

    language: str
    words: Words
    centre: str
    office: str
    rule: str

    def t(self, key: str, **params: object) -> str:
        """Return a text of the section `public` with its places filled, as HTML."""
        return escape(fill(self.words["public"][key], params))

    def number(self, n: float | None, digits: int = 0) -> str:
        """Return a number as it is written in this language."""
        if n is None:
            return self.words["public"]["no_figure"]
        text = f"{n:,.{digits}f}"
        return text if self.language != "vi" else text.replace(",", " ").replace(".", ",").replace(" ", ".")

    def percent(self, percent: int | None, bound: str) -> str:
        """Return a share as it may be shown: exact, or as a bound."""
        if percent is None:
            return self.words["public"]["no_figure"]
        key = {AT_LEAST: "more_than", AT_MOST: "less_than"}.get(bound, "percent")
        return fill(self.words["public"][key], {"percent": percent})


def month_name(month: str) -> str:
    """Return a month as both languages write it: "01/2026"."""
    return f"{month[5:]}/{month[:4]}"


def figures_page(
    reader: Reader,
    months: Sequence[MonthFigures],
    changed: Sequence[str],
    links: Links,
    hotline: str = "",
    ratings: Sequence[MonthRatings] = (),
) -> str:
    """Return the page of the past.

    `months` and `ratings` in order; `changed` are files that no longer fit their hash.
    """
    t = reader.t
    totals = [(figures, figures.waits[0]) for figures in months if figures.waits]
    parts = [f'<p class="notice">{t("changed", name=name)}</p>' for name in changed]
    if totals:
        parts += [_cards(reader, *totals[-1]), _wait(reader, totals), _target(reader, totals)]
        parts.append(_forecast(reader, [figures for figures in months if figures.forecast]))
        parts += [_ratings(reader, ratings), _calls(reader, months), _pauses(reader, months)]
    else:
        parts.append(f'<p class="lead">{t("none")}</p>')
    parts.append(
        f'<div class="two"><section><h2>{t("rule")}</h2><p>{escape(reader.rule)}</p></section>'
        f"<section><h2>{t('open_data')}</h2><p>{t('open_data_lead')}</p>"
        f'<p><a href="{escape(links.data[reader.language])}">{t("open_data_link")}</a></p></section></div>'
    )
    meant = ("wait", "median", "p90", "on_target", "out_of_order", "paused_time")
    figures_words = reader.words["figures"]
    parts.append(
        f'<details class="meanings"><summary>{t("meanings")}</summary><dl>'
        + "".join(
            f"<dt>{escape(figures_words[name])}</dt><dd>{escape(figures_words[f'{name}_means'])}</dd>" for name in meant
        )
        + f"</dl><p>{t('suppressed')}</p></details>"
    )
    now = "" if links.now is None else f'<p><a href="{escape(links.now)}">{t("now")}</a></p>'
    head = f"<h1>{t('title')}</h1>{now}"
    lead = f'<p class="lead">{t("lead")}</p>'
    return _page(reader, links, links.figures, t("page_title", centre=reader.centre), head, [lead, *parts], hotline)


def data_page(reader: Reader, files: Sequence[PublishedFile], links: Links, hotline: str = "") -> str:
    """Return the page of the open data: its files, the meaning of each column, and how people are protected."""
    t, names = reader.t, {file.name for file in files}
    known = [table for table in COLUMNS if any(csv_name(file.month, table) in names for file in files)]
    head = f'<h1>{t("data_title")}</h1><p><a href="{escape(links.figures[reader.language])}">{t("data_back")}</a></p>'
    parts = [
        f'<p class="lead">{t("data_lead", centre=f"{reader.centre}, {reader.office}", version=SCHEMA_VERSION)}</p>',
        f'<p><a href="{escape(links.files)}datapackage.json">{t("data_package")}</a></p>',
        *(f'<p class="notice">{t("changed", name=file.name)}</p>' for file in files if file.data is None),
        f"<section><h2>{t('data_files')}</h2>{_files(reader, files, links)}<p>{t('data_check')}</p></section>",
        f"<section><h2>{t('data_privacy')}</h2><p>{t('data_privacy_text')}</p></section>",
        f"<section><h2>{t('data_columns')}</h2>{''.join(_columns(reader, table) for table in known)}</section>",
    ]
    return _page(reader, links, links.data, t("data_page_title", centre=reader.centre), head, parts, hotline)


def _page(
    reader: Reader,
    links: Links,
    addresses: Mapping[str, str],
    title: str,
    head: str,
    parts: Sequence[str],
    hotline: str,
) -> str:
    others = "".join(
        f'<a href="{escape(addresses[code])}" lang="{code}" hreflang="{code}">{escape(language.name)}</a>'
        for code, language in LANGUAGES.items()
        if code != reader.language
    )
    root = escape(links.root)
    return f"""<!doctype html>
<html lang="{reader.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{root}static/icons/app.svg" type="image/svg+xml">
<link rel="stylesheet" href="{root}static/base.css">
<link rel="stylesheet" href="{root}static/open_data/public.css">
</head>
<body>
<header class="public-head"><p>{escape(reader.centre)} {escape(reader.office.removeprefix("UBND "))}</p>
<p>{escape(hotline)}</p><p>{others}</p></header>
<main class="public">
<div class="public-title">{head}</div>
{"".join(part for part in parts if part)}
</main>
</body>
</html>
"""


def _cards(reader: Reader, figures: MonthFigures, total: WaitsRow) -> str:
    t, unit = reader.t, f"<span>{reader.t('minute_unit')}</span>"
    minutes = [
        (t("card_median"), f"<b>{reader.number(total.wait_median_min)}</b>{unit}"),
        (t("card_p90"), f"<b>{reader.number(total.wait_p90_min)}</b>{unit}"),
    ]
    share = reader.percent(total.on_target_percent, total.on_target_bound)
    cards = [*minutes, (t("card_target", minutes=total.target_min), f"<b>{share}</b>")]
    foot = f"{t('in_month', month=month_name(figures.month))} · {t('visits', n=reader.number(total.visits))}"
    shown = "".join(f"<div><dt>{name}</dt><dd>{figure}</dd><dd>{foot}</dd></div>" for name, figure in cards)
    return f'<dl class="public-cards">{shown}</dl>'


Totals = Sequence[tuple[MonthFigures, WaitsRow]]


def _wait(reader: Reader, totals: Totals) -> str:
    t, rows = reader.t, [row for _, row in totals]
    figures, last = totals[-1]
    lines = [
        charts.Line([row.wait_median_min for row in rows], "median", reader.words["public"]["median"]),
        charts.Line([row.wait_p90_min for row in rows], "p90", reader.words["public"]["p90"]),
    ]
    says = t("wait_picture", month=month_name(figures.month), median=last.wait_median_min, p90=last.wait_p90_min)
    columns = [t("visits_column"), t("median_column"), t("p90_column"), t("away_column")]
    table = _table(
        reader,
        "wait",
        columns,
        [
            (
                figures.month,
                [
                    reader.number(row.visits),
                    reader.number(row.wait_median_min),
                    reader.number(row.wait_p90_min),
                    reader.percent(row.not_served_percent, row.not_served_bound),
                ],
            )
            for figures, row in totals
        ],
    )
    return _section(t("wait"), "wait", charts.line_picture(_short_names(totals), lines, says), table)


def _target(reader: Reader, totals: Totals) -> str:
    t, (figures, last) = reader.t, totals[-1]
    percent = reader.percent(last.on_target_percent, last.on_target_bound)
    says = t("target_picture", minutes=last.target_min, month=month_name(figures.month), percent=percent)
    columns = [t("target_minutes"), t("target_column"), t("within_column")]
    table = _table(
        reader,
        "target",
        columns,
        [
            (
                figures.month,
                [
                    reader.number(row.target_min),
                    reader.percent(row.on_target_percent, row.on_target_bound),
                    reader.percent(row.within_15_percent, row.within_15_bound),
                ],
            )
            for figures, row in totals
        ],
    )
    picture = charts.bar_picture(_short_names(totals), [row.on_target_percent for _, row in totals], says)
    return _section(t("target"), "target", picture, table)


def _forecast(reader: Reader, months: Sequence[MonthFigures]) -> str:
    """Return the section of the forecast; nothing before a month has scored ones."""
    if not months:
        return ""
    t, rows = reader.t, [(figures, figures.forecast[0]) for figures in months]
    figures, last = rows[-1]
    says = t("forecast_picture", month=month_name(figures.month), percent=reader.percent(*_hit(last)))
    names = [f"{figures.month[5:]}/{figures.month[2:4]}" for figures in months]
    picture = charts.bar_picture(names, [row.hit_percent for _, row in rows], says, aim=FORECAST_AIM)
    cells = [(figures.month, [reader.percent(*_hit(row))]) for figures, row in rows]
    table = _table(reader, "forecast", [t("forecast_column")], cells)
    return _section(t("forecast"), "forecast", f"<p>{t('forecast_means')}</p>{picture}", table)


def _ratings(reader: Reader, months: Sequence[MonthRatings]) -> str:
    """Return the section of the hall's own ratings, each month with its response rate; nothing without any."""
    if not months:
        return ""
    t = reader.t
    cells = [(row.month, [reader.percent(*row.satisfied), reader.percent(*row.response)]) for row in months]
    table = _table(reader, "ratings", [t("ratings_column"), t("ratings_response")], cells)
    return _section(t("ratings"), "ratings", f"<p>{t('ratings_means')}</p>", table)


def _hit(row: ForecastRow) -> tuple[int | None, str]:
    return row.hit_percent, row.hit_bound


def _calls(reader: Reader, months: Sequence[MonthFigures]) -> str:
    t = reader.t
    names, counts = _by_reason(
        reader,
        months,
        lambda figures: {
            row.reason: (row.names[reader.language], row.calls_out_of_order) for row in figures.calls_out_of_order
        },
    )
    if not names:
        return ""
    picture = charts.small_bars(
        [f"{figures.month[5:]}/{figures.month[2:4]}" for figures in months],
        [(names[reason], counts[reason], reader.number(counts[reason][-1])) for reason in names],
        t("calls_picture"),
    )
    cells = [
        (figures.month, [reader.number(figures.calls), *(reader.number(counts[reason][n]) for reason in names)])
        for n, figures in enumerate(months)
    ]
    table = _table(reader, "calls", [t("all_calls"), *map(escape, names.values())], cells)
    lead = f"<p>{t('last_month', month=month_name(months[-1].month))}</p>"
    return _section(t("calls"), "calls", lead + picture, table)


def _pauses(reader: Reader, months: Sequence[MonthFigures]) -> str:
    t = reader.t
    names, minutes = _by_reason(
        reader,
        months,
        lambda figures: {row.reason: (row.names[reader.language], row.minutes) for row in figures.pauses},
    )
    if not names:
        return ""

    def hours(spent: float | None) -> str:
        return reader.number(None if spent is None else spent / 60, 1)

    picture = charts.small_bars(
        [f"{figures.month[5:]}/{figures.month[2:4]}" for figures in months],
        [(names[reason], minutes[reason], hours(minutes[reason][-1])) for reason in names],
        t("pauses_picture"),
    )
    cells = [(figures.month, [hours(minutes[reason][n]) for reason in names]) for n, figures in enumerate(months)]
    table = _table(reader, "pauses", list(map(escape, names.values())), cells)
    lead = f"<p>{t('pauses_unit')} · {t('last_month', month=month_name(months[-1].month))}</p>"
    return _section(t("pauses"), "pauses", lead + picture, table)


def _by_reason(
    reader: Reader, months: Sequence[MonthFigures], of: Callable[[MonthFigures], Mapping[str, tuple[str, int]]]
) -> tuple[dict[str, str], dict[str, list[float | None]]]:
    """Return the name of each reason, those of most first, and its figure in every month; None where it has none."""
    rows = [of(figures) for figures in months]
    sums: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in rows:
        for reason, (name, figure) in row.items():
            sums[reason], names[reason] = sums.get(reason, 0) + figure, name
    order = sorted(sums, key=lambda reason: (-sums[reason], reason))
    values: dict[str, list[float | None]] = {
        reason: [row[reason][1] if reason in row else None for row in rows] for reason in order
    }
    return {reason: names[reason] for reason in order}, values


def _short_names(totals: Totals) -> list[str]:
    return [f"{figures.month[5:]}/{figures.month[2:4]}" for figures, _ in totals]


def _section(title: str, name: str, picture: str, table: str) -> str:
    # The picture beside its table where there is room, if the table is narrow.
    style = "beside" if name in ("wait", "target", "forecast", "ratings") else "below"
    return (
        f'<section class="{style}" aria-labelledby="{name}"><h2 id="{name}">{title}</h2>'
        f"<div>{picture}</div><div>{table}</div></section>"
    )


def _table(reader: Reader, name: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return the table of a picture, the newest month first; earlier months than SHOWN stand folded below."""
    newest = list(reversed(rows))
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)

    def table(some: Sequence[tuple[str, Sequence[str]]]) -> str:
        body = "".join(
            f'<tr data-month="{month}"><th scope="row">{month_name(month)}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for month, cells in some
        )
        return (
            f'<div class="public-scroll" tabindex="0" role="group" aria-labelledby="{name}"><table data-table="{name}">'
            f'<thead><tr><th scope="col">{reader.t("month")}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        )

    older = newest[SHOWN:]
    folded = f"<details><summary>{reader.t('older')}</summary>{table(older)}</details>" if older else ""
    return table(newest[:SHOWN]) + folded


def _files(reader: Reader, files: Sequence[PublishedFile], links: Links) -> str:
    """Return the tables of the files, the newest months first; the others folded by year."""
    months = sorted({file.month for file in files}, reverse=True)
    newest, older = months[:FILES_SHOWN], months[FILES_SHOWN:]
    parts = [_files_of(reader, [file for file in files if file.month in newest], links)]
    for year in sorted({month[:4] for month in older}, reverse=True):
        some = [file for file in files if file.month in older and file.month.startswith(year)]
        parts.append(f"<details><summary>{year}</summary>{_files_of(reader, some, links)}</details>")
    return "".join(parts)


def _files_of(reader: Reader, files: Sequence[PublishedFile], links: Links) -> str:
    t = reader.t
    kinds = {csv_name("", table)[1:]: t(f"table_{table}") for table in COLUMNS}
    rows = []
    for file in sorted(files, key=lambda file: file.month, reverse=True):
        kind = kinds.get(file.name.removeprefix(f"{file.month}-"), t("table_month"))
        link = escape(f"{links.files}{file.name}")
        name = f'<a href="{link}" download>{escape(file.name)}</a>' if file.data is not None else escape(file.name)
        rows.append(
            f'<tr><th scope="row">{name}<small>{kind}</small></th><td>{reader.number(file.size)}</td>'
            f'<td class="hash"><code>{file.sha256}</code></td><td>{reader.number(file.seq)}</td></tr>'
        )
    head = "".join(f'<th scope="col">{t(key)}</th>' for key in ("data_file", "data_size", "data_hash", "data_seq"))
    return (
        f'<div class="public-scroll" tabindex="0" role="group" aria-label="{t("data_files")}">'
        '<table data-table="files">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _columns(reader: Reader, table: str) -> str:
    t = reader.t
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(", ".join(columns_of(name)))}</code></th>'
        f"<td>{t(f'column_{name}')}</td></tr>"
        for name in ("month", *COLUMNS[table])
    )
    return (
        f"<h3>{t(f'table_{table}')}</h3>"
        f'<div class="public-scroll"><table data-table="columns-{table}"><thead><tr>'
        f'<th scope="col">{t("data_column")}</th><th scope="col">{t("data_meaning")}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
