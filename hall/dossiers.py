"""Use cases of the codes on dossiers' receipts: noted with a visit, taken away again, erased after a while.

They are kept in rows only. No event has them, so they can be erased without touching the log.
"""

from __future__ import annotations

import re

from hall.calls import present_in
from hall.hall import Act
from queueing.errors import DossierCodesOff, NoDossierCode, TooManyDossiers
from queueing.ticket import State

LONGEST = 40  # characters of a code
MOST = 20  # codes of one visit

# The office, the date and a running number, as in "H26.14-261130-0042". An identity card's number is none.
_CODE = re.compile(r"[A-Z0-9]{1,6}(?:\.[A-Z0-9]{1,6}){0,6}-[0-9]{6}-[0-9]{2,10}")


def note_dossier(act: Act, counter: int, code: str) -> None:
    """Note the code of a dossier with the visit at the counter; one that is noted already changes nothing.

    Raises:
        NoDossierCode: it is not in the form of such a code. Nothing else is ever stored.
        DossierCodesOff: the hall keeps no codes.
        CounterEmpty, StepNotAllowed: nobody is being served here.
        TooManyDossiers: the visit has as many codes as one may have.
    """
    if len(code) > LONGEST or not _CODE.fullmatch(code):
        raise NoDossierCode()
    if not act.catalogue.hall.dossier_codes_days:
        raise DossierCodesOff()
    ticket = present_in(act, counter, State.SERVING)
    codes = act.hall.store.dossier_codes(ticket.ref)
    if code in codes:
        return
    if len(codes) >= MOST:
        raise TooManyDossiers(most=MOST)
    act.hall.store.note_dossier(ticket.ref, code, act.at)


def drop_dossier(act: Act, counter: int, code: str) -> None:
    """Take a code away from the visit at the counter; one that is not noted changes nothing.

    Raises:
        CounterEmpty, StepNotAllowed: nobody is being served here.
    """
    ticket = present_in(act, counter, State.SERVING)
    act.hall.store.drop_dossier(ticket.ref, code)
