"""The drawn ticket: what it says, how large, and that every piece stays on the paper."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.ports import Slip
from paper import pieces
from paper.profiles import profiles
from paper.raster import compose
from paper.ticket import draw_test, draw_ticket
from tests.paper.centre import WORDS
from tests.paper.printer import Decoder

AT = datetime(2025, 9, 11, 1, 42, tzinfo=UTC)
LINK = "http://192.168.1.10:8000/t/AbCdEfGhIjKlMnOpQrStUv"
SLIP = Slip(
    number="B027",
    language="vi",
    office="UBND xã Đồng Văn",
    centre="Trung tâm Phục vụ hành chính công",
    hotline="1022",
    service="Chứng thực",
    counters=(2, 3),
    priority=False,
    people_ahead=6,
    wait_s=(1000, 1490),
    issued_at=AT,
    drawn_at=AT,
    timezone="Asia/Ho_Chi_Minh",
    help_counter=1,
    note="",
    follow_url=LINK,
    copy=False,
)
WIDTHS = (576, 512, 384)
PER_MM = {576: 203 / 25.4, 512: 180 / 25.4, 384: 203 / 25.4}


def drawn(width=576, **changes):
    return draw_ticket(replace(SLIP, **changes), WORDS["vi"], width)


def read(image):
    """What tesseract reads, with Vietnamese, as one line of words."""
    file = BytesIO()
    image.convert("L").save(file, "PNG")
    command = ["tesseract", "-", "-", "-l", "vie", "--psm", "4", "--dpi", "203"]
    done = subprocess.run(command, input=file.getvalue(), capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_given_a_ticket_then_it_is_black_and_white_and_as_wide_as_the_paper():
    for width in WIDTHS:
        image = drawn(width)
        assert (image.mode, image.width) == ("1", width)


@pytest.mark.parametrize(("width", "least_mm"), [(576, 18), (512, 18), (384, 15)])
@pytest.mark.parametrize("number", ["B027", "M048", "X111", "A999"])
def test_given_a_number_then_its_capitals_are_high_enough(width, least_mm, number):
    capital, whole = ink(width, "H"), ink(width, number)
    assert capital.height / PER_MM[width] >= least_mm
    assert whole.width <= width
    lines = 2 if width == 384 else 1
    assert capital.height * lines <= whole.height < capital.height * (lines + 0.4), "the letter stands where it should"


def ink(width, number):
    """The number alone, without the white around it."""
    paper = pieces.paper_of(width)
    image = pieces.dots(pieces.number(paper, number))
    return image.crop(image.convert("L").point(lambda grey: 255 - grey).getbbox())


def test_given_a_link_then_the_code_opens_it_and_without_one_there_is_no_code():
    import zxingcpp

    for width in WIDTHS:
        [found] = zxingcpp.read_barcodes(drawn(width).convert("L"))
        assert found.text == LINK
        assert zxingcpp.read_barcodes(drawn(width, follow_url=None).convert("L")) == []


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="no tesseract: make test-setup")
@pytest.mark.parametrize("service", ["Chứng thực", "Hộ tịch", "Hướng dẫn, hỏi thông tin"])
def test_given_a_ticket_when_it_is_read_by_machine_then_its_words_are_there(service):
    words = read(drawn(service=service, follow_url=None))
    assert "UBND XÃ ĐỒNG VĂN" in words
    assert "TRUNG TÂM PHỤC VỤ" in words and "HÀNH CHÍNH CÔNG" in words
    assert service in words
    assert "B027" in words.replace("O", "0")  # a lone O and a zero are one shape to it
    assert "Sẽ gọi ở quầy 2 hoặc 3" in words and "Mời đến" not in words
    assert "6 người" in words and "09:10" in words
    assert "Đường dây nóng: 1022" in words


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="no tesseract: make test-setup")
def test_given_a_number_that_was_called_when_it_is_printed_again_then_the_paper_says_where_to_go():
    words = read(drawn(called=True, counters=(3,), people_ahead=None, wait_s=None, follow_url=None))
    assert "Mời đến quầy 3" in words and "Sẽ gọi" not in words


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="no tesseract: make test-setup")
def test_given_no_counter_open_then_the_paper_says_so_and_promises_nothing():
    words = read(drawn(counter_open=False, people_ahead=0, wait_s=None, help_counter=None, follow_url=None))
    assert "Chưa có quầy mở" in words and "Không có ai" not in words
    assert "xin báo quầy hướng dẫn" in words
    assert "6 người" in read(drawn(counter_open=False, wait_s=None, follow_url=None))


def test_given_a_ticket_that_is_not_called_then_its_counters_stand_in_a_frame_and_not_on_black():
    def black(image):
        return image.histogram()[0]

    assert black(drawn(called=False)) < black(drawn(called=True)) / 1.1


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="no tesseract: make test-setup")
def test_given_a_counter_for_people_with_disabilities_then_the_paper_names_it():
    assert "Quầy 3 dành cho người khuyết tật" in read(drawn(accessible=(3,), follow_url=None))
    many = read(drawn(counters=(2, 3, 5), accessible=(2, 3, 5), called=True, follow_url=None))
    assert "Quầy 2, 3 và 5" in many and "người khuyết tật" in many
    assert "khuyết tật" not in read(drawn(follow_url=None))


def test_given_up_to_eight_counters_then_all_are_named():
    assert drawn(counters=tuple(range(1, 9))).height > drawn(counters=tuple(range(1, 10))).height


def test_given_priority_a_copy_or_neither_then_only_what_is_true_is_drawn():
    plain = drawn()
    assert drawn(priority=True).height > plain.height
    assert drawn(copy=True).height > plain.height
    assert drawn(wait_s=None).height < plain.height
    assert drawn(wait_s=None, people_ahead=None).height < drawn(wait_s=None).height


LONGEST = {
    "service": "Đăng ký biến động đất đai, tài sản gắn l",
    "centre": "Trung tâm Phục vụ hành chính công và Xúc tiến đầu tư",
    "counters": (1, 2, 3, 10, 11, 12),
    "people_ahead": 128,
    "wait_s": (200 * 60, 285 * 60),
    "priority": True,
}


@pytest.mark.parametrize("width", WIDTHS)
def test_given_a_wait_of_three_digits_and_the_longest_names_then_nothing_reaches_the_edge_of_the_paper(width):
    plain = drawn(width)
    for language in WORDS:
        image = draw_ticket(replace(SLIP, language=language, **LONGEST), WORDS[language], width)
        assert image.height > plain.height
        left, _, right, _ = image.convert("L").point(lambda grey: 255 - grey).getbbox()
        assert left > 0 and right < width


def test_given_an_english_ticket_then_its_words_are_english():
    assert draw_ticket(replace(SLIP, language="en", service="Certification"), WORDS["en"], 576) != drawn()


def test_given_a_test_page_then_its_frame_touches_both_edges():
    for width in WIDTHS:
        image = draw_test(WORDS["vi"], width, "1", AT)
        bottom = image.height - 1
        assert not image.getpixel((0, bottom)) and not image.getpixel((width - 1, bottom))


NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\0\x10\x1b\x1d\x04\n\r\t\u202e\u202d\u2066\u200f\ufeff\u0301\U0001f600"),
    ),
    max_size=400,
)


@settings(max_examples=40)
@given(name=NASTY, office=NASTY, number=NASTY)
def test_given_any_text_then_only_raster_reaches_the_printer(name, office, number):
    image = draw_ticket(
        replace(SLIP, service=name, office=office, centre=name, hotline=office, number=number), WORDS["vi"], 576
    )
    assert image.width == 576 and image.height < 4000
    decoder = Decoder()
    decoder.feed(compose(image, profiles()["printer-80"], asks=True))
    assert decoder.pending == b""
    assert [ticket.tobytes() for ticket in decoder.tickets] == [image.tobytes()]


def test_given_an_appointment_then_its_time_stands_on_the_paper():
    said = read(drawn(due_at=AT.replace(minute=30)))
    assert "Lịch hẹn" in said and "08:30" in said
    assert "Lịch hẹn" not in read(drawn())
