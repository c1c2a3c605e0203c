"""The texts that the server itself needs: refusals, and the texts of a small page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import structlog

from access.errors import NoSuchPage
from queueing.catalogue import DEFAULT_LANGUAGE, LANGUAGES
from queueing.sentences import fill

FOLDER = Path(__file__).resolve().parent.parent / "static" / "text"

log = structlog.get_logger()


class Texts:
    """The texts of the screens: `<folder>/<language>.json`, sentences by section and key."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._texts: dict[str, dict[str, dict[str, str]]] = {
            language: json.loads((folder / f"{language}.json").read_text("utf-8")) for language in LANGUAGES
        }

    def error(self, language: str, code: str, params: Mapping[str, object]) -> str:
        """Return the sentence of a refusal; an unknown code gets that of `internal`, and a line in the log."""
        sentences = self._texts.get(language, self._texts[DEFAULT_LANGUAGE]).get("error", {})
        sentence = sentences.get(code)
        if sentence is None:
            log.error("text_missing", code=code, language=language)
            return sentences.get("internal", code)
        return fill(sentence, params)

    def banner(self, simulated: str) -> str:
        """Return the banner of a simulated centre in every language at once; empty for a real one."""
        return " · ".join(texts["band"][simulated] for texts in self._texts.values()) if simulated else ""

    def words(self, section: str) -> dict[str, dict[str, str]]:
        """Return one section in every language, for what the server itself writes."""
        return {language: sections.get(section, {}) for language, sections in self._texts.items()}

    def section(self, language: str, section: str) -> bytes:
        """Return one section as JSON, for a page too small to fetch them all.

        Raises:
            NoSuchPage: no such language or section.
        """
        try:
            sentences = self._texts[language][section]
        except KeyError as error:
            raise NoSuchPage() from error
        return json.dumps(sentences, ensure_ascii=False, separators=(",", ":")).encode()
