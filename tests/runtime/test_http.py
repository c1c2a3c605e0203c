"""What two servers may understand differently is refused."""

from http import HTTPStatus

import pytest

from runtime.http import malformed

HOST = ("Host", "x")

CLEAR = {
    "nothing": [HOST],
    "a length": [HOST, ("Content-Length", "20")],
    "chunks": [HOST, ("Transfer-Encoding", "Chunked")],
    "a tab": [HOST, ("X", "a\tb")],
    "letters of other countries": [HOST, ("X", "Nguy\xc3\xaan")],
}
UNCLEAR = {
    "two lengths": [HOST, ("Content-Length", "2"), ("content-length", "3")],
    "the same length twice": [HOST, ("Content-Length", "2"), ("Content-Length", "2")],
    "two lengths in one": [HOST, ("Content-Length", "2, 2")],
    "a length with a sign": [HOST, ("Content-Length", "+2")],
    "a length with a line": [HOST, ("Content-Length", "1_0")],
    "a length of no digits": [HOST, ("Content-Length", "")],
    "a length of wide digits": [HOST, ("Content-Length", "\uff12")],
    "a huge length": [HOST, ("Content-Length", "9" * 20)],
    "length and chunks": [HOST, ("Content-Length", "2"), ("Transfer-Encoding", "chunked")],
    "two hosts": [HOST, ("host", "y")],
    "no host": [],
    "a NUL": [HOST, ("X", "a\0b")],
    "a line within": [HOST, ("X", "a\r\n b")],
    "half a line within": [HOST, ("X", "a\rb")],
    "a space before the colon": [HOST, ("Content-Length ", "2")],
    "a name that is none": [HOST, ("X\xa0Y", "2")],
}
UNKNOWN = {
    "gzip": [HOST, ("Transfer-Encoding", "gzip")],
    "two codings": [HOST, ("Transfer-Encoding", "gzip, chunked")],
    "chunks twice": [HOST, ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
    "chunks with a parameter": [HOST, ("Transfer-Encoding", "chunked;x")],
}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        *((headers, None) for headers in CLEAR.values()),
        *((headers, HTTPStatus.BAD_REQUEST) for headers in UNCLEAR.values()),
        *((headers, HTTPStatus.NOT_IMPLEMENTED) for headers in UNKNOWN.values()),
    ],
    ids=[*CLEAR, *UNCLEAR, *UNKNOWN],
)
def test_given_a_head_then_it_is_clear_or_refused(headers, status):
    assert malformed("HTTP/1.1", headers) == status


def test_given_a_request_of_http_1_0_then_it_needs_no_host_and_has_no_chunks():
    assert malformed("HTTP/1.0", []) is None
    assert malformed("HTTP/1.0", [("Transfer-Encoding", "chunked")]) == HTTPStatus.BAD_REQUEST
