"""Announcements as sequences of clips, and the words each clip holds.

The names of the clips are the same in every language, so a clip that a pack lacks is taken from the
Vietnamese one. `static/lib/phrases.js` does the same in the browser; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from voice import numbers

# Pauses, in seconds, between clips.
COMMA, STOP = ",", "."
PAUSES = {COMMA: 0.12, STOP: 0.45}

WHOLE_COUNTERS = 20  # up to this "đến quầy số năm" is one clip, said in one breath
NUMBER = re.compile(r"(\D*)(\d+)")

Clips = list[str]
Has = Callable[[str], bool]

# Digits that sound different after tens: "hai mươi mốt", "hai mươi tư", "hai mươi lăm". Other languages have such too.
AFTER_TENS = (1, 4, 5)
ACCESSIBLE = "accessible"
LINK = "link"  # between hundreds and a single digit: "một trăm linh năm"


def _every(_: str) -> bool:
    return True


# -- sequences -------------------------------------------------------------------------------


def call(
    number: str,
    counter: int,
    *,
    priority: bool = False,
    again: bool = False,
    accessible: bool = False,
    room: str = "",
    has: Has = _every,
) -> Clips:
    """Return the clips of a call: "Mời công dân có số thứ tự A, một trăm hai mươi ba, đến quầy số năm.".

    Of a counter that is `accessible` it is said so, by a voice that can: another voice within one call would be heard
    as another call. `has` says whether the voice has a clip: one with few clips makes its numbers of shorter ones.
    `room`: the clip that says where the counter is.
    """
    opening = "again" if again else "call_priority" if priority else "call"
    mark = [COMMA, ACCESSIBLE] if accessible and has(ACCESSIBLE) else []
    where = [*counter_clips("to_counter", counter, has), *_in_room(room, has)]
    return [opening, *number_clips(number, has), *where, *mark]


def repeat(number: str, counter: int, *, room: str = "", has: Has = _every) -> Clips:
    """Return the clips of the repeat, digit by digit, for those who did not understand the number."""
    return ["again", *digit_clips(number), *counter_clips("to_counter", counter, has), *_in_room(room, has)]


def _in_room(room: str, has: Has) -> Clips:
    """Return the room after the counter, if the voice is known to have it: no other clip can stand for a name."""
    return [COMMA, room] if room and has is not _every and has(room) else []


def pause(counter: int, *, fault: bool = False) -> Clips:
    """Return the clips that announce a pause of a counter; with `fault`, also that every number is kept."""
    return ["counter", *whole_number(counter), "paused", *([STOP, "trouble"] if fault else [])]


def number_clips(number: str, has: Has = _every) -> Clips:
    """Return a ticket's number as a number, without leading zeros: "B027" is B, twenty-seven.

    More than three digits, as block numbers have, are always said one by one.
    """
    letter, digits = _parts(number)
    if len(digits) > 3:
        return digit_clips(number)
    return [*letter, *whole_number(int(digits), has), COMMA]


def digit_clips(number: str) -> Clips:
    """Return a ticket's number digit by digit: "B027" is B, zero, two, seven."""
    letter, digits = _parts(number)
    return [*letter, *_one_by_one(digits), COMMA]


def counter_clips(opening: str, counter: int, has: Has = _every) -> Clips:
    """Return `opening` ("to_counter") and the number of a counter, up to WHOLE_COUNTERS as one clip."""
    whole = f"{opening}-{counter}"
    in_parts = [opening, *whole_number(counter, has)]
    return [whole] if 1 <= counter <= WHOLE_COUNTERS and (has(whole) or not all(map(has, in_parts))) else in_parts


def whole_number(n: int, has: Has = _every) -> Clips:
    """Return a number below a thousand in as few clips as the voice has, a larger one digit by digit."""
    if n >= 1000:
        return _one_by_one(str(n))
    ways = [*_ways(n), _one_by_one(str(n))]
    return next((way for way in ways if all(map(has, way))), ways[0])


def _ways(n: int) -> list[Clips]:
    """Return how a number below a thousand can be said, the best first."""
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _ways_below_hundred(n)
    hundred = f"hundred-{hundreds}"
    if not rest:
        return [[hundred]]
    # Without the link 105 would be heard as 150.
    parts = [[LINK, f"digit-{rest}"]] if rest < 10 else _ways_below_hundred(rest)
    return [[hundred, f"rest-{rest}"], *([hundred, *part] for part in parts)]


def _ways_below_hundred(n: int) -> list[Clips]:
    tens, unit = divmod(n, 10)
    if tens < 2 or not unit:
        return [[f"number-{n}"]]
    return [[f"number-{n}"], [f"number-{tens}0", f"{'after_tens' if unit in AFTER_TENS else 'digit'}-{unit}"]]


def _one_by_one(digits: str) -> Clips:
    return [f"digit-{digit}" for digit in digits]


def _parts(number: str) -> tuple[Clips, str]:
    match = NUMBER.fullmatch(number)
    if match is None:
        raise ValueError(f"{number!r} is no number of a ticket")
    letter, digits = match.groups()
    return ([f"letter-{letter}", COMMA] if letter else []), digits


