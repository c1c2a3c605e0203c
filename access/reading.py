"""Strict reading of the bodies, parameters and keys of requests; texts get composed letters (NFC)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar, get_type_hints

import msgspec

from access.errors import BadField, BadJson, BadKey, BadText, MissingKey

S = TypeVar("S", bound=msgspec.Struct)

WORD_LONGEST = 64
Word = Annotated[str, msgspec.Meta(max_length=WORD_LONGEST)]  # a code, a number, a choice: no text of people

# A field with this mark is left out of the digest of a request, which is stored for two days: a plain hash of a
# password is nearly the password itself.
SECRET: dict[str, Any] = {"writeOnly": True, "format": "password"}

_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,64}")
_FIELD = re.compile(r"field `([^`]+)`|at `\$\.([^`]+)`")
_LONGEST_FIELD = 60
_MARKS_MOST = 30  # on one letter, as in the stream-safe format of Unicode (UAX 15)
_NUMBER_LARGEST = 2**64


def read_json(body: bytes, shape: type[S]) -> S:
    """Return the body as a `shape`; an empty body is an empty object.

    Raises:
        BadText: a text that is no Unicode text.
        BadJson: no JSON object.
        BadField: a field is missing, unknown, or not of its type.
    """
    try:
        value = composed(msgspec.json.decode(body or b"{}"))
    except UnicodeDecodeError as error:
        raise BadText() from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadJson() from error
    if not isinstance(value, dict):
        raise BadJson()
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        named = _FIELD.search(str(error))
        raise BadField(field=(named[1] or named[2])[:_LONGEST_FIELD] if named else "?") from error


def read_query(given: Mapping[str, Sequence[str]], known: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters in the address of a GET.

    Raises:
        BadText: a text that is no Unicode text.
        BadField: a parameter this route does not know, one given twice, or one that is too long.
    """
    for name, values in given.items():
        if name not in known or len(values) > 1 or len(values[0]) > WORD_LONGEST:
            raise BadField(field=name[:_LONGEST_FIELD])
    return {name: composed(value) for name, (value,) in given.items()}


def read_key(given: str | None) -> str:
    """Return the Idempotency-Key of the request, by which a repeat is known.

    Raises:
        MissingKey: there is none.
        BadKey: it is not 8 to 64 letters, digits and _.:-
    """
    if not given:
        raise MissingKey()
    if not _KEY.fullmatch(given):
        raise BadKey()
    return given


def composed(value: Any) -> Any:
    """Return the value with every text in composed letters (NFC): two keyboards must write one name alike.

    Raises:
        BadText: a NUL or half a surrogate pair, which neither database nor screen can hold; or more marks on one
            letter than any language has.
        BadJson: a whole number that no machine holds.
    """
    match value:
        case str():
            return _composed_text(value)
        case int() if abs(value) >= _NUMBER_LARGEST:
            raise BadJson()
        case list():
            return [composed(item) for item in value]
        case dict():
            return {composed(name): composed(item) for name, item in value.items()}
        case _:
            return value


def _composed_text(text: str) -> str:
    if text.isascii():
        if "\0" in text:
            raise BadText()
        return text
    marks = 0
    for letter in text:
        if letter == "\0" or "\ud800" <= letter <= "\udfff":
            raise BadText()
        # Composing sorts the marks of a letter in a time that grows with their square.
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > _MARKS_MOST:
            raise BadText()
    return unicodedata.normalize("NFC", text)


def secret_fields(shape: type[msgspec.Struct]) -> frozenset[str]:
    """Return the names of the fields marked `SECRET`."""
    return frozenset(
        name
        for name, hint in get_type_hints(shape, include_extras=True).items()
        if any(
            isinstance(meta, msgspec.Meta) and (meta.extra_json_schema or {}).get("writeOnly")
            for meta in getattr(hint, "__metadata__", ())
        )
    )


def content_digest(body: msgspec.Struct, secret: frozenset[str]) -> str:
    """Return the SHA-256 of the content, however it was spaced, ordered or left to its defaults."""
    content = {name: value for name, value in msgspec.to_builtins(body).items() if name not in secret}
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
