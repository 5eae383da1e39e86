from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import attrs
import pytest

from retainsim.training.typed import AsWritten, EndpointPhraser, NoEndpointError

LINE = "It costs me 80 a month and I hardly use it."


@attrs.define
class Endpoint:
    """A server on this machine that answers as it is told."""

    address: str = ""
    body: bytes = b""
    status: int = 200
    pause: float = 0.0
    asked: list[dict[str, Any]] = attrs.field(factory=list)

    def says(self, content: object) -> None:
        self.body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    told = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
            time.sleep(told.pause)
            try:
                self.send_response(told.status)
                self.send_header("Content-Length", str(len(told.body)))
                self.end_headers()
                self.wfile.write(told.body)
            except BrokenPipeError:
                pass  # nobody waited

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}/v1/"
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def phrased(endpoint: Endpoint, line: str = LINE) -> str:
    return EndpointPhraser(endpoint.address, model="small", timeout=5.0).phrase(
        line, cue="angry", language="en"
    )


def test_a_line_is_said_in_other_words(endpoint: Endpoint) -> None:
    endpoint.says("  Look, I pay 80 every month and almost never use the thing. ")

    said = phrased(endpoint)

    assert said == "Look, I pay 80 every month and almost never use the thing."


def test_the_endpoint_is_told_the_line_its_cue_and_its_language_and_nothing_else(endpoint: Endpoint) -> None:
    endpoint.says(LINE)

    EndpointPhraser(endpoint.address, model="small", key="secret").phrase(LINE, cue="angry", language="he")

    [asked] = endpoint.asked
    orders, line = asked.pop("messages")
    assert asked == {"path": "/v1/chat/completions", "key": "Bearer secret", "model": "small"}
    assert line == {"role": "user", "content": LINE}
    assert "Hebrew" in orders["content"]
    assert "Cue: angry." in orders["content"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "I pay 70 a month.",  # another number
        "Not worth it.",  # a number left out
        "זה עולה לי 80 בחודש.",  # another language
        "80\nHere is another one: 80",
        "I pay 80 a month. " + "Really! " * 40,
        None,
        {"a": 1},
    ],
)
def test_what_does_not_say_the_same_is_not_said(endpoint: Endpoint, content: object) -> None:
    endpoint.says(content)

    assert phrased(endpoint) == LINE


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<html>", b'{"choices": []}', b"\xff\xfe", b"null"])
def test_an_answer_that_cannot_be_read_leaves_the_line_as_written(endpoint: Endpoint, body: bytes) -> None:
    endpoint.body = body

    assert phrased(endpoint) == LINE


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_refusal_leaves_the_line_as_written(endpoint: Endpoint, status: int) -> None:
    endpoint.says("I pay 80 a month.")
    endpoint.status = status

    assert phrased(endpoint) == LINE


def test_silence_leaves_the_line_as_written(endpoint: Endpoint) -> None:
    endpoint.says("I pay 80 a month.")
    endpoint.pause = 1.0

    said = EndpointPhraser(endpoint.address, model="small", timeout=0.1).phrase(
        LINE, cue="angry", language="en"
    )

    assert said == LINE


def test_nobody_there_leaves_the_line_as_written() -> None:
    nobody = EndpointPhraser("http://127.0.0.1:9/v1", model="small", timeout=1.0)

    assert nobody.phrase(LINE, cue="angry", language="en") == LINE


def test_a_hebrew_line_may_hold_marks_of_direction(endpoint: Endpoint) -> None:
    endpoint.says("אני משלם \u2068₪80\u2069 בחודש, וכמעט לא משתמש.")

    said = EndpointPhraser(endpoint.address, model="small").phrase(
        "זה עולה לי \u2068₪80\u2069 בחודש ואני כמעט לא משתמש.", cue="angry", language="he"
    )

    assert said == "אני משלם \u2068₪80\u2069 בחודש, וכמעט לא משתמש."


def test_only_addresses_of_http_are_asked() -> None:
    with pytest.raises(NoEndpointError, match=r"file:///etc/passwd.*http://"):
        EndpointPhraser("file:///etc/passwd", model="small")


def test_without_an_endpoint_the_line_is_said_as_written() -> None:
    assert AsWritten().phrase(LINE, cue="friendly", language="en") == LINE
