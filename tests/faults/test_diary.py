"""The daily files hold every event once, also after faults of their disk."""

import json
import os

import pytest

from store import diary
from store.diary import DIARY, Diary, diary_files, entries, last_entry
from tests.hall.centre import ZONE, TestCentre


@pytest.fixture
def centre(tmp_path):
    """Two days with a midnight between them."""
    lived = TestCentre(tmp_path / "hall.db")
    for _ in range(3):
        lived.take()
        lived.clock.on(minutes=3)
    lived.clock.on(hours=17)
    lived.hall.refresh()
    lived.take()
    return lived


def follow(centre, folder, kept=None):
    files = kept or Diary(folder, ZONE)
    return files, files.follow(centre.store.written, files.seq)


def test_given_two_days_then_each_has_its_file_and_a_line_is_an_event_as_the_api_returns_it(centre, tmp_path):
    _, done = follow(centre, tmp_path / DIARY)
    assert done == centre.seq()
    assert [path.stem for path in diary_files(tmp_path / DIARY)] == ["2026-01-05", "2026-01-06"]
    lines = [json.loads(line) for path in diary_files(tmp_path / DIARY) for line in path.open()]
    assert lines == centre.log()
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)
    assert list(entries(tmp_path / DIARY, 4)) == centre.store.written(4)


def test_given_a_torn_line_when_going_on_then_nothing_is_missing_and_nothing_is_twice(centre, tmp_path):
    follow(centre, tmp_path / DIARY)
    last = diary_files(tmp_path / DIARY)[-1]
    whole = last.read_bytes()
    for cut in (1, len(whole.splitlines()[-1]), len(whole)):
        last.write_bytes(whole[:-cut] + (b"" if cut % 2 else b"\0\0\0garbage\n"))
        follow(centre, tmp_path / DIARY)
        assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)


def test_given_files_that_were_lost_when_going_on_then_they_are_whole_again(centre, tmp_path):
    follow(centre, tmp_path / DIARY)
    for path in diary_files(tmp_path / DIARY):
        path.unlink()
    follow(centre, tmp_path / DIARY)
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)


def test_given_a_disk_that_fails_and_comes_back_then_the_files_catch_up(centre, tmp_path, monkeypatch):
    files, _ = follow(centre, tmp_path / DIARY)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(diary.os, "fsync", full)
    centre.take()
    with pytest.raises(OSError):
        follow(centre, None, files)
    centre.take()
    monkeypatch.setattr(diary.os, "fsync", os.fdatasync)
    follow(centre, None, files)
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)
    assert last_entry(tmp_path / DIARY) == centre.seq()


def test_given_another_story_in_the_files_then_they_are_put_aside(centre, tmp_path):
    other = TestCentre(tmp_path / "other.db")
    for _ in range(20):
        other.take()
    follow(other, tmp_path / DIARY)
    follow(centre, tmp_path / DIARY)
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)
    assert last_entry(tmp_path / f"{DIARY}-before-1") == other.seq()


def test_given_more_than_sixty_days_then_the_oldest_files_go(centre, tmp_path):
    files, _ = follow(centre, tmp_path / DIARY)
    centre.clock.on(days=30)
    centre.take()
    centre.clock.on(days=45)
    centre.hall.refresh()
    centre.follow_clock() if centre.hall.clock.held else None
    centre.take()
    follow(centre, None, files)
    stems = [path.stem for path in diary_files(tmp_path / DIARY)]
    assert "2026-01-05" not in stems and len(stems) >= 2
