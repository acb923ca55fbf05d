"""Promise 4: what a phone fetches to see a board, the first time and later. Bytes as they cross the network."""

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.operations import COOKIE

_FILES = re.compile(rb'(?:src|href)="(/static/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Visit:
    requests: int
    bytes: int

    def __str__(self) -> str:
        return f"{self.bytes / 1000:.1f} KB in {self.requests} request{'s' if self.requests > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Transfers:
    """`changed`: a later visit after something changed on the board; `unchanged`: when nothing did."""

    first: Visit
    changed: Visit
    unchanged: Visit


def measure_transfers(url: str, path: str, secret: str) -> Transfers:
    document, etag, size = _get(url, path, secret)
    files = sorted(set(_FILES.findall(document)))
    sizes = [_get(url, name.decode(), secret)[2] for name in files]
    again = _get(url, path, secret, etag)[2]
    return Transfers(Visit(1 + len(files), size + sum(sizes)), Visit(1, size), Visit(1, again))


def _get(url: str, path: str, secret: str, etag: str = "") -> tuple[bytes, str, int]:
    """(the body, plain, for the document; the ETag; bytes of status line, headers and body as sent)."""
    plain = _request(url, path, secret, "identity", etag)[0] if not etag else b""
    body, headers, size = _request(url, path, secret, "gzip, deflate, br", etag)
    return plain, headers.get("etag", ""), size + len(body)


def _request(url: str, path: str, secret: str, encoding: str, etag: str) -> tuple[bytes, dict[str, str], int]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {"Cookie": f"{COOKIE}={secret}", "Accept-Encoding": encoding}
    connection.request("GET", path, headers=headers | ({"If-None-Match": etag} if etag else {}))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + len(
        "HTTP/1.1 200 OK\r\n\r\n"
    )
    return body, {name.lower(): value for name, value in answer.getheaders()}, head
