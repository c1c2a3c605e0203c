"""What an uploaded file truly is: recognised by its content, not its name, and safe to show.

A picture is drawn again, so that nothing but its dots comes in: no place where it was taken, no page behind it. A film
is only looked at, box by box, for this program can draw none.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

PICTURE_LARGEST = 12 * 2**20
FILM_LARGEST = 32 * 2**20
PIXELS_MOST = 40_000_000  # before anything of a picture is unpacked: 160 MB of memory
SIDE_MOST = 3840  # of a picture as it is kept, for no wall shows more
SIDE_LEAST = 16

PNG, JPEG, WEBP, MP4, WEBM = "png", "jpeg", "webp", "mp4", "webm"
PICTURES, FILMS = (PNG, JPEG, WEBP), (MP4, WEBM)
TYPES = {PNG: "image/png", JPEG: "image/jpeg", WEBP: "image/webp", MP4: "video/mp4", WEBM: "video/webm"}

_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"udta", b"meta", b"pdin", b"moof", b"mfra",
          b"sidx", b"styp", b"ssix", b"prft", b"emsg"}  # fmt: skip
_INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_MP4_PLAYED = {b"avc1", b"avc3", b"vp09", b"av01"}
_MP4_SOUND = {b"mp4a", b"Opus", b"fLaC", b"ac-3", b"ec-3"}
_MP4_OTHERS = {
    b"hvc1": "HEVC",
    b"hev1": "HEVC",
    b"mp4v": "MPEG-4",
    b"dvh1": "HEVC",
    b"apcn": "ProRes",
    b"jpeg": "MJPEG",
}
_EBML, _DOC_TYPE, _SEGMENT, _TRACKS, _TRACK = 0x1A45DFA3, 0x4282, 0x18538067, 0x1654AE6B, 0xAE
_TRACK_KIND, _CODEC, _VIDEO = 0x83, 0x86, 1
_WEBM_PLAYED = ("V_VP8", "V_VP9", "V_AV1")
_ELEMENTS_MOST = 20_000
# A damaged file makes Pillow raise nearly anything.
_DAMAGED = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, struct.error, MemoryError)

REASONS = frozenset(
    """media_unknown media_damaged media_large media_pixels media_small media_codec media_incoming media_gone""".split()
)


class UnusableMedia(Exception):
    """A file that cannot be taken in; `code` is one of REASONS, `params` fill in its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is kept. `width` and `height` are those of a picture, in pixels; 0 for a film."""

    kind: str
    data: bytes
    width: int = 0
    height: int = 0


def read_content(path: Path) -> Content:
    """Return what a file holds, as it is to be kept.

    Raises:
        UnusableMedia: it is not one of the five kinds, too large, too small or damaged, or walls cannot play it.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    if size > FILM_LARGEST:
        raise UnusableMedia("media_large", most=FILM_LARGEST // 2**20)
    data = path.read_bytes()
    if data[4:8] == b"ftyp":
        return Content(MP4, _checked_mp4(data))
    if data[:4] == _EBML.to_bytes(4, "big"):
        return Content(WEBM, _checked_webm(data))
    if size > PICTURE_LARGEST:
        raise UnusableMedia("media_large", most=PICTURE_LARGEST // 2**20)
    return _redrawn(data)


def _redrawn(data: bytes) -> Content:
    try:
        # Only the head is read here: what a picture says of its size comes before any of it is unpacked.
        with Image.open(io.BytesIO(data), formats=[kind.upper() for kind in PICTURES]) as picture:
            kind = str(picture.format).lower()
            width, height = picture.size
            if width * height > PIXELS_MOST:
                raise UnusableMedia("media_pixels", millions=PIXELS_MOST // 1_000_000)
            if min(width, height) < SIDE_LEAST:
                raise UnusableMedia("media_small", least=SIDE_LEAST)
            picture.draft("RGB", (SIDE_MOST, SIDE_MOST))  # a JPEG is unpacked no larger than it is kept
            upright = ImageOps.exif_transpose(picture)
            clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
            plain = upright.convert("RGBA" if clear and kind != JPEG else "RGB")
    except UnusableMedia:
        raise
    except Image.DecompressionBombError as error:
        raise UnusableMedia("media_pixels", millions=PIXELS_MOST // 1_000_000) from error
    except UnidentifiedImageError as error:
        raise UnusableMedia("media_unknown") from error
    except _DAMAGED as error:
        raise UnusableMedia("media_damaged") from error
    plain.thumbnail((SIDE_MOST, SIDE_MOST))
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())  # without anything that was beside the dots
    file = io.BytesIO()
    if kind == JPEG:
        bare.save(file, "JPEG", quality=88)
    elif kind == WEBP:
        bare.save(file, "WEBP", quality=90, method=2)
    else:
        bare.save(file, "PNG")
    return Content(kind, file.getvalue(), *bare.size)


def small_picture(data: bytes, side: int) -> bytes:
    """Return a picture that was taken in as a PNG no larger than `side` in either direction.

    Raises:
        UnusableMedia: it is damaged.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[kind.upper() for kind in PICTURES]) as picture:
            small = picture.convert("RGBA")
    except _DAMAGED as error:
        raise UnusableMedia("media_damaged") from error
    small.thumbnail((side, side))
    file = io.BytesIO()
    small.save(file, "PNG")
    return file.getvalue()


# -- MP4 -------------------------------------------------------------------------------------


def _checked_mp4(data: bytes) -> bytes:
    """Return the film unchanged.

    Raises:
        UnusableMedia: its boxes do not fill the file from end to end, or it holds no picture that walls can play.
    """
    boxes = list(_mp4_boxes(data, 0, len(data)))
    names = [name for name, _, _ in boxes]
    if not _BOXES.issuperset(names) or "moov" not in [name.decode("latin-1") for name in names]:
        raise UnusableMedia("media_damaged")
    codecs = set(_mp4_codecs(data, 0, len(data)))
    if not codecs & _MP4_PLAYED:
        other = next((_MP4_OTHERS[codec] for codec in codecs if codec in _MP4_OTHERS), None)
        raise UnusableMedia("media_codec", codec=other) if other else UnusableMedia("media_damaged")
    return data


def _mp4_boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, first and last byte of what each box holds.

    Raises:
        UnusableMedia: a box is longer than what it stands in, or something stands between or behind boxes.
    """
    for _ in range(_ELEMENTS_MOST):
        if at == end:
            return
        if end - at < 8:
            raise UnusableMedia("media_damaged")
        length, name = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if length == 1 and end - at >= 16:
            (length,) = struct.unpack(">Q", data[at + 8 : at + 16])
            head = 16
        elif length == 0:
            length = end - at
        if length < head or length > end - at:
            raise UnusableMedia("media_damaged")
        yield name, at + head, at + length
        at += length
    raise UnusableMedia("media_damaged")


def _mp4_codecs(data: bytes, at: int, end: int) -> Iterator[bytes]:
    for name, first, last in _mp4_boxes(data, at, end):
        if name in _INSIDE:
            yield from _mp4_codecs(data, first, last)
        elif name == b"stsd" and last - first >= 16:
            yield from (codec for codec, _, _ in _mp4_boxes(data, first + 8, last))


# -- WebM ------------------------------------------------------------------------------------


def _checked_webm(data: bytes) -> bytes:
    """Return the film unchanged.

    Raises:
        UnusableMedia: it is no WebM, or holds no picture that walls can play.
    """
    heads = list(_webm_elements(data, 0, len(data)))
    if not heads or heads[0][0] != _EBML or {name for name, _, _ in heads} - {_EBML, _SEGMENT}:
        raise UnusableMedia("media_damaged")
    first, last = heads[0][1:]
    kinds = [data[a:b].rstrip(b"\0") for name, a, b in _webm_elements(data, first, last) if name == _DOC_TYPE]
    if kinds != [b"webm"]:
        raise UnusableMedia("media_unknown")
    codecs = [codec for name, a, b in heads if name == _SEGMENT for codec in _webm_codecs(data, a, b)]
    if not codecs:
        raise UnusableMedia("media_damaged")
    if not any(codec in _WEBM_PLAYED for codec in codecs):
        raise UnusableMedia("media_codec", codec=codecs[0].removeprefix("V_")[:20])
    return data


def _webm_codecs(data: bytes, at: int, end: int) -> Iterator[str]:
    """Yield the codecs of the pictures in a segment; the tracks stand before what is shown."""
    for name, first, last in _webm_elements(data, at, end):
        if name == _TRACKS:
            for track, a, b in _webm_elements(data, first, last):
                parts = {part: data[c:d] for part, c, d in _webm_elements(data, a, b)} if track == _TRACK else {}
                if int.from_bytes(parts.get(_TRACK_KIND, b""), "big") == _VIDEO:
                    yield parts.get(_CODEC, b"").rstrip(b"\0").decode("latin-1")
            return


def _webm_elements(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield id, first and last byte of what each element holds; one of unknown length reaches to the end.

    Raises:
        UnusableMedia: an element is longer than what it stands in, or cannot be read.
    """
    for _ in range(_ELEMENTS_MOST):
        if at == end:
            return
        name, at = _webm_number(data, at, end, keep_mark=True)
        length, at = _webm_number(data, at, end, keep_mark=False)
        last = end if length < 0 else at + length
        if last > end:
            raise UnusableMedia("media_damaged")
        yield name, at, last
        at = last
    raise UnusableMedia("media_damaged")


def _webm_number(data: bytes, at: int, end: int, *, keep_mark: bool) -> tuple[int, int]:
    """Return a number of EBML and where the next begins; -1 for a length that is not known."""
    if at >= end or data[at] == 0:
        raise UnusableMedia("media_damaged")
    width = 9 - data[at].bit_length()
    if at + width > end:
        raise UnusableMedia("media_damaged")
    value = int.from_bytes(data[at : at + width], "big")
    if keep_mark:
        return value, at + width
    mark = 1 << (7 * width)
    return (-1 if value == 2 * mark - 1 else value - mark), at + width