# -- words -----------------------------------------------------------------------------------

VIETNAMESE = {
    "call": "Mời công dân có số thứ tự,",
    "call_priority": "Mời công dân ưu tiên có số,",
    "again": "Xin nhắc lại, mời công dân có số,",
    "to_counter": "đến quầy số,",
    "counter": "Quầy số,",
    "accessible": "Quầy dành cho người khuyết tật.",
    "paused": "tạm dừng phục vụ. Mong ông bà thông cảm.",
    "trouble": "Hệ thống đang gặp sự cố. Số thứ tự của ông bà vẫn được giữ nguyên.",
}
SOUTHERN = {"call": "Mời số,", "again": "Xin nhắc lại, mời số,", "to_counter": "tới quầy số,"}
ENGLISH = {
    "call": "Now calling number,",
    "call_priority": "Now calling priority number,",
    "again": "Once more, now calling number,",
    "to_counter": "please go to counter,",
    "counter": "Counter,",
    "accessible": "The counter for people with disabilities.",
    "paused": "is paused. Thank you for your patience.",
    "trouble": "The system has a fault. Your number is kept.",
}

# What the kiosk reads aloud of its own words: keys of static/text, by section.
KIOSK_READS = {
    "kiosk": """greeting question question_hint people no_counter service_closed service_from unsure unsure_hint
    others others_hint others_question search search_question search_hint search_touch search_nothing search_unsure
    search_clear search_space search_rub home_short home_title home_partly home_more home_scan papers fee time
    take_number take_here print_list sheet next previous not_found back chosen priority_question priority_hint yes
    elder disabled pregnant with_child merit no no_hint cap sending sending_hint take_paper remember your_number
    wave waves accessible
    priority called_to or appointment_at ahead expected called_before people_ahead none_ahead absent on_phone sit
    wait_for_call done more_time unprinted_paper_end unprinted_cover_open unprinted number_kept staff_told noted
    print_again picture picture_close opening more_question more_yes to_start desk_title counter lost_since lost_back
    refused refused_help refused_help_elsewhere closed closed_hint closed_until clock_on_day help help_asking
    help_asking_hint help_asked help_asked_hint help_unheard help_unheard_hint help_elsewhere help_elsewhere_hint
    large large_short contrast read closed_before_hours closed_break closed_after_hours closed_day_off
    closed_quota_shift closed_quota_day closed_from closed_calm workday shift_morning shift_afternoon shift_until
    unlikely unlikely_why unlikely_next unlikely_back unlikely_take unlikely_take_hint another another_hint
    another_yes another_no scan_refused scan_card scan_dossier scan_unknown scan_altered scan_no_ticket scan_later
    scanned_waiting scanned_next scanned_called scanned_serving scanned_held scanned_no_show scanned_finished
    scanned_cancelled scanned_expired rating_number rating_refused appointment code_question code_hint code_erase
    speech_ahead speech_wait speech_touch speech_keys speech_code speech_off speech_hold speech_once speech_is_on
    speech_key""".split(),
    "rating": """question very_satisfied satisfied neutral dissatisfied why reason_waited_long reason_unclear
    reason_came_again reason_attitude reason_facilities no_reason thanks kept""".split(),
    "common": "minutes minutes_range minutes_under no_wait no_counter_open time_unknown".split(),
    "notice": "system_down slow lunch closing_early".split(),
}
# What else stands on its pages: words that are written otherwise than said, and those of fees and times.
KIOSK_ALSO = {
    "vi": {
        "–": "đến,", "/": "trên,", "said_day": "ngày,", "said_month": "tháng,", "said_hours": "giờ,",
        "said_thousand": "nghìn,", "đồng": "đồng.", "ngày": "ngày.", "ngày làm việc": "ngày làm việc.",
        "Tiếng Việt": "Tiếng Việt.", "Việt": "Tiếng Việt.", "English": "Tiếng Anh.",
        "Thứ Hai": "thứ hai,", "Thứ Ba": "thứ ba,", "Thứ Tư": "thứ tư,", "Thứ Năm": "thứ năm,", "Thứ Sáu": "thứ sáu,",
        "Thứ Bảy": "thứ bảy,", "Chủ Nhật": "chủ nhật,",
        "letter-F": "ép,", "letter-I": "i ngắn,", "letter-J": "giây,", "letter-O": "o,", "letter-W": "vê kép,",
        "letter-Z": "dét,",
    },
    "en": {
        "–": "to,", "/": "of,", "min": "minutes.", "said_day": "day,", "said_month": "of month,",
        "said_hours": "hours,", "said_thousand": "thousand,",
        "Tiếng Việt": "Vietnamese.", "Việt": "Vietnamese.", "English": "English.",
        "Monday": "Monday,", "Tuesday": "Tuesday,", "Wednesday": "Wednesday,", "Thursday": "Thursday,",
        "Friday": "Friday,", "Saturday": "Saturday,", "Sunday": "Sunday,",
        "letter-F": "eff,", "letter-I": "eye,", "letter-J": "jay,", "letter-O": "oh,", "letter-W": "double you,",
        "letter-Z": "zed,",
    },
}  # fmt: skip
# What the places of those texts are filled with, where that is no figure.
KIOSK_FILLED = {
    "number": "A\u00a0000", "clock": "00:00", "when": "00:00", "range": "", "people": "", "service": "", "day": "",
    "time": "00:00",
}  # fmt: skip
_STATEMENT_ENDS = re.compile(r"([.?!…:])\s+")
_APART = re.compile(r"\s*[·•“”\n]\s*")
_FIGURES = re.compile(r"[A-ZĐ]{1,2}\u00a0\d{3,4}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}:\d{2}|\d{1,3}(?:\.000)+|\d+")
_PLACE = re.compile(r"\{(\w+)\}")
_PLURAL = re.compile(r"\{(\w+), plural,((?: \w+ \{[^{}]*\})+)\}")
_AROUND = " .,:;()…–/\t\u00a0"


