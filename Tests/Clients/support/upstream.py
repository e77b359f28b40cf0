"""A vendor that misbehaves as the prompt tells it to: a message `fault:NAME` names the way.

`fault:NAME,NAME` with a `mark:MARK` tells what to do each time a request with that mark arrives; the last one stays.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Writer = asyncio.StreamWriter


@dataclass
class Seen:
    """One request as it arrived, and what became of its connection."""

    head: bytes
    body: bytes
    at: float
    closed_at: float | None = None
    closed: threading.Event = field(default_factory=threading.Event)


def answer(status: str, body: bytes, *more: str, kind: str = "application/json") -> bytes:
    # Said, because it is so: one answer, and the connection is closed.
    fields = [f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close", *more]
    return f"HTTP/1.1 {status}\r\n{''.join(f + chr(13) + chr(10) for f in fields)}\r\n".encode() + body


def vendor_error(status: str, message: str, type_: str, *more: str) -> bytes:
    body = {"error": {"message": message, "type": type_, "param": None, "code": None}}
    return answer(status, json.dumps(body).encode(), *more)


def completion(text: str = "fine") -> bytes:
    return json.dumps(
        {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1776947082, "model": "o4-mini-2025-04-16",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip


def event(delta: dict[str, str], finish: str | None = None, end: str = "\n\n") -> bytes:
    document = {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1776947082, "model": "o4-mini-2025-04-16",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }  # fmt: skip
    return f"data: {json.dumps(document, ensure_ascii=False)}{end}".encode()


USAGE_EVENT = (
    b'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1776947082,"model":"o4-mini-2025-04-16",'
    b'"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}\n\n'
)
STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: close\r\n\r\n"
)
# Longer than tests tell the gateway to wait for a first byte.
LATE_SECONDS = 0.4
SPLIT_TEXT = "Grüße aus Köln, 日本語 🚀"


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


FAULTS: dict[str, Callable[[Writer], Awaitable[None]]] = {}


def fault(behaviour: Callable[[Writer], Awaitable[None]]) -> Callable[[Writer], Awaitable[None]]:
    FAULTS[behaviour.__name__.replace("_", "-")] = behaviour
    return behaviour


def _says(name: str, data: bytes) -> None:
    async def behaviour(writer: Writer) -> None:
        writer.write(data)

    FAULTS[name] = behaviour


_says("none", answer("200 OK", completion()))
_says("other", answer("200 OK", completion("other")))
_says("status-500", vendor_error("500 Internal Server Error", "the vendor fell over", "server_error"))
_says("status-429", vendor_error("429 Too Many Requests", "slow down", "rate_limit_error", "Retry-After: 7"))
_says("status-408", vendor_error("408 Request Timeout", "too slow", "timeout_error"))
_says("status-409", vendor_error("409 Conflict", "somebody else is at it", "conflict_error"))
_says("status-429-bare", vendor_error("429 Too Many Requests", "slow down", "rate_limit_error"))
_says("status-429-now", vendor_error("429 Too Many Requests", "slow down", "rate_limit_error", "Retry-After: 0"))
_says("status-429-never", vendor_error("429 Too Many Requests", "come tomorrow", "rate_limit_error", "Retry-After: 86400"))
_says("status-503", vendor_error("503 Service Unavailable", "the vendor is full", "server_error"))
_says("status-400", vendor_error("400 Bad Request", "temperature must be at most 2", "invalid_request_error"))
_says("status-422", vendor_error("422 Unprocessable Entity", "unknown tool name", "invalid_request_error"))
_says("status-400-html", answer("400 Bad Request", b"<html>no</html>", kind="text/html"))
_says("not-http", b"\x00\xffSSH-2.0-no such protocol\r\n\r\n")
_says("html", answer("200 OK", b"<html><body>welcome</body></html>", kind="text/html"))
_says("half-json", answer("200 OK", completion()[:100]))
_says("wrong-shape", answer("200 OK", b'{"hello":"world"}'))
_says("empty-body", answer("200 OK", b""))
_says("redirect", answer("302 Found", b"", "Location: http://127.0.0.1:1/elsewhere"))


@fault
async def nothing(writer: Writer) -> None:
    """Closes without a word."""


@fault
async def short_body(writer: Writer) -> None:
    """Announces more than it sends."""
    writer.write(answer("200 OK", completion())[:-60])


@fault
async def reset(writer: Writer) -> None:
    """Breaks the connection before it says anything."""
    writer.transport.abort()


@fault
async def body_resets(writer: Writer) -> None:
    """Breaks the connection in the middle of a whole answer."""
    writer.write(answer("200 OK", completion())[:-60])
    await writer.drain()
    await asyncio.sleep(0.1)  # a reset takes unread bytes with it
    writer.transport.abort()


@fault
async def body_stalls(writer: Writer) -> None:
    writer.write(answer("200 OK", completion())[:-60])
    await writer.drain()
    await asyncio.sleep(3600)


@fault
async def late(writer: Writer) -> None:
    """Answers well, but not at once."""
    await asyncio.sleep(LATE_SECONDS)
    writer.write(answer("200 OK", completion()))


@fault
async def stream_slow_end(writer: Writer) -> None:
    """Begins its stream at once and takes its time for the rest."""
    await _begin_stream(writer)
    await asyncio.sleep(LATE_SECONDS)
    writer.write(chunk(event({"content": "two"})) + chunk(event({}, "stop")) + chunk(USAGE_EVENT))
    writer.write(chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")


@fault
async def silent(writer: Writer) -> None:
    """Takes the request and never answers."""
    await asyncio.sleep(3600)


async def _begin_stream(writer: Writer) -> None:
    writer.write(STREAM_HEAD + chunk(event({"role": "assistant", "content": ""})) + chunk(event({"content": "one "})))
    await writer.drain()


@fault
async def stream(writer: Writer) -> None:
    """A stream as it should be."""
    await _begin_stream(writer)
    writer.write(chunk(event({"content": "two"})) + chunk(event({}, "stop")) + chunk(USAGE_EVENT))
    writer.write(chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")


@fault
async def stream_stalls(writer: Writer) -> None:
    await _begin_stream(writer)
    await asyncio.sleep(3600)


@fault
async def stream_closes(writer: Writer) -> None:
    """Ends the connection in the middle of the stream."""
    await _begin_stream(writer)


@fault
async def stream_ends_early(writer: Writer) -> None:
    """Ends the body in good order, but without a finish."""
    await _begin_stream(writer)
    writer.write(b"0\r\n\r\n")


@fault
async def stream_half_event(writer: Writer) -> None:
    """Closes in the middle of an event."""
    await _begin_stream(writer)
    writer.write(chunk(event({"content": "never seen whole"})[:60]))


@fault
async def stream_error_event(writer: Writer) -> None:
    """Tells of its failure within the stream."""
    await _begin_stream(writer)
    writer.write(chunk(b'data: {"error":{"message":"the model fell over","type":"server_error","code":null}}\n\n'))
    writer.write(b"0\r\n\r\n")


@fault
async def stream_resets(writer: Writer) -> None:
    await _begin_stream(writer)
    await asyncio.sleep(0.1)  # a reset takes unread bytes with it
    writer.transport.abort()


@fault
async def stream_forever(writer: Writer) -> None:
    await _begin_stream(writer)
    while True:
        writer.write(chunk(event({"content": "more "})))
        await writer.drain()
        await asyncio.sleep(0.05)


@fault
async def stream_split(writer: Writer) -> None:
    """Sends a good stream a byte at a time, lines ending as some vendors end them."""
    data = event({"role": "assistant", "content": ""}, end="\r\n\r\n") + event({"content": SPLIT_TEXT}, end="\r\n\r\n")
    data += b": a comment\r\n\r\n" + event({}, "stop", end="\r\n\r\n") + USAGE_EVENT + b"data: [DONE]\n\n"
    writer.write(STREAM_HEAD)
    for i in range(len(data)):
        writer.write(chunk(data[i : i + 1]))
        await writer.drain()
        await asyncio.sleep(0)
    writer.write(b"0\r\n\r\n")


class FaultyUpstream:
    """The vendor, in a thread of its own."""

    def __init__(self) -> None:
        self.port = 0
        self.seen: dict[str, Seen] = {}
        self._attempts: dict[str, list[Seen]] = {}
        self._arrived = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> FaultyUpstream:
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self.port = started.result(5).sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def arrival(self, mark: str, within: float = 5.0) -> Seen:
        """The request whose prompt carries `mark:<mark>`; waits for it."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: mark in self.seen, within), f"{mark} never arrived"
            return self.seen[mark]

    def attempts(self, mark: str) -> list[Seen]:
        """All requests whose prompt carries `mark:<mark>`, in their order."""
        with self._arrived:
            return list(self._attempts.get(mark, []))

    async def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            await self._serve_one(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        """Answers one request, after which the connection is closed."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.I)
        body = await reader.readexactly(int(length.group(1)) if length else 0)
        seen, earlier = self._note(head, body)
        names = re.search(rb"fault:([a-z0-9-]+(?:,[a-z0-9-]+)*)", body)
        plan = names.group(1).decode().split(",") if names else ["none"]
        behaviour = FAULTS[plan[min(earlier, len(plan) - 1)]]

        # A peer that leaves ends the behaviour; the moment is what the test asks for.
        gone = asyncio.ensure_future(reader.read(1))
        work = asyncio.ensure_future(behaviour(writer))
        await asyncio.wait({gone, work}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done() or (work.done() and work.exception()):
            work.cancel()
            seen.closed_at = time.monotonic()
            seen.closed.set()
            return
        gone.cancel()
        await writer.drain()

    def _note(self, head: bytes, body: bytes) -> tuple[Seen, int]:
        """The request, and how many with its mark came before."""
        seen = Seen(head, body, time.monotonic())
        found = re.search(rb"mark:([A-Za-z0-9-]+)", body)
        if not found:
            return seen, 0
        mark = found.group(1).decode()
        with self._arrived:
            attempts = self._attempts.setdefault(mark, [])
            attempts.append(seen)
            self.seen[mark] = seen
            self._arrived.notify_all()
            return seen, len(attempts) - 1
