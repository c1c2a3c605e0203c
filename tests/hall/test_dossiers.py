"""Codes of dossiers' receipts: noted with a visit, in rows alone, and erased when the hall keeps them no longer."""

from datetime import timedelta

import pytest

from hall.verify import verify
from queueing.errors import CounterEmpty, DossierCodesOff, NoDossierCode, StepNotAllowed, TooManyDossiers
from supervisor.export import dossiers_csv
from tests.browser.scanner import CARDS, DOSSIERS, NO_NUMBER_HERE, OTHERS


@pytest.fixture
def serving(opened):
    """Counter 2 serves ticket 1."""
    opened.take()
    opened.press("call-next", 2)
    opened.press("start", 2)
    return opened


def test_given_a_visit_when_receipts_are_scanned_then_the_codes_stand_with_it_and_not_in_the_log(serving):
    before = serving.seq()
    for code in (*DOSSIERS, DOSSIERS[0]):
        answer = serving.press("note-dossier", 2, code=code)
    assert answer["ticket"]["dossier_codes"] == list(DOSSIERS)
    assert serving.seq() == before
    assert not any(code in str(serving.log()) for code in DOSSIERS)
    answer = serving.press("drop-dossier", 2, code=DOSSIERS[1])
    assert DOSSIERS[1] not in answer["ticket"]["dossier_codes"] and len(answer["ticket"]["dossier_codes"]) == 3
    assert serving.start().press("drop-dossier", 2, code="X")["ticket"]["dossier_codes"][0] == DOSSIERS[0]
    assert verify(serving.store).clean


@pytest.mark.parametrize("text", [*CARDS, *NO_NUMBER_HERE, *OTHERS, "", DOSSIERS[0] + "\n", DOSSIERS[0].lower()])
def test_given_anything_else_then_it_is_never_stored(serving, text):
    before = serving.state()
    with pytest.raises(NoDossierCode):
        serving.press("note-dossier", 2, code=text)
    assert serving.state() == before


def test_given_nobody_is_served_then_no_code_is_noted(opened):
    with pytest.raises(CounterEmpty):
        opened.press("note-dossier", 2, code=DOSSIERS[0])
    opened.take()
    opened.press("call-next", 2)
    with pytest.raises(StepNotAllowed):
        opened.press("note-dossier", 2, code=DOSSIERS[0])


def test_given_twenty_codes_then_one_more_is_refused(serving):
    for n in range(20):
        serving.press("note-dossier", 2, code=f"H26.14-261130-{n:04}")
    with pytest.raises(TooManyDossiers):
        serving.press("note-dossier", 2, code="H26.14-261130-0099")


def test_given_the_hall_keeps_codes_for_some_days_then_they_are_erased_after_them(serving):
    serving.set_hall(dossier_codes_days=2)
    serving.press("note-dossier", 2, code=DOSSIERS[0])
    serving.press("finish", 2)
    day = serving.hall.floor.day
    for passed in range(4):
        noted = [each.code for each in serving.store.noted_dossiers(day, day)]
        assert noted == ([DOSSIERS[0]] if passed <= 2 else []), passed
        serving.clock.on(days=1)
        serving.hall.refresh()
    assert verify(serving.store).clean


def test_given_the_hall_keeps_none_then_none_is_noted(serving):
    serving.set_hall(dossier_codes_days=0)
    with pytest.raises(DossierCodesOff):
        serving.press("note-dossier", 2, code=DOSSIERS[0])


def test_given_codes_then_the_file_has_a_row_for_each_with_its_visit(serving):
    serving.press("note-dossier", 2, code=DOSSIERS[0])
    serving.press("finish", 2)
    day = serving.hall.floor.day
    rows = dossiers_csv(serving.store.noted_dossiers(day, day)).decode("utf-8-sig").splitlines()
    assert rows[0] == "day,number,service,counter,code,noted_at"
    assert rows[1].startswith(f"{day},B001,CHUNG_THUC,2,{DOSSIERS[0]},")
    assert len(rows) == 2
    assert list(serving.store.noted_dossiers(day + timedelta(days=1), day + timedelta(days=9))) == []
