"""Which passwords are refused, however long: those that guessing tries first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from access.errors import CommonPassword

# At the one try a minute that the back-off leaves, so many guesses take four years.
_FEWEST_GUESSES = 2_000_000
# Characters that are judged: nothing common is longer, and the time grows with their square.
_JUDGED = 32
# Of a name: so many words, and so many of them side by side.
_WORDS_MOST, _NEIGHBOURS_MOST = 40, 6
# What somebody who knows this kind of place tries first, beside the commonest passwords and words.
_WORDS = tuple(
    "admin canbo clerk congchuc denluot dichvucong giamsat greeter hanhchinh hanhchinhcong inspector kiosk matkhau"
    " motcua phucvu phuong quantri quay supervisor trungtam ubnd vietnam".split()
)


def refuse_common(password: str, about: Sequence[str] = ()) -> None:
    """Refuse a password that is easily guessed; takes milliseconds. `about` are names of the person and the centre.

    The estimate is that of zxcvbn, which holds the thirty thousand commonest passwords and finds
    rows of keys, repeats, dates and words written with signs for letters.

    Raises:
        CommonPassword: it would soon be guessed.
    """
    # Here, because its lists take 16 MB, which a centre where nobody changes a password can spare.
    from zxcvbn import zxcvbn

    words = [*_WORDS, *(_plain(run) for name in about for run in _runs(name))]
    for written in {password, _plain(password)}:
        if zxcvbn(written[:_JUDGED], words)["guesses"] < _FEWEST_GUESSES:
            raise CommonPassword()


def _runs(name: str) -> Iterator[str]:
    """Yield its words, and the sequences of neighbouring words: "Đồng Văn" of "xã Đồng Văn"."""
    words = name.split(maxsplit=_WORDS_MOST)[:_WORDS_MOST]
    for first in range(len(words)):
        for end in range(first + 1, min(first + _NEIGHBOURS_MOST, len(words)) + 1):
            yield " ".join(words[first:end])


def _plain(text: str) -> str:
    """Return the text without spaces, marks and capitals, as lists of passwords have Vietnamese words."""
    letters = unicodedata.normalize("NFD", "".join(text.casefold().split()).replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
