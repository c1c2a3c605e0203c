"""The folder of the files: pieces in order, one file a content, nothing outside it, nothing lost without a word."""

import os

import pytest

from media.content import FILM_LARGEST, UnusableMedia
from media.folder import PIECE_LARGEST, MediaFolder
from tests.media.files import picture

UPLOAD = "0123456789abcdef"


@pytest.fixture
def library(tmp_path):
    return MediaFolder(tmp_path / "media")


def send(library, data, upload=UPLOAD, piece=100):
    for at in range(0, len(data), piece):
        library.add_piece(upload, at, data[at : at + piece])
    return library.take_in(upload)


def refused(do, *words):
    with pytest.raises(UnusableMedia) as refusal:
        do(*words)
    return refusal.value.code


def test_given_a_file_in_pieces_when_some_come_twice_then_it_is_whole_and_kept_once(library, tmp_path):
    data = picture()
    assert library.add_piece(UPLOAD, 0, data[:50]) == 50
    assert library.add_piece(UPLOAD, 0, data[:50]) == 50
    assert library.add_piece(UPLOAD, 50, data[50:]) == len(data)
    name, content = library.take_in(UPLOAD)
    assert library.take_in(UPLOAD) == (name, content)  # the request again, because its answer was lost
    assert send(library, data, "f" * 32) == (name, content)
    assert library.read(name) == content.data and library.is_sound(name)
    assert [path.name for path in (tmp_path / "media").iterdir() if not path.name.startswith("incoming-")] == [name]


def test_given_pieces_out_of_order_or_of_another_upload_then_they_are_refused(library):
    assert refused(library.add_piece, UPLOAD, 10, b"x") == "media_incoming"
    assert refused(library.add_piece, UPLOAD, -1, b"x") == "media_incoming"
    assert refused(library.take_in, "f" * 16) == "media_incoming"
    for wrong in ("", "..", "../../hall.db", "0123456789ABCDEF", "0" * 40, "0123456789abcde\n", "con", "a/b" * 6):
        assert refused(library.add_piece, wrong, 0, b"x") == "media_incoming", wrong
        assert refused(library.take_in, wrong) == "media_incoming"
        assert refused(library.read, wrong) == "media_gone"


def test_given_a_file_without_end_then_it_is_stopped_at_the_most_a_film_may_have(library, tmp_path):
    piece, at = bytes(PIECE_LARGEST), 0
    while at < FILM_LARGEST:
        at = library.add_piece(UPLOAD, at, piece)
    assert refused(library.add_piece, UPLOAD, at, b"x") == "media_large"
    for other in range(9):
        library.add_piece(f"{other:016x}", 0, piece)
    assert len(list((tmp_path / "media").iterdir())) <= 3


def test_given_a_file_that_is_lost_or_changed_on_the_disk_then_that_is_noticed(library, tmp_path):
    name, _ = send(library, picture())
    path = tmp_path / "media" / name
    damaged = bytearray(path.read_bytes())
    damaged[-20] ^= 1
    path.write_bytes(damaged)
    os.utime(path, (1, 1))
    assert not library.is_sound(name)
    path.unlink()
    assert not library.is_sound(name)
    assert refused(library.read, name) == "media_gone"
    assert send(library, picture())[0] == name and library.is_sound(name)


def test_given_files_that_nobody_wants_when_swept_then_only_they_are_gone(library, tmp_path):
    wanted, _ = send(library, picture())
    other, _ = send(library, picture("jpeg"), "f" * 16)
    library.sweep({wanted})
    assert library.is_sound(other)  # just written: the event that names it may be on its way
    for path in (tmp_path / "media").iterdir():
        os.utime(path, (1, 1))
    library.sweep({wanted})
    assert [path.name for path in (tmp_path / "media").iterdir()] == [wanted]
    MediaFolder(tmp_path / "none").sweep(set())
