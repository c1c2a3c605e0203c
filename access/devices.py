"""Kiosks and walls: paired once by a code that a supervisor confirms."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from access.backoff import Backoff
from access.errors import UnknownDevice, UnknownPairingCode
from access.people import tidy_name
from access.ports import AccessStore, Device
from access.principal import Principal
from access.secret import digest, new_secret
from hall.ports import CannotSave

CODE_LIFE = timedelta(minutes=10)
WAITING_AT_MOST = 50
SHARE = 5  # codes of one address, none of which is dropped for another's; more screens are not set up at once at one PC
ASKS_WITHIN = timedelta(seconds=10)  # a screen asks every two seconds whether it was paired
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A device that shows a code and waits to be confirmed."""

    code: str
    kind: str
    since: datetime
    credential: str  # hash of the secret its browser holds
    address: str

    @property
    def expires_at(self) -> datetime:
        """Return when the code stops being valid."""
        return self.since + CODE_LIFE


class Devices:
    """The paired devices, and those that wait for a supervisor to confirm them.

    Those that wait are kept in memory only: anybody may ask for a code, and that must not cost a
    write to the disk. After a restart the screens ask again by themselves.
    """

    def __init__(self, store: AccessStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self.tries = Backoff(now)
        self._waiting: dict[str, Waiting] = {}  # by code, oldest first
        self._asked: dict[str, datetime] = {}  # by code: when it last asked whether it was paired
        self._lock = threading.Lock()

    def ask(self, kind: str, secret: str | None, address: str = "") -> tuple[Waiting, str]:
        """Return a code for a device that asks to be paired, and the secret for its browser.

        `secret` is the one it may already hold; as long as its code lasts it gets the same again.
        """
        with self._lock:
            self._drop_old()
            if secret is not None:
                for waiting in self._waiting.values():
                    if waiting.credential == digest(secret) and waiting.kind == kind:
                        return waiting, secret
            while len(self._waiting) >= WAITING_AT_MOST:
                self._forget(self._least_needed())
            secret = new_secret()
            waiting = Waiting(self._free_code(), kind, self._now(), digest(secret), address)
            self._waiting[waiting.code] = waiting
            return waiting, secret

    def waiting(self) -> list[Waiting]:
        """Return the devices that wait, oldest first."""
        with self._lock:
            self._drop_old()
            return list(self._waiting.values())

    def waiting_with(self, secret: str) -> Waiting | None:
        """Return the device that waits with this secret, None if there is none."""
        credential = digest(secret)
        device = next((waiting for waiting in self.waiting() if waiting.credential == credential), None)
        if device is not None:
            self._asked[device.code] = self._now()
        return device

    def confirm(self, code: str, name: str) -> Device:
        """Pair the device that shows this code. Call `paired` when that is committed.

        Raises:
            UnknownPairingCode: no device shows it now.
            BadField: the name is empty, too long, or holds characters no name has.
        """
        name = tidy_name(name)
        device = next((waiting for waiting in self.waiting() if waiting.code == code), None)
        if device is None:
            raise UnknownPairingCode()
        return self.get(self._store.add_device(device.credential, device.kind, name, self._now()))

    def paired(self, code: str) -> None:
        """Remove the device with this code from those that wait."""
        with self._lock:
            self._forget(code)

    def all(self) -> Sequence[Device]:
        """Return every device there ever was, the revoked too."""
        return self._store.devices()

    def get(self, device: int) -> Device:
        """Return the device with this id.

        Raises:
            UnknownDevice: there is none.
        """
        paired = next((known for known in self._store.devices() if known.id == device), None)
        if paired is None:
            raise UnknownDevice()
        return paired

    def measure(self, device: int, diagonal_mm: int, edge_mm: int) -> Device:
        """Save the size of a device's screen and how high it hangs.

        Raises:
            UnknownDevice: there is none.
        """
        self.get(device)
        self._store.save_glass(device, diagonal_mm, edge_mm)
        return self.get(device)

    def revoke(self, device: int) -> Device:
        """End the access of a device at once.

        Raises:
            UnknownDevice: there is none.
        """
        paired = self.get(device)
        self._store.revoke_device(device)
        return paired

    def holder(self, credential: str) -> Principal | None:
        """Return the device that holds the secret with this hash; note when it was seen, once a minute at most."""
        device = self._store.device(credential)
        if device is None or not device.active:
            return None
        now = self._now()
        if device.last_seen_at is None or device.last_seen_at + SEEN_EVERY < now:
            with suppress(CannotSave):
                self._store.device_seen(device.id, now)
        return Principal(f"device:{device.id}", device.kind, device.name, credential=credential)

    def _drop_old(self) -> None:
        now = self._now()
        for waiting in list(self._waiting.values()):
            if now >= waiting.expires_at:
                self._forget(waiting.code)

    def _forget(self, code: str) -> None:
        self._waiting.pop(code, None)
        self._asked.pop(code, None)

    def _least_needed(self) -> str:
        """Return the code to drop when there are too many.

        It is one of the address that holds most, so an address that asks for codes without end loses its own, whether
        it asks about them or not. Of one address, and among those that hold few, it is the oldest that no screen asks
        about.
        """
        held = Counter(waiting.address for waiting in self._waiting.values())
        lately = self._now() - ASKS_WITHIN

        def need(waiting: Waiting) -> tuple[int, bool, datetime]:
            asked = self._asked.get(waiting.code)
            return -max(held[waiting.address], SHARE), asked is not None and asked > lately, waiting.since

        return min(self._waiting.values(), key=need).code

    def _free_code(self) -> str:
        while True:
            code = f"{secrets.randbelow(1_000_000):06d}"
            if code not in self._waiting:
                return code


def pair_device(store: AccessStore, kind: str, name: str, at: datetime) -> str:
    """Pair a device without a code and return the secret for its cookie. For those who hold the database."""
    secret = new_secret()
    store.add_device(digest(secret), kind, tidy_name(name), at)
    return secret
