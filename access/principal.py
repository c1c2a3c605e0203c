"""The roles, and the caller of a request."""

from __future__ import annotations

from dataclasses import dataclass, field

SUPERVISOR = "supervisor"
CLERK = "clerk"
GREETER = "greeter"
INSPECTOR = "inspector"
KIOSK = "kiosk"
DISPLAY = "display"
ANYONE = "anyone"  # as a role: nobody signed in; at a route: open to all

PEOPLE = (CLERK, GREETER, SUPERVISOR, INSPECTOR)  # as a form offers them: those given most often first
DEVICES = (KIOSK, DISPLAY)
ROLES = PEOPLE + DEVICES
READERS = (SUPERVISOR, INSPECTOR)  # who may see figures, log and settings


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of a request: a person, a device, a program, or anyone.

    `subject` is "user:3", "device:2", "token:4" or "anyone"; `counter` and `limit_per_minute` are
    those of a program's token.
    """

    subject: str
    role: str
    name: str
    counter: int | None = None
    limit_per_minute: int | None = None
    # Hash of the session, device or token they came with: one session of a person can end while
    # another goes on.
    credential: str = field(default="", repr=False, compare=False)


NOBODY = Principal("anyone", ANYONE, "")
