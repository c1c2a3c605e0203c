"""Sentences with places to fill, as the texts of the screens are written."""

from __future__ import annotations

import re
from collections.abc import Mapping

# A part of the ICU message format: "{n, plural, one {# counter} other {# counters}}"; # is the number.
PLURAL = re.compile(r"\{(\w+), plural,((?: \w+ \{[^{}]*\})+)\}")
_FORM = re.compile(r"(\w+) \{([^{}]*)\}")


def fill(sentence: str, params: Mapping[str, object]) -> str:
    """Return the sentence with each {name} replaced, and of plural forms the one that fits the number.

    `one` is taken for 1 and `other` for the rest, as in English. The browser follows the rules of the language itself
    (static/lib/text.js).
    """

    def form(match: re.Match[str]) -> str:
        forms = dict(_FORM.findall(match[2]))
        number = params.get(match[1])
        words = forms["one"] if number == 1 and "one" in forms else forms["other"]
        return str(words).replace("#", str(number))

    sentence = PLURAL.sub(form, sentence)
    for name, value in params.items():
        sentence = sentence.replace(f"{{{name}}}", str(value))
    return sentence
