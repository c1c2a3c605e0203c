"""The use case that publishes the open data of a month, and whether what was published is still what it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hall.hall import Act
from hall.ports import HallStore
from hall.public_months import SCHEMA_VERSION
from queueing import events as ev


class PublishedFile(NamedTuple):
    """A published file: the event of its publication, and its bytes; None where they are gone or are others now."""

    name: str
    month: str
    sha256: str
    size: int
    seq: int
    data: bytes | None


def publish_month(act: Act, month: str, files: Mapping[str, bytes]) -> int:
    """Save the files of a month and append an event with the hash of each; return how many were new or differ.

    A file that was published before with the same bytes, and was lost in a restore, is saved again without an event.
    """
    store, before = act.hall.store, latest(act.hall.store)
    count = 0
    for name, data in files.items():
        store.save_publication(name, data)
        digest = hashlib.sha256(data).hexdigest()
        if name in before and before[name].data["sha256"] == digest:
            continue
        published = ev.FiguresPublished(
            name=name, month=month, sha256=digest, size=len(data), schema=SCHEMA_VERSION, by=act.by
        )
        act.append(ev.FIGURES_PUBLISHED, published)
        count += 1
    return count


def latest(store: HallStore) -> dict[str, ev.Event[ev.FiguresPublished]]:
    """Return the last publication of each file, by name."""
    return {event.data["name"]: event for event in store.events_of(ev.FIGURES_PUBLISHED)}


def published_files(store: HallStore) -> list[PublishedFile]:
    """Return every published file, by name; each is compared with its hash in the log."""
    return [_file(store, name, event) for name, event in sorted(latest(store).items())]


def _file(store: HallStore, name: str, event: ev.Event[ev.FiguresPublished]) -> PublishedFile:
    data, said = store.publication(name), event.data
    if data is not None and hashlib.sha256(data).hexdigest() != said["sha256"]:
        data = None
    return PublishedFile(name, said["month"], said["sha256"], said["size"], event.seq, data)


def changed_publications(store: HallStore) -> Iterator[str]:
    """Yield the names of files that are not what was published: their hash is not in the log.

    A file that is missing is no fault: it is made again.
    """
    logged = latest(store)
    for name in store.publications():
        data = store.publication(name) or b""
        if name not in logged or hashlib.sha256(data).hexdigest() != logged[name].data["sha256"]:
            yield name