def clip_words(language: str, variant: str = numbers.NORTH) -> dict[str, str]:
    """Return the words of every clip, in a language that we can spell ("vi" or "en"); never a digit among them.

    A final comma says that the sentence goes on after the clip.
    """
    if language == "en":
        phrases = dict(ENGLISH)
        letters = dict(numbers.ENGLISH_LETTERS)
        digits = numbers.ENGLISH_SMALL[:10]
        number, hundreds, rest = numbers.english_words, _english_hundreds, _english_rest
    else:
        phrases = VIETNAMESE | (SOUTHERN if variant == numbers.SOUTH else {})
        letters, digits = dict(numbers.LETTERS), numbers.DIGITS

        def number(n: int) -> str:
            return numbers.words(n, variant)

        def rest(n: int) -> str:
            return numbers.after_hundred(n, variant)

        hundreds = numbers.hundreds
    to_counter = phrases["to_counter"].rstrip(",")
    return {
        **phrases,
        **{f"letter-{letter}": f"{name}," for letter, name in letters.items()},
        **{f"digit-{n}": f"{word}," for n, word in enumerate(digits)},
        **{f"number-{n}": f"{number(n)}," for n in range(100)},
        **{f"hundred-{n}": f"{hundreds(n)}," for n in range(1, 10)},
        **{f"rest-{n}": f"{rest(n)}," for n in range(1, 100)},
        **{f"to_counter-{n}": f"{to_counter} {number(n)}." for n in range(1, WHOLE_COUNTERS + 1)},
    }


def _english_hundreds(n: int) -> str:
    return f"{numbers.ENGLISH_SMALL[n]} hundred"


def _english_rest(n: int) -> str:
    return f"and {numbers.english_words(n)}"


def spelled(text: str, language: str) -> str:
    """Return a text of a screen as a voice reads it: numbers as words, "ông/bà" without the stroke."""
    number = numbers.english_words if language == "en" else numbers.words
    return re.sub(r"\d+", lambda digits: number(int(digits[0])), text).replace("/", " ")


def kiosk_words(texts: Mapping[str, Mapping[str, str]], names: Iterable[str], language: str) -> dict[str, str]:
    """Return the clips that a pack should hold for the kiosk: each is named by the very words on its screen.

    `texts` are those of a language by section and key, `names` what the services are called. A text with figures is cut
    at them. So a text or a service that is renamed is not spoken until it is recorded, and never misread.
    """
    clips = dict(KIOSK_ALSO.get(language, {}))
    for section, keys in KIOSK_READS.items():
        for key in keys:
            for text in _forms(texts[section].get(key, ""), texts["kiosk"]):
                for name, spoken in _cut(text).items():
                    clips.setdefault(name, spelled(spoken, language))
    for name in names:
        clips.setdefault(name, spelled(name, language))
    return clips


def _forms(text: str, kiosk: Mapping[str, str]) -> list[str]:
    """Return a text in each of its plural forms, and with each place that it may name."""
    plural = _PLURAL.search(text)
    if plural is not None:
        forms = re.findall(r"\w+ \{([^{}]*)\}", plural[2])
        return [text.replace(plural[0], form.replace("#", "{n}")) for form in forms]
    if "{where}" in text:
        return [text.replace("{where}", kiosk[key]) for key in ("desk", "desk_number")]
    return [text] if text else []


def _cut(text: str) -> dict[str, str]:
    """Return the clips of a text and what each says: the whole, or the pieces between its figures."""
    if not _PLACE.search(text):
        return {text: text}
    filled = _PLACE.sub(lambda place: KIOSK_FILLED.get(place[1], "0"), text)
    clips: dict[str, str] = {}
    for statement in _APART.split(_STATEMENT_ENDS.sub(r"\1\n", filled)):
        if not _FIGURES.search(statement):
            clips |= {statement: statement} if statement.strip(_AROUND) else {}
            continue
        pieces = [piece.strip(_AROUND) for piece in _FIGURES.split(statement)]
        # A comma keeps the voice up before what follows.
        clips |= {piece: f"{piece}," if i < len(pieces) - 1 else piece for i, piece in enumerate(pieces) if piece}
    return clips
