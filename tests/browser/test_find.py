"""The finding itself, `static/lib/find.js`: worked examples, and what holds for whatever anybody types."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.settings.text import unmarked
from tests.browser.static_files import static_file
from tests.procedures import many_rows

pytestmark = pytest.mark.browser

MOST = 5
PROCEDURES = [
    {"code": row[0], "field": row[1], "names": {"vi": row[2]}, "words": row[4].split("; "), "service": row[5]}
    for row in many_rows(450)[1:]
]
STARTER = PROCEDURES[:80]


@pytest.fixture(scope="module")
def page(chromium, name):
    """A page with the finder of 450 procedures and nothing behind it."""
    context = chromium.new_context()
    page = context.new_page()

    def answer(route):
        path = route.request.url.partition(name)[2]
        if path == "/":
            route.fulfill(body="<!doctype html><title>find</title><body>", content_type="text/html")
        else:
            route.fulfill(**static_file(path) or {"status": 404})

    page.route("**/*", answer)
    page.goto(f"http://{name}/")
    page.evaluate(
        """async (all) => {
          window.find = await import("/static/lib/find.js");
          window.finder = new window.find.Finder(all);
        }""",
        PROCEDURES,
    )
    yield page
    context.close()


def found(page, typed, most=MOST):
    return page.evaluate("([typed, most]) => window.finder.find(typed, most).map((one) => one.names.vi)", [typed, most])


EXAMPLES = {
    "khai sinh": "Đăng ký khai sinh",
    "KHAI SINH": "Đăng ký khai sinh",
    "khaisinh": "Đăng ký khai sinh",
    "giay khai sin": "Đăng ký khai sinh",
    "kahi sinh": "Đăng ký khai sinh",
    "giaays khai sinh": "Đăng ký khai sinh",  # as a Vietnamese keyboard wants it
    "lam giay cho con moi de": "Đăng ký khai sinh",
    "toi muon lam giay khai sinh cho chau": "Đăng ký khai sinh",
    "làm giấy khai tử": "Đăng ký khai tử",
    "trich luc": "Cấp bản sao trích lục hộ tịch",
    "giay doc than": "Cấp Giấy xác nhận tình trạng hôn nhân",
    "lay vo": "Đăng ký kết hôn",
    "sao y": "Chứng thực bản sao từ bản chính giấy tờ, văn bản",
    "mat so do": "Cấp lại Giấy chứng nhận quyền sử dụng đất do bị mất",
    "tien nguoi gia": "Thực hiện trợ cấp xã hội hằng tháng, hỗ trợ chăm sóc, nuôi dưỡng",
    "ho ngheo": "Công nhận hộ nghèo, hộ cận nghèo",
    "xay nha": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "can cuoc": "Hỏi đường, hỏi nơi làm căn cước, cư trú",
}


def test_given_what_people_say_then_their_procedure_stands_first(page):
    assert {typed: found(page, typed)[:1] for typed in EXAMPLES} == {typed: [name] for typed, name in EXAMPLES.items()}
    for nothing in ("", " ", "k", "qqqq zzzz", "…", "12345678"):
        assert found(page, nothing) == []


PHRASES = [(one["names"]["vi"], phrase) for one in STARTER for phrase in (one["names"]["vi"], *one["words"])]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PHRASES), st.booleans(), st.booleans())
def test_given_any_phrase_with_or_without_marks_then_its_procedure_is_among_the_answers(page, phrase, plain, shouted):
    name, typed = phrase
    typed = unmarked(typed) if plain else typed
    assert name in found(page, typed.upper() if shouted else typed)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([each for each in PHRASES if len(each[1].split()) >= 3]), st.data())
def test_given_a_slip_in_a_phrase_then_its_procedure_is_still_among_the_answers(page, phrase, data):
    name, typed = phrase[0], unmarked(phrase[1]).lower()[:40]
    longest = max(typed.split(), key=len)
    at = data.draw(st.integers(1, len(longest) - 2))
    slipped = data.draw(
        st.sampled_from(
            [
                longest[:at] + longest[at + 1 :],
                longest[:at] + longest[at] + longest[at:],
                longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :],
                longest[:at] + "z" + longest[at + 1 :],
            ]
        )
    )
    assert name in found(page, typed.replace(longest, slipped, 1), most=8)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.integers(1, 8))
def test_given_anything_typed_then_the_answers_are_procedures_each_once_and_always_the_same(page, typed, most):
    answers = found(page, typed, most)
    assert len(answers) == len(set(answers)) <= most
    assert set(answers) <= {one["names"]["vi"] for one in PROCEDURES}
    assert found(page, typed, most) == answers
    pieces = page.evaluate("(typed) => window.find.typedPieces('Đăng ký, khai sinh', typed)", typed)
    assert "".join(piece["text"] for piece in pieces) == "Đăng ký, khai sinh"


def distance(a, b):
    """The slips between two words, by their definition."""
    if not a or not b:
        return len(a) + len(b)
    best = min(distance(a[1:], b) + 1, distance(a, b[1:]) + 1, distance(a[1:], b[1:]) + (a[0] != b[0]))
    if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
        best = min(best, distance(a[2:], b[2:]) + 1)
    return best


@settings(max_examples=60, deadline=None)
@given(st.text("abn", max_size=5), st.text("abn", max_size=5))
def test_given_two_words_then_the_slips_between_them_are_those_of_the_definition(page, a, b):
    right = distance(a, b)
    asked = json.dumps([a, b])
    for most in (1, 2):
        assert page.evaluate(f"window.find.slips(...{asked}, {most})") == min(right, most + 1)
