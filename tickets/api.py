"""Routes of tickets: take, read, cancel, put off, rate, print, change priority or service; the picture of the paper."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

import flask
import msgspec
import structlog

from access.api import address
from access.errors import BadField, Forbidden, TooMany
from access.principal import ANYONE, CLERK, DISPLAY, GREETER, KIOSK, NOBODY, PEOPLE, SUPERVISOR, Principal
from access.reading import Word
from access.routes import Nothing, Reply, Request, Routes
from hall.arrivals import (
    Issued,
    cancel_ticket,
    change_priority,
    count_people,
    move_ticket,
    take_ticket,
)
from hall.hall import Act, Hall
from hall.ports import RequestIdentity
from hall.printing import ask_copy, is_marked, slip_of
from hall.ratings import rate_ticket
from hall.tickets import find_number, find_ticket
from hall.views.tickets import NumberView, TicketView, number_view, ticket_view
from hall.wishes import defer_ticket, reinstate_ticket, want_visual_call
from paper.code import draw_code
from queueing.catalogue import ORDINARY, PEOPLE_MOST, URGENT
from queueing.errors import ClassNotAllowed, OpenedElsewhere, UnknownReason, UnknownTicket
from queueing.ratings import WORDS_LONGEST
from queueing.ticket import Ticket
from queueing.wishes import DEFER_PEOPLE
from screens.screen import Context
from tickets.phones import Phones

STAFF = (CLERK, GREETER, SUPERVISOR)
PHONE_LONGEST = 32
PHONE = "^[A-Za-z0-9_-]*$"  # as a phone makes one; it is shown nowhere
PhoneName = Annotated[str, msgspec.Meta(max_length=PHONE_LONGEST, pattern=PHONE)]
NOT_CHANGED = 304
TICKETS_A_MINUTE = 60  # from one kiosk or person; nobody presses faster
PAPERS_A_MINUTE = 30  # of one ticket; drawing one takes a while
READS_A_MINUTE = 120  # of one ticket; a phone asks every five seconds at most, and a family shares a link
COMMANDS_A_MINUTE = 30  # of one kind, by the link of one ticket
GUESSES_A_MINUTE = 60  # of ids that do not exist, from one address
NUMBERS_A_MINUTE = 600  # typed on the first page, from one address: the whole hall may share one
NUMBER_LONGEST = 12

Encoded = Callable[[Ticket, str | None], bytes]
Find = Callable[[Request[Any], str], tuple[Ticket, str | None]]

log = structlog.get_logger()


class TakeTicket(msgspec.Struct, forbid_unknown_fields=True):
    """The service, class and language of a new ticket."""

    service: Word
    priority_class: Word = ORDINARY
    language: Word = "vi"
    number: Annotated[str, msgspec.Meta(max_length=12)] | None = (
        None  # the one on paper, lost by a restore; greeter and clerk
    )
    people: Annotated[int, msgspec.Meta(ge=1, le=PEOPLE_MOST)] = 1  # who came together
    papers_of: Word | None = None  # the procedure whose list of papers is printed with the number


class ChangePriority(msgspec.Struct, forbid_unknown_fields=True):
    """The class to grant."""

    priority_class: Word


class CancelTicket(msgspec.Struct, forbid_unknown_fields=True):
    """The phone that asks, and whether its holder has confirmed a ticket that was opened on another one first."""

    phone: PhoneName = ""
    confirmed: bool = False


class ReinstateTicket(msgspec.Struct, forbid_unknown_fields=True):
    """Why staff take the cancel back; the holder gives no reason."""

    reason: Annotated[str, msgspec.Meta(max_length=24)] | None = None


class DeferTicket(msgspec.Struct, forbid_unknown_fields=True):
    """By what the ticket is put off: minutes, or people who are let pass; one of the two."""

    minutes: Literal[5, 15, 30] | None = None
    people: Annotated[int, msgspec.Meta(ge=1, le=DEFER_PEOPLE)] | None = None


class MoveTicket(msgspec.Struct, forbid_unknown_fields=True):
    """The service to wait for instead."""

    service: Annotated[str, msgspec.Meta(max_length=24)]


class RateTicket(msgspec.Struct, forbid_unknown_fields=True):
    """How the visit was: one of the ratings, perhaps with a reason and with words, which the log does not hold."""

    rating: Word
    reason: Word | None = None
    words: Annotated[str, msgspec.Meta(max_length=4 * WORDS_LONGEST)] = ""


class RatedView(msgspec.Struct):
    """The number whose visit was rated."""

    number: str


class WantVisualCall(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the holder wants to be called so that it is seen; nobody asks why."""

    wanted: bool


