"""Routes of the notice board: files taken in and kept in the data folder, what is shown, and the files themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

import flask
import msgspec

from access.errors import NoSuchPage
from access.principal import DISPLAY, READERS, SUPERVISOR
from access.routes import Nothing, Request, Routes
from hall.catalogue.lengths import Code, Line, Many
from hall.catalogue.posters import FILES_LARGEST, FILES_MOST, MediaFile, Poster
from hall.hall import Act, Hall
from hall.ports import CannotSave, Offload
from hall.settings import change as settings
from hall.settings.change import Changed
from hall.settings.posters import shown_name
from hall.views.posters import ShownPostersView, is_complete, shown_posters
from media.content import FILM_LARGEST, FILMS, PICTURE_LARGEST, PNG, TYPES, UnusableMedia, small_picture
from media.folder import PIECE_LARGEST, MediaFolder
from queueing.errors import MediaRefused
from supervisor.settings_api import ChangedView

T = TypeVar("T")


class Done(Protocol):
    """Returns what the work returns, which it does off the event loop; what goes wrong becomes a refusal."""

    def __call__(self, work: Callable[[], T]) -> T: ...


FOLDER = "media"  # in the data folder
PIECE_BODY = PIECE_LARGEST * 4 // 3 + 1024  # a piece in base64
BOARD_LARGEST = 192 * 1024  # thirty posters of twenty pictures each, with their texts
LOGO_SIDE = 320  # pixels: the heads of all screens, also of a wall of 4K
_FOR_EVER = "private, max-age=31536000, immutable"  # another content has another address


class PieceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of a file: `upload` is a name of your own choice, 16 to 32 of 0-9 and a-f; content in base64."""

    upload: Code
    at: int
    content: Annotated[bytes, msgspec.Meta(max_length=PIECE_LARGEST)]


class UploadBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of which all pieces were sent, and its name."""

    upload: Code
    name: Line


class PostersBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The notice board from now on, in its order."""

    posters: Many[Poster]


class PieceView(msgspec.Struct):
    """How many bytes of the upload are there: where the next piece begins."""

    at: int


class MediaView(msgspec.Struct):
    """A file; `missing`: it is not there any more, or damaged. `used`: a poster shows it, or it is the logo."""

    id: str
    name: str
    kind: str
    film: bool
    bytes: int
    width: int
    height: int
    used: bool
    missing: bool


class TakenInView(msgspec.Struct):
    """The id of the file. `new`: it was not there before; then `seq` is that of the event."""

    id: str
    new: bool
    seq: int | None


class PostersView(msgspec.Struct):
    """The notice board, and the files that it may show.

    `incomplete`: the places, from 0, of posters whose procedure is gone or has no checked address.
    """

    posters: tuple[Poster, ...]
    incomplete: list[int]
    files: list[MediaView]
    logo: str  # one of the pictures, or empty
    bytes: int
    most_bytes: int
    most_files: int
    picture_largest: int
    film_largest: int


def add_routes(routes: Routes, hall: Hall, data: Path, offload: Offload) -> None:
    """Declare the routes of the notice board."""
    folder = MediaFolder(data / FOLDER)

    def done(work: Callable[[], T]) -> T:
        """Return what `work` returns, which it does off the event loop."""
        try:
            return offload(work)
        except UnusableMedia as error:
            raise MediaRefused(error.code, **error.params) from error
        except OSError as error:
            raise CannotSave(str(error)) from error

    @routes.get("/posters", roles=READERS, answer=PostersView, summary="The notice board of the walls, and its files")
    def get_posters(request: Request[None]) -> PostersView:
        with hall.reading():
            catalogue = hall.catalogue
        own = catalogue.hall
        sound = done(lambda: {file.id for file in own.media if folder.is_sound(file.id)})
        used = {own.logo, *(name for poster in own.posters for name in poster.files)}
        return PostersView(
            posters=own.posters,
            incomplete=[at for at, poster in enumerate(own.posters) if not is_complete(catalogue, poster)],
            files=[
                MediaView(
                    **msgspec.structs.asdict(file),
                    film=file.kind in FILMS,
                    used=file.id in used,
                    missing=file.id not in sound,
                )
                for file in own.media
            ],
            logo=own.logo,
            bytes=sum(file.bytes for file in own.media),
            most_bytes=FILES_LARGEST,
            most_files=FILES_MOST,
            picture_largest=PICTURE_LARGEST,
            film_largest=FILM_LARGEST,
        )

    @routes.get(
        "/posters/shown",
        roles=(DISPLAY, *READERS),
        answer=ShownPostersView,
        summary="What a wall shows between calls; to a person, what all walls show",
    )
    def get_shown(request: Request[None]) -> ShownPostersView:
        kind, _, device = request.principal.subject.partition(":")
        with hall.reading():
            return shown_posters(hall, int(device) if kind == "device" else None)

    _add_files(routes, hall, folder, offload)
    _add_changes(routes, hall, folder, done)


