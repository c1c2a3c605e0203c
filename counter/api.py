"""Routes of the counter console: one for each key a clerk has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec

from access.principal import CLERK, Principal
from access.reading import Word
from access.routes import Nothing, Request, Routes
from hall import calls, counters, dossiers, undo, visits
from hall.hall import Act, Hall
from hall.ports import NameOf
from hall.tickets import find_number
from hall.views.counters import CounterStateView, CounterView, counter_state_view, counter_view
from queueing.errors import NotYourCounter, UnknownTicket

# The number of a ticket in the log; a browser cannot write a larger integer exactly.
Ref = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class CallNext(msgspec.Struct, forbid_unknown_fields=True):
    """Whether to finish the service under way first, and with which outcome."""

    finish: bool = False
    outcome: Word | None = None


class Finish(msgspec.Struct, forbid_unknown_fields=True):
    """How the service ended."""

    outcome: Word | None = None


class Which(msgspec.Struct, forbid_unknown_fields=True):
    """A ticket of today, by its ref or its number."""

    ref: Ref | None = None
    number: Word | None = None


class CallNumber(msgspec.Struct, forbid_unknown_fields=True):
    """The ticket to call out of turn, and why."""

    reason: Word
    ref: Ref | None = None
    number: Word | None = None


class HoldTicket(msgspec.Struct, forbid_unknown_fields=True):
    """For how many minutes the ticket is held; null: until the citizen returns."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=240)] | None = None


class Transfer(msgspec.Struct, forbid_unknown_fields=True):
    """Where the ticket is transferred to: a service or a counter; with `first`, before its queue."""

    service: Word | None = None
    counter: int | None = None
    first: bool = False
    outcome: Word | None = None


class Dossiers(msgspec.Struct, forbid_unknown_fields=True):
    """How many dossiers were brought."""

    dossiers: Annotated[int, msgspec.Meta(ge=1, le=1000)]


