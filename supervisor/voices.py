"""Routes of the recording studio: the voices recorded at this centre, kept in its data folder and served from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from access.principal import ANYONE, READERS, SUPERVISOR
from access.routes import Reply, Request, Routes
from hall.catalogue.lengths import Code, Line
from hall.hall import Hall
from hall.ports import CannotSave, Offload
from queueing.catalogue import RECORDABLE
from queueing.errors import VoiceRefused
from voice.library import ZIP_LARGEST, About, Library, Recorded, UnusableVoice, unpacked
from voice.recording import Prompt, prompts, room_prompt

T = TypeVar("T")

FOLDER = "voices"  # in the data folder
CLIP_LARGEST = 768 * 1024  # of a request: twelve seconds, in base64
IMPORT_LARGEST = ZIP_LARGEST * 4 // 3 + 4096


class AboutBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who speaks. `consent`: the speaker agrees to be recorded, named and heard; the day is noted."""

    speaker: Line
    dialect: Line
    licence: Line
    consent: bool
    checked_by: Line = ""  # a second speaker who has heard the clips; the day is noted


class ClipBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clip: WAV of one channel, 16 bits, 22,050 samples a second, in base64."""

    clip: Code
    sound: Annotated[bytes, msgspec.Meta(max_length=CLIP_LARGEST)]


class ClipNameBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The clip to take out."""

    clip: Code


class PackFileBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pack as a ZIP, in base64. With `check_only` nothing is written."""

    file: Annotated[bytes, msgspec.Meta(max_length=ZIP_LARGEST)]
    check_only: bool = False


class PromptView(msgspec.Struct):
    """A clip to record: its words, and the clip and words in which they are heard; `recorded`: it is there.

    `example` is empty for the name of a room, which no voice that is shipped says.
    """

    clip: str
    words: str
    example: str
    example_words: str
    recorded: bool


class PackView(msgspec.Struct):
    """A pack as far as it is recorded. Days are local; empty: not yet."""

    pack: str
    dialect: str
    speaker: str
    consent: str
    licence: str
    checked_by: str
    checked_at: str
    version: int
    recorded: int  # clips
    of: int  # clips that a voice needs to count to 9,999
    used: int | None  # the version that the hall uses; null: it is not used


class PackDetailView(PackView, kw_only=True):
    """A pack with the prompts in the order in which they are recorded."""

    prompts: list[PromptView]


class PacksView(msgspec.Struct):
    """All packs that can be recorded here."""

    packs: list[PackView]


class PackClipsView(msgspec.Struct):
    """Where each clip begins in the sound of the pack and how long it is, in seconds."""

    version: int
    clips: dict[str, tuple[float, float]]


def add_routes(routes: Routes, hall: Hall, data: Path, offload: Offload) -> None:
    """Declare the routes of the studio."""
    library = Library(data / FOLDER, RECORDABLE)

    def done(work: Callable[[], T]) -> T:
        """Return what `work` returns, which it does off the event loop."""
        try:
            return offload(work)
        except UnusableVoice as error:
            raise VoiceRefused(error.code, **error.params) from error
        except OSError as error:
            raise CannotSave(str(error)) from error

    def view(recorded: Recorded) -> PackDetailView:
        asked = prompts(recorded.pack)
        return PackDetailView(
            **_about(recorded.about),
            pack=recorded.pack,
            version=recorded.version,
            recorded=sum(prompt.clip in recorded.clips for prompt in asked),
            of=len(asked),
            used=hall.catalogue.hall.voice.packs.get(recorded.pack),
            prompts=[
                PromptView(*prompt, recorded=prompt.clip in recorded.clips)
                for prompt in (*asked, *of_rooms(recorded.pack))
            ],
        )

    def of_rooms(pack: str) -> list[Prompt]:
        """Return the names of the rooms: a call is heard with them on a wall that shows every room."""
        rooms = hall.catalogue.hall.rooms.values()
        return [room_prompt(room.clip, room.names.get(pack) or room.names["vi"]) for room in rooms]

    def today() -> str:
        return hall.now().astimezone(ZoneInfo(hall.catalogue.hall.timezone)).date().isoformat()

    @routes.get("/voices", roles=READERS, answer=PacksView, summary="The voices that can be recorded at this centre")
    def get_voices(request: Request[None]) -> PacksView:
        every = done(lambda: [library.read(pack) for pack in RECORDABLE])
        shown = PackView.__struct_fields__
        return PacksView([PackView(**{name: getattr(pack, name) for name in shown}) for pack in map(view, every)])

    @routes.get(
        "/voices/<pack>", roles=READERS, answer=PackDetailView, summary="One of these voices, and what to record for it"
    )
    def get_voice(request: Request[None], pack: str) -> PackDetailView:
        return view(done(lambda: library.read(pack)))

    @routes.get(
        "/voices/<pack>/clips", roles=(ANYONE,), answer=PackClipsView, summary="Where each clip lies in /voices/…/sound"
    )
    def get_clips(request: Request[None], pack: str) -> PackClipsView:
        recorded = done(lambda: library.read(pack))
        clips = {clip: (place.start_s, place.length_s) for clip, place in recorded.places.items()}
        return PackClipsView(recorded.version, clips)

    @routes.get(
        "/voices/<pack>/sound", roles=(ANYONE,), answer=None, summary="All clips, as one WAV file", media="audio/wav"
    )
    def get_sound(request: Request[None], pack: str) -> Reply:
        return Reply(done(lambda: library.sound(pack)), {"Cache-Control": "no-store"})

    @routes.get(
        "/voices/<pack>/export",
        roles=READERS,
        answer=None,
        summary="The voice as a ZIP, for another centre or to be kept",
        media="application/zip",
    )
    def get_export(request: Request[None], pack: str) -> Reply:
        file = done(lambda: library.exported(pack))
        headers = {"Content-Disposition": f'attachment; filename="giong-{pack}.zip"', "Cache-Control": "no-store"}
        return Reply(file, headers)

    _add_changes(routes, library, done, view, today)


def _add_changes(
    routes: Routes,
    library: Library,
    done: Callable[[Callable[[], Recorded]], Recorded],
    view: Callable[[Recorded], PackDetailView],
    today: Callable[[], str],
) -> None:
    @routes.post(
        "/voices/<pack>/about",
        roles=(SUPERVISOR,),
        body=AboutBody,
        answer=PackDetailView,
        summary="Say who speaks, and that they agree",
    )
    def post_about(request: Request[AboutBody], pack: str) -> PackDetailView:
        body, day = request.body, today()

        def work() -> Recorded:
            before = library.read(pack).about
            checked = (before.checked_at or day) if body.checked_by.strip() else ""
            about = About(
                dialect=body.dialect.strip(),
                speaker=body.speaker.strip(),
                consent=(before.consent or day) if body.consent else "",
                licence=body.licence.strip(),
                checked_by=body.checked_by.strip(),
                checked_at=checked if before.checked_by == body.checked_by.strip() or not checked else day,
            )
            return library.describe(pack, about)

        return view(done(work))

    @routes.post(
        "/voices/<pack>/save",
        roles=(SUPERVISOR,),
        body=ClipBody,
        answer=PackDetailView,
        summary="Put a clip into a voice",
        largest=CLIP_LARGEST,
    )
    def post_save(request: Request[ClipBody], pack: str) -> PackDetailView:
        return view(done(lambda: library.save(pack, request.body.clip, request.body.sound)))

    @routes.post(
        "/voices/<pack>/delete",
        roles=(SUPERVISOR,),
        body=ClipNameBody,
        answer=PackDetailView,
        summary="Take a clip out of a voice",
    )
    def post_delete(request: Request[ClipNameBody], pack: str) -> PackDetailView:
        return view(done(lambda: library.delete(pack, request.body.clip)))

    @routes.post(
        "/voices/import",
        roles=(SUPERVISOR,),
        body=PackFileBody,
        answer=PackDetailView,
        summary="Put the voice of a ZIP in place of the one that is here, or only check it",
        largest=IMPORT_LARGEST,
    )
    def post_import(request: Request[PackFileBody]) -> PackDetailView:
        file = request.body.file
        if request.body.check_only:
            return view(done(lambda: unpacked(file, library.names)[0]))
        return view(done(lambda: library.bring_in(file)))


def _about(about: About) -> dict[str, str]:
    return {name: getattr(about, name) for name in About.__slots__}
