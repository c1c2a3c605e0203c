"""Compression of answers: over a weak network a phone gets its page in half the time."""

from __future__ import annotations

import gzip
import re

import flask

_SMALLEST = 400  # bytes; below, the header costs what is saved
_LARGEST_ANSWER = 32 * 1024  # pages of the log go over the LAN, and compressing them would delay commands
_LEVEL, _LEVEL_ONCE = 6, 9  # of each answer, and of a file
_TYPES = ("text/html", "text/css", "text/javascript", "application/json", "image/svg+xml")

# A comment that has its lines to itself. Its lines stay, empty, so that an error names the line of the source.
_COMMENT = re.compile(rb"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)$", re.MULTILINE)


def without_comments(source: bytes) -> bytes:
    """Return a script or style sheet of ours without the comments that stand on lines of their own."""
    return _COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), source)


def compress_answers(app: flask.Flask) -> None:
    """Compress pages and answers with gzip for browsers that accept it; a file is compressed once for all.

    Scripts and style sheets go without their comments then, which a phone would pay for.
    """
    packed: dict[str, bytes] = {}

    def compress(response: flask.Response) -> flask.Response:
        request = flask.request
        if request.method != "GET" or response.mimetype not in _TYPES:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code != 200 or not request.accept_encodings["gzip"]:
            return response
        size = response.content_length or 0
        file = response.direct_passthrough
        if size < _SMALLEST or (size > _LARGEST_ANSWER and not file):
            return response
        etag, _ = response.get_etag()
        response.direct_passthrough = False
        if file and etag is not None:
            key = f"{request.endpoint} {response.mimetype} {etag}"
            if key not in packed:
                data = response.get_data()
                ours = response.mimetype in ("text/javascript", "text/css") and "/vendor/" not in request.path
                packed[key] = gzip.compress(without_comments(data) if ours else data, _LEVEL_ONCE, mtime=0)
            body = packed[key]
        else:
            body = gzip.compress(response.get_data(), _LEVEL, mtime=0)
        response.set_data(body)
        response.content_encoding = "gzip"
        if etag is not None:
            response.set_etag(etag, weak=True)  # the same file, but no longer the same bytes
        return response

    app.after_request(compress)
