"""Routes of the supervisor for programs: the tokens that were made on the command line, and their end."""

from __future__ import annotations

import msgspec

from access import changes
from access.gate import Gate
from access.ports import Token
from access.principal import READERS, SUPERVISOR
from access.programs import is_valid
from access.routes import Nothing, Request, Routes
from hall.hall import Hall
from queueing.events import instant


class TokenView(msgspec.Struct, frozen=True):
    """The token of a program. `active`: it was not revoked, and its end has not come."""

    id: int
    name: str  # empty if it was given none
    role: str
    counter: int | None  # the only one it may act at
    limit_per_minute: int | None
    created_at: str
    expires_at: str | None  # null: it is good until it is revoked
    last_seen_at: str | None  # to the hour
    active: bool


class TokensView(msgspec.Struct, frozen=True):
    """Every token there ever was, in the order they were made."""

    tokens: list[TokenView]


def add_routes(routes: Routes, gate: Gate, hall: Hall) -> None:
    """Declare the routes of programs. None makes a token: its answer would be kept, and the secret with it."""
    programs = gate.programs

    def view(token: Token) -> TokenView:
        return TokenView(
            id=token.id,
            name=token.name,
            role=token.role,
            counter=token.counter,
            limit_per_minute=token.limit_per_minute,
            created_at=instant(token.created_at),
            expires_at=None if token.expires_at is None else instant(token.expires_at),
            last_seen_at=None if token.last_seen_at is None else instant(token.last_seen_at),
            active=is_valid(token, gate.now()),
        )

    @routes.get("/tokens", roles=READERS, answer=TokensView, summary="The tokens of programs")
    def get_tokens(request: Request[None]) -> TokensView:
        return TokensView([view(token) for token in programs.all()])

    @routes.post(
        "/tokens/<int:token>/revoke",
        roles=(SUPERVISOR,),
        body=None,
        answer=TokenView,
        summary="Revoke the token of a program",
    )
    def post_revoke(request: Request[Nothing], token: int) -> bytes:
        return hall.execute(
            request.identity,
            lambda act: changes.revoke_token(act, programs, token),
            lambda revoked: msgspec.json.encode(view(revoked)),
        )
