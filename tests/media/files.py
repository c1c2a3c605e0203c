"""Pictures and films made for tests: true ones, and those that somebody might smuggle in."""

import io
import struct
import zlib

from PIL import Image

PAGE = b"<script>alert(document.cookie)</script>"


def picture(kind="png", size=(160, 90), colour=(11, 50, 82), **options):
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB" if kind == "jpeg" else "RGBA", size, colour).save(file, kind.upper(), **options)
    return file.getvalue()


def huge_png(width, height):
    """A small file that says it holds a picture of this size, all of it black."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(2_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def box(name, *inside):
    """A box of an MP4 file."""
    data = b"".join(inside)
    return struct.pack(">I4s", len(data) + 8, name) + data


def mp4(codec=b"avc1", more=b""):
    """A film of MP4 with one track of this codec; it has no pictures that could be played."""
    description = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(78)))
    track = box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", description))))
    return box(b"ftyp", b"isom", bytes(4), b"isomavc1") + box(b"moov", track) + box(b"mdat", bytes(64)) + more


def element(name, *inside):
    """An element of a WebM file."""
    data = b"".join(inside)
    return name + (len(data) | 1 << 28).to_bytes(4, "big") + data


def webm(codec=b"V_VP8", kind=b"webm", more=b""):
    """A film of WebM with one track of this codec; it has no pictures that could be played."""
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", kind))
    track = element(b"\xae", element(b"\x83", b"\x01"), element(b"\x86", codec))
    return head + element(b"\x18\x53\x80\x67", element(b"\x16\x54\xae\x6b", track)) + more
