"""The public pages and the open data as a whole: what the centre serves, and the same as files for any web server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from access.texts import Texts
from hall.catalogue.model import Catalogue
from hall.ports import HallStore
from hall.public_months import LICENCE, ROWS, SCHEMA_VERSION, MonthFigures, columns_of, csv_name
from hall.public_ratings import MonthRatings, months_of, public_ratings
from hall.publishing import PublishedFile, published_files
from hall.rule import rules
from open_data.page import Links, Reader, data_page, figures_page
from queueing.catalogue import DEFAULT_LANGUAGE, LANGUAGES
from queueing.sentences import fill

STATIC = Path(__file__).resolve().parent.parent / "static"
STYLES = ("base.css", "tokens.css", "vendor/fonts.css", "open_data/public.css", "icons/app.svg")
FONTS = "vendor/fonts"
PACKAGE = "open-data/datapackage.json"
LICENCE_PAGE = "https://creativecommons.org/licenses/by/4.0/"


class Site:
    """The public pages of one centre, made of its published files."""

    def __init__(
        self,
        catalogue: Catalogue,
        files: Sequence[PublishedFile],
        texts: Texts,
        links: Links,
        ratings: Sequence[MonthRatings] = (),
    ) -> None:
        self.files = list(files)
        self._ratings = ratings
        self._catalogue = catalogue
        self._links = links
        self._sections = {name: texts.words(name) for name in ("public", "figures", "rule", "home")}

    def months(self) -> list[MonthFigures]:
        """Return the figures of every month whose file is what was published, in order."""
        months = [
            msgspec.json.decode(file.data, type=MonthFigures)
            for file in self.files
            if file.data is not None and file.name.endswith(".json")
        ]
        return sorted(months, key=lambda figures: figures.month)

    def changed(self) -> list[str]:
        """Return the names of the files that are not what was published."""
        return [file.name for file in self.files if file.data is None]

    def figures_page(self, language: str) -> str:
        """Return the page of the past."""
        reader, hotline = self._reader(language), self._hotline(language)
        return figures_page(reader, self.months(), self.changed(), self._links, hotline, self._ratings)

    def data_page(self, language: str) -> str:
        """Return the page of the open data."""
        return data_page(self._reader(language), self.files, self._links, self._hotline(language))

    def package(self) -> bytes:
        """Return the data dictionary: a Data Package (specs.frictionlessdata.io) with every file and column."""
        hall, public = self._catalogue.hall, self._sections["public"]
        package = {
            "profile": "data-package",
            "name": "den-luot",
            "title": f"{hall.name}, {hall.office}",
            "description": fill(
                public[DEFAULT_LANGUAGE]["data_lead"], {"centre": hall.name, "version": SCHEMA_VERSION}
            ),
            "version": str(SCHEMA_VERSION),
            "licenses": [{"name": LICENCE, "path": LICENCE_PAGE}],
            "resources": [self._resource(file) for file in self.files],
        }
        return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"

    def _resource(self, file: PublishedFile) -> dict[str, Any]:
        tables = {csv_name(file.month, table): table for table in ROWS}
        common = {
            "name": file.name.replace(".", "-"),
            "path": file.name,
            "bytes": file.size,
            "hash": f"sha256:{file.sha256}",
            "log_seq": file.seq,
            "intact": file.data is not None,
        }
        if file.name not in tables:
            return {**common, "format": "json", "mediatype": "application/json", "encoding": "utf-8"}
        return {
            **common,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {"fields": list(self._fields(tables[file.name])), "missingValues": [""]},
        }

    def _fields(self, table: str) -> Iterable[dict[str, object]]:
        types = get_type_hints(ROWS[table])
        for name in ("month", *types):
            whole = int in (types.get(name), *get_args(types.get(name)))
            meant = {language: self._sections["public"][language][f"column_{name}"] for language in LANGUAGES}
            for column in columns_of(name):
                yield {
                    "name": column,
                    "type": "integer" if whole else "string",
                    "description": meant[DEFAULT_LANGUAGE],
                    **{f"description_{code}": meant[code] for code in LANGUAGES if code != DEFAULT_LANGUAGE},
                }

    def _reader(self, language: str) -> Reader:
        hall, words = self._catalogue.hall, {name: texts[language] for name, texts in self._sections.items()}
        rule = rules(self._catalogue.policy, self._sections["rule"])[language]
        said = f"{rule.name}: {rule.sentence}. {words['home']['rule_logged']}"
        return Reader(language, words, hall.name, hall.office, said)

    def _hotline(self, language: str) -> str:
        number = self._catalogue.hall.hotline
        return fill(self._sections["home"][language]["hotline"], {"number": number}) if number else ""


def site_of(store: HallStore, catalogue: Catalogue, texts: Texts, links: Links) -> Site:
    """Return the site of what was published until now."""
    with store.snapshot():
        files = published_files(store)
        return Site(catalogue, files, texts, links, public_ratings(store, catalogue, months_of(files)))


def write_site(folder: Path, site_at: Mapping[str, Site]) -> list[Path]:
    """Write the pages and files below a folder, so that any web server can host it, and return their paths.

    `site_at` is the site with the links of pages in the folder itself (""), and of those in "open-data/". What else is
    in the folder stays. Each file appears whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    top, below = site_at[""], site_at["open-data/"]
    pages = {**{page_name(language): top.figures_page(language).encode() for language in LANGUAGES}}
    pages |= {f"open-data/{page_name(language)}": below.data_page(language).encode() for language in LANGUAGES}
    pages |= {f"open-data/{file.name}": file.data for file in top.files if file.data is not None}
    pages[PACKAGE] = top.package()
    pages |= {f"static/{name}": (STATIC / name).read_bytes() for name in STYLES}
    pages |= {f"static/{FONTS}/{font.name}": font.read_bytes() for font in sorted((STATIC / FONTS).glob("*.woff2"))}
    return [_write(folder / name, data) for name, data in pages.items()]


def holds_others(folder: Path) -> bool:
    """Return whether there are files in a folder that was not written by `write_site`."""
    return folder.is_dir() and any(folder.iterdir()) and not (folder / PACKAGE).is_file()


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)
    return path


def page_name(language: str) -> str:
    """Return the name of a page's file: the first language is that of the folder."""
    return "index.html" if language == DEFAULT_LANGUAGE else f"{language}.html"


def folder_links(below: str) -> Links:
    """Return the relative links of pages in a folder of files; `below` is "" or "open-data/"."""
    root = "../" if below else ""
    names = {language: page_name(language) for language in LANGUAGES}
    return Links(
        root=root,
        figures={language: f"{root}{name}" for language, name in names.items()},
        data={language: name if below else f"open-data/{name}" for language, name in names.items()},
        files="" if below else "open-data/",
        now=None,
    )