class CountPeople(msgspec.Struct, forbid_unknown_fields=True):
    """How many people came with the ticket."""

    people: Annotated[int, msgspec.Meta(ge=1, le=PEOPLE_MOST)]


def add_routes(routes: Routes, context: Context) -> None:
    """Declare the routes of tickets."""
    hall, public_url, limits = context.hall, context.public_url, routes.gate.limits

    def encoded(ticket: Ticket, known_id: str | None) -> bytes:
        return msgspec.json.encode(ticket_view(hall, ticket, known_id, public_url))

    phones = Phones()
    _add_taking(routes, hall, encoded)
    _add_changing(routes, hall, encoded)

    def find(request: Request[Any], ticket_id: str) -> tuple[Ticket, str | None]:
        """Return a ticket, and the id it was asked for by.

        Wrong guesses are limited by address; looks, and commands of each kind, by ticket: so that neither guesses nor
        looks keep the holder of a link from giving up the place.

        Raises:
            UnknownTicket: there is none.
            TooMany: too many guesses from this address, or requests of this kind for this ticket.
        """
        try:
            ticket, known_id = find_ticket(hall, ticket_id, staff=request.principal.role in STAFF)
        except UnknownTicket:
            limits.take(f"guesses from {address()}", GUESSES_A_MINUTE)
            raise
        if request.principal == NOBODY:
            method, path = request.identity.route.split()
            if method == "GET":
                limits.take(f"reads of {ticket.ref}", READS_A_MINUTE)
            else:
                limits.take(f"{path.rpartition('/')[2]} of {ticket.ref}", COMMANDS_A_MINUTE)
        return ticket, known_id

    _add_wishes(routes, hall, encoded, find, phones)
    _add_rating(routes, hall, find)
    _add_code(routes, hall, public_url)

    @routes.get(
        "/tickets/<ticket_id>",
        roles=(ANYONE,),
        answer=TicketView,
        summary="My ticket",
        query={"phone": "a name that the phone gave itself; a cancel from another one is asked once more"},
    )
    def get_ticket(request: Request[None], ticket_id: str) -> Reply:
        phone = request.query.get("phone", "")
        if len(phone) > PHONE_LONGEST or not re.fullmatch(PHONE, phone):
            raise BadField(field="phone")
        with hall.reading():
            ticket, known_id = find(request, ticket_id)
            phones.opened(ticket.ref, phone, hall.floor.day)
            body = encoded(ticket, known_id)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if etag in request.if_none_match:
            return Reply(b"", {"ETag": etag}, NOT_CHANGED)
        return Reply(body, {"ETag": etag})

    @routes.get("/numbers/<number>", roles=(ANYONE,), answer=NumberView, summary="Where a number of today stands")
    def get_number(request: Request[None], number: str) -> NumberView:
        with hall.reading():
            limits.take(f"numbers from {address()}", NUMBERS_A_MINUTE)
            if len(number) > NUMBER_LONGEST:
                raise UnknownTicket()
            ticket = hall.floor.tickets[find_number(hall, number)]
            return number_view(hall, ticket, staff=request.principal.role in STAFF)

    @routes.plain("/t/<ticket_id>/paper.png")
    def get_paper(ticket_id: str) -> flask.Response:
        """Return the picture of the paper, as printed or as it would be, to the holder of the id."""
        with hall.reading():
            ticket, _ = find_ticket(hall, ticket_id, staff=False)
            limits.take(f"paper of {ticket.ref}", PAPERS_A_MINUTE)
            last = hall.store.last_print(ticket.ref)
            slip = slip_of(
                hall,
                ticket.ref,
                last is not None and is_marked(hall, last),
                public_url,
                None if last is None else last.procedure,
            )
        assert slip is not None, "the ticket was found above"
        response = flask.Response(context.offload(lambda: context.draw_ticket(slip)), mimetype="image/png")
        response.headers["Cache-Control"] = "no-store"  # the address holds a secret
        return response