def _add_files(routes: Routes, hall: Hall, folder: MediaFolder, offload: Offload) -> None:
    @routes.plain("/media/<name>")
    def get_media(name: str) -> flask.Response:
        """Return a picture or film of the notice board, or the logo.

        Raises:
            NoSuchPage: there is none of this id any more.
        """
        with hall.reading():
            file = next((file for file in hall.catalogue.hall.media if file.id == name), None)
        if file is None:
            raise NoSuchPage()
        try:
            content = offload(lambda: folder.read(file.id))
        except UnusableMedia as error:
            raise NoSuchPage() from error
        response = flask.Response(content, mimetype=TYPES[file.kind])
        response.headers["Cache-Control"] = _FOR_EVER
        return response

    small: dict[str, bytes] = {}

    @routes.plain("/logo/<name>")
    def get_logo(name: str) -> flask.Response:
        """Return the logo of the centre as the heads of its screens show it.

        Raises:
            NoSuchPage: the logo is another one.
        """
        with hall.reading():
            logo = hall.catalogue.hall.logo
        if not logo or logo != name:
            raise NoSuchPage()
        if name not in small:
            try:
                content = offload(lambda: small_picture(folder.read(name), LOGO_SIDE))
            except UnusableMedia as error:
                raise NoSuchPage() from error
            small.clear()
            small[name] = content
        response = flask.Response(small[name], mimetype=TYPES[PNG])
        response.headers["Cache-Control"] = _FOR_EVER
        return response


def _add_changes(routes: Routes, hall: Hall, folder: MediaFolder, done: Done) -> None:
    def change(request: Request[object], use_case: Callable[[Act], Changed]) -> bytes:
        return hall.execute(
            request.identity, use_case, lambda saved: msgspec.json.encode(ChangedView(saved.seq, list(saved.changes)))
        )

    def sweep() -> None:
        with hall.reading():
            wanted = settings.media_wanted(hall)
        done(lambda: folder.sweep(wanted))

    @routes.post(
        "/media/pieces",
        roles=(SUPERVISOR,),
        body=PieceBody,
        answer=PieceView,
        summary="Send a piece of a picture or film, in order; the same piece again is harmless",
        largest=PIECE_BODY,
    )
    def post_piece(request: Request[PieceBody]) -> PieceView:
        body = request.body
        return PieceView(at=done(lambda: folder.add_piece(body.upload, body.at, body.content)))

    @routes.post(
        "/media",
        roles=(SUPERVISOR,),
        body=UploadBody,
        answer=TakenInView,
        status=201,
        summary="Take in the file whose pieces were sent, after a check of what it holds",
    )
    def post_media(request: Request[UploadBody]) -> bytes:
        upload = request.body.upload
        name, content = done(lambda: folder.take_in(upload))
        shown = shown_name(request.body.name, content.kind)
        file = MediaFile(name, shown, content.kind, len(content.data), content.width, content.height)
        answer = hall.execute(
            request.identity,
            lambda act: settings.add_media(act, file),
            lambda saved: msgspec.json.encode(TakenInView(name, saved.seq is not None, saved.seq)),
        )
        sweep()
        return answer

    @routes.post(
        "/media/<name>/remove", roles=(SUPERVISOR,), body=None, answer=ChangedView, summary="Remove a picture or film"
    )
    def post_remove(request: Request[Nothing], name: str) -> bytes:
        answer = change(request, lambda act: settings.remove_media(act, name))
        sweep()
        return answer

    @routes.post(
        "/settings/posters",
        roles=(SUPERVISOR,),
        body=PostersBody,
        answer=ChangedView,
        summary="Replace the notice board of the walls",
        largest=BOARD_LARGEST,
    )
    def post_posters(request: Request[PostersBody]) -> bytes:
        return change(request, lambda act: settings.change_posters(act, request.body.posters))
