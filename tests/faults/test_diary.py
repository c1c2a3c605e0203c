"""The daily files hold every event once, also after faults of their disk."""

import json
import os
from zoneinfo import ZoneInfo

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
    return files, files.follow(centre.store.written)


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


def test_given_another_story_in_the_files_then_they_are_put_aside_and_it_is_said_where(centre, tmp_path):
    other = TestCentre(tmp_path / "other.db")
    for _ in range(20):
        other.take()
    follow(other, tmp_path / DIARY)
    files, _ = follow(centre, tmp_path / DIARY)
    assert files.put_aside == tmp_path / f"{DIARY}-before-1"
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)
    assert last_entry(tmp_path / f"{DIARY}-before-1") == other.seq()


def lived_on(centre, folder, files, days):
    """So many days on which somebody came, each with its file."""
    for _ in range(days):
        centre.clock.on(days=2)
        centre.hall.refresh()
        centre.take()
        follow(centre, None, files)
    return [path.stem for path in diary_files(folder)]


def test_given_more_than_sixty_days_then_the_oldest_files_go(centre, tmp_path):
    files, _ = follow(centre, tmp_path / DIARY)
    stems = lived_on(centre, tmp_path / DIARY, files, 28)
    assert "2026-01-05" in stems
    stems = lived_on(centre, tmp_path / DIARY, files, 8)
    assert "2026-01-05" not in stems and len(stems) == diary.FILES_KEPT + 1


def test_given_a_clock_that_leapt_by_years_then_the_files_of_the_days_before_stay(centre, tmp_path):
    files, _ = follow(centre, tmp_path / DIARY)
    centre.clock.jump(days=27_000)
    centre.hall.refresh()
    centre.follow_clock()
    for _ in range(2):
        centre.clock.on(days=1)
        centre.hall.refresh()
        centre.take()
        follow(centre, None, files)
    assert "2026-01-05" in [path.stem for path in diary_files(tmp_path / DIARY)]
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)


def test_given_a_garbled_line_in_the_middle_of_the_newest_file_when_opening_then_the_rest_is_written_again(
    centre, tmp_path
):
    follow(centre, tmp_path / DIARY)
    newest = diary_files(tmp_path / DIARY)[-1]
    lines = newest.read_bytes().splitlines(keepends=True)
    newest.write_bytes(b"".join([*lines[:1], b'{"seq": "six"}\n', *lines[2:]]))
    follow(centre, tmp_path / DIARY)
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)


def test_given_another_disk_under_the_same_name_then_it_gets_the_whole_story(centre, tmp_path):
    files, _ = follow(centre, tmp_path / DIARY)
    (tmp_path / DIARY).rename(tmp_path / "pulled out")
    centre.take()
    follow(centre, None, files)
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)


def test_given_a_time_zone_that_changes_then_events_are_in_the_file_of_their_new_day(centre, tmp_path):
    files, _ = follow(centre, tmp_path / DIARY)
    files.zone = ZoneInfo("America/Los_Angeles")
    centre.take()
    follow(centre, None, files)
    assert (
        (tmp_path / DIARY / "2026-01-05.jsonl")
        .read_text("utf-8")
        .splitlines()[-1]
        .startswith(f'{{"seq":{centre.seq()},')
    )
    assert last_entry(tmp_path / DIARY) == centre.seq()
    assert list(entries(tmp_path / DIARY, 0)) == centre.store.written(0)


def test_given_files_that_are_no_days_then_they_are_left_alone(centre, tmp_path):
    follow(centre, tmp_path / DIARY)
    for name in ("9999-99-99.jsonl", "2026-02-30.jsonl", "notes.txt"):
        (tmp_path / DIARY / name).write_text("mine")
    follow(centre, tmp_path / DIARY)
    assert last_entry(tmp_path / DIARY) == centre.seq()
    assert (tmp_path / DIARY / "9999-99-99.jsonl").read_text() == "mine"
