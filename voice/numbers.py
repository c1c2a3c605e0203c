"""Numbers as Vietnamese and English say them, 0 to 9999, and the names of the letters.

The rules are those of the spoken language: after "mươi" 1 is "mốt", 4 is "tư" and 5 is "lăm"; a gap
in the tens is "linh" in the North and "lẻ" in the South; digit by digit every digit keeps its plain
form.
"""

from __future__ import annotations

NORTH, SOUTH = "north", "south"
VARIANTS = (NORTH, SOUTH)
LARGEST = 9999

DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()
LETTERS = {
    "A": "a", "B": "bê", "C": "xê", "D": "dê", "Đ": "đê", "E": "e", "G": "giê", "H": "hát", "K": "ca",
    "L": "e-lờ", "M": "em-mờ", "N": "en-nờ", "P": "pê", "Q": "quy", "R": "e-rờ", "S": "ét-sì", "T": "tê",
    "U": "u", "V": "vê", "X": "ích-xì", "Y": "i dài",
}  # fmt: skip

ENGLISH_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen""".split()
ENGLISH_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
ENGLISH_LETTERS = {
    "A": "ay", "B": "bee", "C": "see", "D": "dee", "E": "ee", "G": "jee", "H": "aitch", "K": "kay", "L": "ell",
    "M": "em", "N": "en", "P": "pea", "Q": "queue", "R": "are", "S": "ess", "T": "tea", "U": "you", "V": "vee",
    "X": "ex", "Y": "why",
}  # fmt: skip


def words(n: int, variant: str = NORTH) -> str:
    """Return `n` in Vietnamese words: 105 is "một trăm linh năm", in the South "một trăm lẻ năm".

    Raises:
        ValueError: not from 0 to 9999.
    """
    if not 0 <= n <= LARGEST:
        raise ValueError(f"{n} is not from 0 to {LARGEST}")
    thousands, rest = divmod(n, 1000)
    if not thousands:
        return _below_thousand(rest, variant)
    thousand = f"{DIGITS[thousands]} {'ngàn' if variant == SOUTH else 'nghìn'}"
    # Nobody may hear 1005 as 1500: the empty hundreds are said.
    return f"{thousand} {hundreds(rest // 100)} {after_hundred(rest % 100, variant)}".strip() if rest else thousand


def _below_thousand(n: int, variant: str) -> str:
    if n < 100:
        return _below_hundred(n, variant)
    return f"{hundreds(n // 100)} {after_hundred(n % 100, variant)}".strip()


def hundreds(n: int) -> str:
    """Return the hundreds in words: "ba trăm" for 3, "không trăm" for 0."""
    return f"{DIGITS[n]} trăm"


def after_hundred(n: int, variant: str = NORTH) -> str:
    """Return what follows the hundreds: "linh năm" for 5, "hai mươi mốt" for 21, nothing for 0."""
    if n == 0:
        return ""
    if n < 10:
        return f"{'lẻ' if variant == SOUTH else 'linh'} {DIGITS[n]}"
    return _below_hundred(n, variant)


def _below_hundred(n: int, variant: str) -> str:
    tens, unit = divmod(n, 10)
    if tens == 0:
        return DIGITS[unit]
    if tens == 1:
        return f"mười {'lăm' if unit == 5 else DIGITS[unit]}" if unit else "mười"
    if unit == 0:
        return f"{DIGITS[tens]} mươi"
    after_tens = {1: "mốt", 5: "lăm"}
    if variant == NORTH:
        after_tens[4] = "tư"
    return f"{DIGITS[tens]} mươi {after_tens.get(unit, DIGITS[unit])}"


def english_words(n: int) -> str:
    """Return `n` in English words: 123 is "one hundred and twenty-three".

    Raises:
        ValueError: not from 0 to 9999.
    """
    if not 0 <= n <= LARGEST:
        raise ValueError(f"{n} is not from 0 to {LARGEST}")
    if n < 20:
        return ENGLISH_SMALL[n]
    if n < 100:
        tens, unit = divmod(n, 10)
        return ENGLISH_TENS[tens] + (f"-{ENGLISH_SMALL[unit]}" if unit else "")
    size, name = (1000, "thousand") if n >= 1000 else (100, "hundred")
    count, rest = divmod(n, size)
    head = f"{ENGLISH_SMALL[count]} {name}"
    if not rest:
        return head
    return f"{head} {english_words(rest)}" if rest >= 100 else f"{head} and {english_words(rest)}"