class DossierCode(msgspec.Struct, forbid_unknown_fields=True):
    """The code on the receipt of a dossier."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=dossiers.LONGEST)]


class Pause(msgspec.Struct, forbid_unknown_fields=True):
    """Why the counter pauses."""

    reason: Word | None = None


class AnswerWish(msgspec.Struct, forbid_unknown_fields=True):
    """Which wish is answered, by the seq of its event, and how."""

    asked: Ref
    answer: Word


class CountersView(msgspec.Struct):
    """All counters of the hall."""

    counters: list[CounterStateView]


def is_person(principal: Principal) -> bool:
    """Return whether the caller is a person, not a program."""
    return principal.subject.startswith("user:")


def add_routes(routes: Routes, hall: Hall, name_of: NameOf, attended: counters.Attended) -> None:
    """Declare the routes of the counters; `attended` returns whether a clerk is at the console of a counter."""

    @routes.get("/counters", roles=(CLERK,), answer=CountersView, summary="The counters, to choose one's own")
    def get_counters(request: Request[None]) -> CountersView:
        with hall.reading():
            return CountersView(
                [
                    counter_state_view(hall, number, request.principal.subject, name_of)
                    for number in hall.catalogue.counters
                ]
            )

    def execute(
        request: Request[msgspec.Struct],
        counter: int,
        do: Callable[[Act], None],
        *,
        opening: bool = False,
        check: Callable[[Hall, int, str], None] = counters.check_mine,
    ) -> bytes:
        principal = request.principal
        if principal.counter is not None and principal.counter != counter:
            raise NotYourCounter(counter=counter)

        def act_here(act: Act) -> None:
            # A token is for one counter, or for all; a person may act only at the counter they opened.
            if is_person(principal) and not opening:
                check(hall, counter, principal.subject)
            do(act)

        def answer(_: None) -> bytes:
            return msgspec.json.encode(counter_view(hall, counter, principal.subject, name_of))

        return hall.execute(request.identity, act_here, answer)

    @routes.post("/counters/<int:counter>/open", roles=(CLERK,), body=None, answer=CounterView, summary="Open")
    def post_open(request: Request[Nothing], counter: int) -> bytes:
        one_only = is_person(request.principal)

        def open_it(act: Act) -> None:
            counters.open_counter(act, counter, one_only=one_only, attended=attended)

        return execute(request, counter, open_it, opening=True)

    @routes.post("/counters/<int:counter>/pause", roles=(CLERK,), body=Pause, answer=CounterView, summary="Pause")
    def post_pause(request: Request[Pause], counter: int) -> bytes:
        return execute(request, counter, lambda act: counters.pause_counter(act, counter, request.body.reason))

    @routes.post("/counters/<int:counter>/resume", roles=(CLERK,), body=None, answer=CounterView, summary="Go on")
    def post_resume(request: Request[Nothing], counter: int) -> bytes:
        return execute(request, counter, lambda act: counters.resume_counter(act, counter))

    @routes.post("/counters/<int:counter>/close", roles=(CLERK,), body=None, answer=CounterView, summary="Close")
    def post_close(request: Request[Nothing], counter: int) -> bytes:
        return execute(request, counter, lambda act: counters.close_counter(act, counter))

    @routes.post(
        "/counters/<int:counter>/call-next",
        roles=(CLERK,),
        body=CallNext,
        answer=CounterView,
        summary="Call the next citizen; with `finish`, first finish the one at the counter",
    )
    def post_call_next(request: Request[CallNext], counter: int) -> bytes:
        body = request.body
        return execute(
            request, counter, lambda act: calls.call_next(act, counter, finish=body.finish, outcome=body.outcome)
        )

    @routes.post(
        "/counters/<int:counter>/call-again", roles=(CLERK,), body=None, answer=CounterView, summary="Call again"
    )
    def post_call_again(request: Request[Nothing], counter: int) -> bytes:
        return execute(request, counter, lambda act: calls.call_again(act, counter))

    @routes.post("/counters/<int:counter>/start", roles=(CLERK,), body=None, answer=CounterView, summary="Start")
    def post_start(request: Request[Nothing], counter: int) -> bytes:
        return execute(request, counter, lambda act: calls.start_service(act, counter))

    @routes.post("/counters/<int:counter>/finish", roles=(CLERK,), body=Finish, answer=CounterView, summary="Finish")
    def post_finish(request: Request[Finish], counter: int) -> bytes:
        return execute(request, counter, lambda act: calls.finish_service(act, counter, request.body.outcome))

    @routes.post(
        "/counters/<int:counter>/no-show", roles=(CLERK,), body=None, answer=CounterView, summary="Did not come"
    )
    def post_no_show(request: Request[Nothing], counter: int) -> bytes:
        return execute(request, counter, lambda act: calls.mark_no_show(act, counter))

    def which(asked: Which | CallNumber) -> int:
        if asked.ref is not None:
            return asked.ref
        if asked.number is None:
            raise UnknownTicket()
        return find_number(hall, asked.number)

    @routes.post(
        "/counters/<int:counter>/call",
        roles=(CLERK,),
        body=CallNumber,
        answer=CounterView,
        summary="Call one number out of turn, for a reason of the list",
    )
    def post_call(request: Request[CallNumber], counter: int) -> bytes:
        return execute(
            request, counter, lambda act: calls.call_number(act, counter, which(request.body), request.body.reason)
        )

    @routes.post(
        "/counters/<int:counter>/hold",
        roles=(CLERK,),
        body=HoldTicket,
        answer=CounterView,
        summary="Hold the ticket at the counter: its holder comes back later",
    )
    def post_hold(request: Request[HoldTicket], counter: int) -> bytes:
        return execute(request, counter, lambda act: visits.hold_ticket(act, counter, request.body.minutes))

    @routes.post(
        "/counters/<int:counter>/return",
        roles=(CLERK,),
        body=Which,
        answer=CounterView,
        summary="Somebody is back: from a hold, or after a no-show",
    )
    def post_return(request: Request[Which], counter: int) -> bytes:
        def do(act: Act) -> None:
            visits.return_ticket(act, which(request.body))

        return execute(request, counter, do)

    @routes.post(
        "/counters/<int:counter>/transfer",
        roles=(CLERK,),
        body=Transfer,
        answer=CounterView,
        summary="Transfer the ticket at the counter to another service or counter",
    )
    def post_transfer(request: Request[Transfer], counter: int) -> bytes:
        to = request.body
        return execute(
            request,
            counter,
            lambda act: visits.transfer_ticket(
                act, counter, service=to.service, to=to.counter, first=to.first, outcome=to.outcome
            ),
        )

    @routes.post(
        "/counters/<int:counter>/dossiers",
        roles=(CLERK,),
        body=Dossiers,
        answer=CounterView,
        summary="How many dossiers the one at the counter has brought",
    )
    def post_dossiers(request: Request[Dossiers], counter: int) -> bytes:
        return execute(request, counter, lambda act: visits.count_dossiers(act, counter, request.body.dossiers))

    @routes.post(
        "/counters/<int:counter>/note-dossier",
        roles=(CLERK,),
        body=DossierCode,
        answer=CounterView,
        summary="Note the code on the receipt of a dossier with the one at the counter",
    )
    def post_note_dossier(request: Request[DossierCode], counter: int) -> bytes:
        return execute(request, counter, lambda act: dossiers.note_dossier(act, counter, request.body.code))

    @routes.post(
        "/counters/<int:counter>/drop-dossier",
        roles=(CLERK,),
        body=DossierCode,
        answer=CounterView,
        summary="Take a code noted with the one at the counter away again",
    )
    def post_drop_dossier(request: Request[DossierCode], counter: int) -> bytes:
        return execute(request, counter, lambda act: dossiers.drop_dossier(act, counter, request.body.code))

    @routes.post(
        "/counters/<int:counter>/undo",
        roles=(CLERK,),
        body=None,
        answer=CounterView,
        summary="Undo the last action, within ten seconds",
    )
    def post_undo(request: Request[Nothing], counter: int) -> bytes:
        return execute(request, counter, lambda act: undo.undo_last(act, counter), check=undo.check_mine_or_left)

    @routes.post(
        "/counters/<int:counter>/hand-over",
        roles=(CLERK,),
        body=None,
        answer=CounterView,
        summary="Leave the counter open for the next clerk",
    )
    def post_hand_over(request: Request[Nothing], counter: int) -> bytes:
        return execute(request, counter, lambda act: counters.hand_over(act, counter))

    @routes.post(
        "/counters/<int:counter>/answer",
        roles=(CLERK,),
        body=AnswerWish,
        answer=CounterView,
        summary="Answer what a supervisor asked of the counter, and put it away",
    )
    def post_answer(request: Request[AnswerWish], counter: int) -> bytes:
        said = request.body

        def answer_it(act: Act) -> None:
            counters.answer_wish(act, counter, said.asked, said.answer)

        return execute(request, counter, answer_it, check=counters.check_mine_or_free)
