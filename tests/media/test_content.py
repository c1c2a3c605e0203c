"""What is taken for a picture or a film: its content decides, and nothing but dots of a picture comes in."""

import io
import random
import time
import tracemalloc

import pytest
from PIL import Image

from media.content import FILM_LARGEST, PICTURE_LARGEST, REASONS, SIDE_MOST, TYPES, UnusableMedia, read_content
from tests.media.files import PAGE, box, element, huge_png, mp4, picture, webm


def read(tmp_path, data):
    path = tmp_path / "upload"
    path.write_bytes(data)
    return read_content(path)


def refused(tmp_path, data):
    with pytest.raises(UnusableMedia) as refusal:
        read(tmp_path, data)
    assert refusal.value.code in REASONS
    return refusal.value.code


def opened(content):
    return Image.open(io.BytesIO(content.data))


def test_given_files_of_five_kinds_then_each_is_known_by_its_content(tmp_path):
    for kind in ("png", "jpeg", "webp"):
        content = read(tmp_path, picture(kind))
        assert (content.kind, content.width, content.height) == (kind, 160, 90)
        assert opened(content).format.lower() == kind
    for kind, data in (("mp4", mp4()), ("webm", webm()), ("webm", webm(b"V_VP9\0")), ("mp4", mp4(b"av01"))):
        content = read(tmp_path, data)
        assert (content.kind, content.data) == (kind, data)
    assert set(TYPES) == {"png", "jpeg", "webp", "mp4", "webm"}


def test_given_what_is_none_of_them_then_it_is_refused_whatever_it_looks_like(tmp_path):
    gif = io.BytesIO()
    Image.new("P", (99, 99)).save(gif, "GIF")
    others = {
        "nothing": b"",
        "a page": b"<!doctype html>" + PAGE,
        "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "a GIF": gif.getvalue(),
        "a program": b"MZ" + bytes(200),
        "a PDF": b"%PDF-1.7\n" + bytes(200),
        "a ZIP": b"PK\x03\x04" + bytes(200),
        "Matroska": webm(kind=b"matroska"),
    }
    assert {what: refused(tmp_path, data) for what, data in others.items()} == dict.fromkeys(others, "media_unknown")


def test_given_a_page_hidden_in_a_picture_then_only_its_dots_come_in(tmp_path):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = PAGE.decode(), 6  # a description, and that it lies on its side
    for kind in ("png", "jpeg", "webp"):
        content = read(tmp_path, picture(kind, exif=exif) + PAGE)
        assert b"script" not in content.data and (content.width, content.height) == (90, 160), kind
        assert not opened(content).getexif()


def test_given_a_clear_picture_then_it_stays_clear_and_a_large_one_is_made_as_large_as_a_wall(tmp_path):
    clear = read(tmp_path, picture("png", colour=(255, 0, 0, 0)))
    assert opened(clear).mode == "RGBA" and opened(clear).getpixel((5, 5))[3] == 0
    for kind in ("png", "jpeg", "webp"):
        large = read(tmp_path, picture(kind, (7680, 80)))
        assert (large.width, large.height) == (SIDE_MOST, 40), kind


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_given_a_picture_that_would_fill_the_memory_then_it_is_refused_before_it_is_unpacked(tmp_path):
    for size in ((60_000, 60_000), (12_000, 12_000), (2**31 - 1, 2**31 - 1), (2**31 - 1, 1)):
        data = huge_png(*size)
        assert len(data) < 10_000
        tracemalloc.start()
        began = time.monotonic()
        assert refused(tmp_path, data) in ("media_pixels", "media_damaged", "media_small"), size
        print(f"{size}: {time.monotonic() - began:.2f} s")
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
        tracemalloc.stop()
    assert refused(tmp_path, picture("png", (15, 400))) == "media_small"


def test_given_a_film_that_is_cut_off_or_followed_by_something_then_it_is_refused(tmp_path):
    for whole in (mp4(), webm()):
        assert refused(tmp_path, whole[:-3]) == "media_damaged"
        assert refused(tmp_path, whole + PAGE) in ("media_damaged", "media_unknown")
    assert refused(tmp_path, mp4(more=box(b"html", PAGE))) == "media_damaged"
    assert refused(tmp_path, webm(more=element(b"\x42\x86", PAGE))) == "media_damaged"
    assert refused(tmp_path, box(b"ftyp", b"isom")) == "media_damaged"
    assert refused(tmp_path, mp4(b"abcd")) == "media_damaged"


def test_given_a_film_that_no_television_plays_then_its_codec_is_named(tmp_path):
    for data, codec in ((mp4(b"hvc1"), "HEVC"), (webm(b"V_MPEG4/ISO/AVC"), "MPEG4/ISO/AVC")):
        with pytest.raises(UnusableMedia) as refusal:
            read(tmp_path, data)
        assert (refusal.value.code, refusal.value.params) == ("media_codec", {"codec": codec})


def test_given_files_that_are_too_large_then_they_are_refused_unread(tmp_path):
    path = tmp_path / "upload"
    for head, size in ((mp4()[:8], FILM_LARGEST + 1), (picture()[:64], PICTURE_LARGEST + 1)):
        with path.open("wb") as file:
            file.write(head)
            file.truncate(size)
        with pytest.raises(UnusableMedia) as refusal:
            read_content(path)
        assert refusal.value.code == "media_large"


def test_given_true_files_with_bytes_changed_then_each_is_taken_or_refused_and_nothing_else(tmp_path):
    dice = random.Random(13)
    true = [picture("png", (40, 30)), picture("jpeg", (40, 30)), picture("webp", (40, 30)), mp4(), webm()]
    for turn in range(300):
        data = bytearray(true[turn % len(true)])
        for _ in range(dice.randint(1, 4)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        if dice.random() < 0.3:
            del data[dice.randrange(len(data)) :]
        try:
            content = read(tmp_path, bytes(data))
        except UnusableMedia as refusal:
            assert refusal.code in REASONS
        else:
            assert content.kind in TYPES
