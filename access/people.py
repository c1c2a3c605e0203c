"""People: names, passwords, and the sessions they sign in with."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw

from access.backoff import Backoff
from access.errors import BadField, LastSupervisor, NameTaken, TooMany, UnknownUser, WrongPassword
from access.fair_checks import FairChecks
from access.passwords import refuse_common
from access.ports import AccessStore, User
from access.principal import SUPERVISOR, Principal
from access.secret import digest, new_secret
from hall.ports import CannotSave, Offload, RequestIdentity

SESSION_LIFE = timedelta(days=30)
EXTENDED_EVERY = timedelta(hours=1)
# An ended session still shows that the browser is known; see `sign_in`.
SESSION_KEPT = timedelta(days=90)

NAME_LONGEST = 60
PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 200

# 19 MiB and two passes, the least that OWASP's Password Storage Cheat Sheet asks for: the server
# may be a small PC whose other core draws the wall.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when nobody has the name, so that the answer takes as long as for a name that exists.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$yMDp1nSyMVBl76d97gtUvA$cyGC4A2SteYPWWgfwZ8KdudL2Y2xA6kYfM7e+bmRHbM"
# One check at once: of the two cores a small PC has, one stays for the hall.
_CHECKS_WAITING = 8  # of one address, so that many tries from there do not block others
_CHECK_PATIENCE_S = 10
_FREE_TRIES_OF_NAME = 30  # wrong ones from all addresses


_Booked = tuple[Backoff, Hashable]  # where a try is counted, and under which key


class People:
    """The people who may sign in. Changes are made inside the transaction of the caller, if there is one."""

    def __init__(self, store: AccessStore, offload: Offload, now: Callable[[], datetime]) -> None:
        self.store = store
        self._offload = offload
        self._now = now
        self._backoff = Backoff(now)
        # From however many addresses a name is guessed: one try in two seconds, where nobody knows the browser.
        self._name_backoff = Backoff(now, free_tries=_FREE_TRIES_OF_NAME, longest_wait_s=2)
        self._checks = FairChecks(_CHECKS_WAITING, _CHECK_PATIENCE_S)

    # -- accounts ----------------------------------------------------------------------------

    def all(self) -> Sequence[User]:
        """Return all people by name, the disabled too."""
        return self.store.users(self._now())

    def get(self, user: int) -> User:
        """Return the person with this id.

        Raises:
            UnknownUser: there is none.
        """
        person = self.store.user(user, self._now())
        if person is None:
            raise UnknownUser()
        return person

    def hashed(self, password: str, address: str = "", about: Sequence[str] = ()) -> str:
        """Return the hash to store of a new password. Slow on purpose: never call it inside a transaction.

        `about` are names that no password may be made of: the person's and the centre's.

        Raises:
            CommonPassword: it would soon be guessed.
            TooMany: too many are asked for at once, by all or by this address.
        """

        def judge_and_hash() -> str:
            refuse_common(password, about)
            return _HASHER.hash(password)

        with self._checks.take(address):
            return self._offload(judge_and_hash)

    def with_secrets(self, identity: RequestIdentity, secrets: Sequence[str], address: str = "") -> RequestIdentity:
        """Return the identity with a digest that is another one for other secrets.

        It is stored for two days, so it is as slow to guess from as a stored password. Never call it inside a
        transaction.

        Raises:
            TooMany: too many are asked for at once, by all or by this address.
        """
        salt = hashlib.sha256("\0".join((identity.caller, identity.route, identity.key)).encode()).digest()

        def slow() -> bytes:
            return hash_secret_raw(
                "\0".join(secrets).encode(),
                salt,
                _HASHER.time_cost,
                _HASHER.memory_cost,
                _HASHER.parallelism,
                _HASHER.hash_len,
                Type.ID,
            )

        with self._checks.take(address):
            stretched = self._offload(slow)
        return replace(identity, digest=hashlib.sha256(identity.digest.encode() + stretched).hexdigest())

    def may_set_up(self, key: str) -> bool:
        """Return whether this is the key of the one-time link, and it can still be used."""
        return self.store.setup_link_open(digest(key), self._now())

    def add(self, name: str, role: str, hashed: str) -> User:
        """Add a person who may sign in.

        Raises:
            BadField: the name is empty, too long, or holds characters no name has.
            NameTaken: somebody has it, perhaps in other letters.
        """
        name = tidy_name(name)
        if self.store.user_named(name.casefold(), self._now()) is not None:
            raise NameTaken(name=name)
        return self.get(self.store.add_user(name, name.casefold(), role, hashed))

    def set_password(self, user: int, hashed: str, keep: str | None = None) -> User:
        """Set a new password; every session ends but the one whose secret is `keep`.

        Raises:
            UnknownUser: there is none.
        """
        person = self.get(user)
        self.store.save_password(user, hashed)
        self.sign_out_everywhere(user, keep)
        return person

    def disable(self, user: int) -> User:
        """Forbid a person to sign in; all their sessions end at once.

        Raises:
            UnknownUser: there is none.
            LastSupervisor: nobody could let people in again.
        """
        person = self.get(user)
        if person.active and person.role == SUPERVISOR and self.store.active_supervisors() == 1:
            raise LastSupervisor()
        self.store.set_user_active(user, False)
        self.sign_out_everywhere(user)
        return person

    def enable(self, user: int) -> User:
        """Allow a person to sign in again.

        Raises:
            UnknownUser: there is none.
        """
        person = self.get(user)
        self.store.set_user_active(user, True)
        return person

    # -- sessions ----------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, session: str | None = None, address: str = "") -> tuple[User, str]:
        """Check the password, begin a session and return its secret.

        `session` is the secret the browser already holds, of a session that lives or has ended. Wrong
        tries are counted separately for each browser that once signed in under this name, and else for each
        address: so guesses from the hall's Wi-Fi block no clerk at a counter.

        Raises:
            WrongPassword: name and password do not fit.
            TooMany: too many wrong tries for this name, or too many at once.
        """
        folded = tidy_name(name, strict=False).casefold()
        user = self.store.user_named(folded, self._now())
        known = self._known(session, user)
        key = (folded, known or address)
        booked: list[_Booked] = [(self._backoff, key)]
        if not known:
            booked.append((self._name_backoff, folded))
        if not self._fits(_NOBODYS if user is None else user.password, password, address, booked) or user is None:
            raise WrongPassword()
        secret = new_secret()
        with self.store.transaction():
            now = self._now()
            user = self.store.user_named(folded, now)
            # The check took its time; they may have been disabled meanwhile.
            if user is None or not user.active:
                raise WrongPassword()
            self.store.forget_sessions(now - SESSION_KEPT)
            if session is not None:
                self.store.end_session(digest(session), now)  # the browser holds one at a time
            self.store.add_session(digest(secret), user.id, now, now + SESSION_LIFE)
        self._backoff.clear(key)
        self._name_backoff.clear(folded)
        return user, secret

    def knows_present(self, user: int, present: str, session: str, address: str = "") -> bool:
        """Return whether this is their password, before it is changed from the browser with this `session`.

        Slow on purpose. A wrong one counts as a wrong try at that browser's sign-in does.

        Raises:
            UnknownUser: there is none.
            TooMany: too many wrong tries, or too many at once.
        """
        person = self.get(user)
        key = (person.name.casefold(), digest(session))
        right = self._fits(person.password, present, address, [(self._backoff, key)])
        if right:
            self._backoff.clear(key)
        return right

    def sign_out(self, secret: str) -> None:
        """End the session with this secret."""
        self.store.end_session(digest(secret), self._now())

    def sign_out_everywhere(self, user: int, keep: str | None = None) -> None:
        """End every session of a person but the one whose secret is `keep`."""
        self.store.end_sessions(user, self._now(), None if keep is None else digest(keep))

    def holder(self, credential: str) -> Principal | None:
        """Return who holds the living session with this hash; let it last SESSION_LIFE, set once an hour at most."""
        now = self._now()
        session = self.store.session(credential)
        if session is None or not session.active or session.ended_at is not None or now >= session.expires_at:
            return None
        # Later than any life: it was extended while the clock had leapt, and that was taken back.
        if not now + SESSION_LIFE - EXTENDED_EVERY <= session.expires_at <= now + SESSION_LIFE:
            # A full disk must not sign anybody out: the session is good for a month still.
            with suppress(CannotSave):
                self.store.extend_session(credential, now + SESSION_LIFE)
        return Principal(f"user:{session.user}", session.role, session.name, credential=credential)

    def _known(self, secret: str | None, user: User | None) -> str:
        if secret is None or user is None:
            return ""
        session = self.store.session(digest(secret))
        return "" if session is None or session.user != user.id else digest(secret)

    def _fits(self, hashed: str, password: str, address: str, booked: Sequence[_Booked]) -> bool:
        """Return whether the password fits; the try is booked as wrong before.

        Raises:
            TooMany: too many wrong tries before, or too many at once.
        """

        def check() -> bool:
            try:
                return _HASHER.verify(hashed, password)
            except (VerificationError, InvalidHashError):
                return False

        for backoff, key in booked:
            backoff.book(key)
        try:
            with self._checks.take(address):
                return self._offload(check)
        except TooMany:
            for backoff, key in booked:
                backoff.withdraw(key)
            raise


def tidy_name(name: str, strict: bool = True) -> str:
    """Return the name in one spelling: composed letters, single spaces, none at the ends.

    Raises:
        BadField: empty, longer than 60 characters, or with control characters (if `strict`).
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if strict and (
        not 1 <= len(name) <= NAME_LONGEST or any(unicodedata.category(letter)[0] == "C" for letter in name)
    ):
        raise BadField(field="name")
    return name