def identity_of(request: Request[msgspec.Struct], ticket: Ticket) -> RequestIdentity:
    """Return by whom a ticket is changed: staff, or its holder.

    The holder is the ticket itself, so that equal keys of two holders are not taken for a repeat.
    """
    holder = request.principal.role == ANYONE
    return replace(request.identity, caller=f"ticket:{ticket.ref}") if holder else request.identity


def _add_code(routes: Routes, hall: Hall, public_url: str | None) -> None:
    @routes.plain("/t/<ticket_id>/code.svg")
    def get_code(ticket_id: str) -> flask.Response:
        """Return the code that opens the ticket on a phone, to the holder of the id.

        Raises:
            UnknownTicket: there is none, or phones cannot reach this centre.
            TooMany: too many pictures of this ticket.
        """
        with hall.reading():
            ticket, known_id = find_ticket(hall, ticket_id, staff=False)
            routes.gate.limits.take(f"paper of {ticket.ref}", PAPERS_A_MINUTE)
            link = ticket_view(hall, ticket, known_id, public_url).follow_url
        if link is None:
            raise UnknownTicket()
        response = flask.Response(draw_code(link), mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "no-store"  # the address holds a secret
        return response


def _add_taking(routes: Routes, hall: Hall, encoded: Encoded) -> None:
    limits, floods = routes.gate.limits, routes.gate.floods

    def allow(principal: Principal) -> None:
        """Limit the tickets a minute of a kiosk or a person; a program has the limit of its token.

        Raises:
            TooMany: the limit is reached.
        """
        if principal.subject.startswith("token:"):
            return
        try:
            limits.take(f"tickets of {principal.subject}", TICKETS_A_MINUTE)
        except TooMany:
            if floods.note(principal, hall.now()):
                log.warning("ticket_flood", subject=principal.subject)
            raise

    @routes.post(
        "/tickets",
        roles=(KIOSK, GREETER, CLERK),
        body=TakeTicket,
        answer=TicketView,
        status=201,
        summary="Take a ticket",
    )
    def post_tickets(request: Request[TakeTicket]) -> bytes:
        wanted = request.body
        if wanted.priority_class == URGENT and request.principal.role == KIOSK:
            raise ClassNotAllowed()
        if wanted.number is not None and request.principal.role == KIOSK:
            raise Forbidden()

        allow(request.principal)
        channel = request.principal.role if request.principal.role in (KIOSK, GREETER) else None

        def do(act: Act) -> Issued:
            return take_ticket(
                act,
                wanted.service,
                wanted.priority_class,
                wanted.language,
                wanted.number,
                wanted.people,
                channel,
                wanted.papers_of,
            )

        return hall.execute(request.identity, do, lambda issued: encoded(issued.ticket, issued.id))


def _add_wishes(routes: Routes, hall: Hall, encoded: Encoded, find: Find, phones: Phones) -> None:
    @routes.post(
        "/tickets/<ticket_id>/cancel", roles=(ANYONE,), body=CancelTicket, answer=TicketView, summary="Cancel my ticket"
    )
    def post_cancel(request: Request[CancelTicket], ticket_id: str) -> bytes:
        ticket, known_id = find(request, ticket_id)
        wish = request.body
        if request.principal.role == ANYONE and not wish.confirmed and phones.is_another(ticket.ref, wish.phone):
            raise OpenedElsewhere(number=ticket.number)

        return hall.execute(
            identity_of(request, ticket),
            lambda act: cancel_ticket(act, ticket.ref),
            lambda cancelled: encoded(cancelled, known_id),
        )

    @routes.post(
        "/tickets/<ticket_id>/reinstate",
        roles=(ANYONE,),
        body=ReinstateTicket,
        answer=TicketView,
        summary="Take a cancel back: the holder within two minutes, staff with a reason until the day ends",
    )
    def post_reinstate(request: Request[ReinstateTicket], ticket_id: str) -> bytes:
        ticket, known_id = find(request, ticket_id)
        by_staff, reason = request.principal.role in STAFF, request.body.reason
        if by_staff != (reason is not None):
            raise UnknownReason()

        return hall.execute(
            identity_of(request, ticket),
            lambda act: reinstate_ticket(act, ticket.ref, reason),
            lambda reinstated: encoded(reinstated, known_id),
        )

    @routes.post(
        "/tickets/<ticket_id>/defer",
        roles=(ANYONE,),
        body=DeferTicket,
        answer=TicketView,
        summary="Be called later: 5, 15 or 30 minutes, or behind some people; at most twice",
    )
    def post_defer(request: Request[DeferTicket], ticket_id: str) -> bytes:
        ticket, known_id = find(request, ticket_id)
        wish = request.body

        return hall.execute(
            identity_of(request, ticket),
            lambda act: defer_ticket(act, ticket.ref, wish.minutes, wish.people),
            lambda deferred: encoded(deferred, known_id),
        )

    @routes.post(
        "/tickets/<ticket_id>/visual-call",
        roles=(ANYONE,),
        body=WantVisualCall,
        answer=TicketView,
        summary="Be called so that it is seen, or no longer: the clerk waves, the phone vibrates",
    )
    def post_visual_call(request: Request[WantVisualCall], ticket_id: str) -> bytes:
        ticket, known_id = find(request, ticket_id)

        return hall.execute(
            identity_of(request, ticket),
            lambda act: want_visual_call(act, ticket.ref, request.body.wanted),
            lambda asked: encoded(asked, known_id),
        )


def _add_rating(routes: Routes, hall: Hall, find: Find) -> None:
    @routes.post(
        "/tickets/<ticket_id>/rate",
        roles=(ANYONE,),
        body=RateTicket,
        answer=RatedView,
        summary="How my visit was: once, after its service, on its day; the screen at the counter writes the ref",
    )
    def post_rate(request: Request[RateTicket], ticket_id: str) -> bytes:
        role, rate = request.principal.role, request.body
        if role in PEOPLE:
            raise Forbidden()  # they would rate themselves
        at_counter = role == DISPLAY
        ticket, _ = find_ticket(hall, ticket_id, staff=True) if at_counter else find(request, ticket_id)

        return hall.execute(
            identity_of(request, ticket),
            lambda act: rate_ticket(act, ticket.ref, rate.rating, rate.reason, rate.words, at_counter=at_counter),
            lambda rated: msgspec.json.encode(RatedView(rated.number)),
        )


def _add_changing(routes: Routes, hall: Hall, encoded: Encoded) -> None:
    def changed(
        request: Request[Any], ticket_id: str, change: Callable[[Act, int], Ticket], *, staff: bool = True
    ) -> bytes:
        ticket, known_id = find_ticket(hall, ticket_id, staff=staff)
        return hall.execute(
            request.identity, lambda act: change(act, ticket.ref), lambda after: encoded(after, known_id)
        )

    @routes.post(
        "/tickets/<ticket_id>/print",
        roles=(KIOSK, GREETER, CLERK),
        body=None,
        answer=TicketView,
        summary="Print the ticket once more, marked as a copy",
    )
    def post_print(request: Request[Nothing], ticket_id: str) -> bytes:
        return changed(request, ticket_id, ask_copy, staff=request.principal.role != KIOSK)

    @routes.post(
        "/tickets/<ticket_id>/priority",
        roles=(GREETER, CLERK),
        body=ChangePriority,
        answer=TicketView,
        summary="Grant priority to one who waits, or withdraw it; the arrival stays",
    )
    def post_priority(request: Request[ChangePriority], ticket_id: str) -> bytes:
        return changed(request, ticket_id, lambda act, ref: change_priority(act, ref, request.body.priority_class))

    @routes.post(
        "/tickets/<ticket_id>/service",
        roles=STAFF,
        body=MoveTicket,
        answer=TicketView,
        summary="Move one who waits to another service, with a new number; the arrival stays",
    )
    def post_service(request: Request[MoveTicket], ticket_id: str) -> bytes:
        return changed(request, ticket_id, lambda act, ref: move_ticket(act, ref, request.body.service))

    @routes.post(
        "/tickets/<ticket_id>/people",
        roles=STAFF,
        body=CountPeople,
        answer=TicketView,
        summary="How many people came with the ticket; the order stays",
    )
    def post_people(request: Request[CountPeople], ticket_id: str) -> bytes:
        return changed(request, ticket_id, lambda act, ref: count_people(act, ref, request.body.people))
