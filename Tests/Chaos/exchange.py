"""One request over one new connection, and what the client can say of its answer. asyncio only."""

from __future__ import annotations

import asyncio
import enum
import json
import random
from dataclasses import dataclass, field

# Each has a price, so that each answer is paid for.
MODELS = ["openai/o4-mini", "openai/o3-mini", "openai/gpt-4.1-mini", "openai/gpt-4o-mini"]
LIMIT_SECONDS = 30.0
TOPICS = ["rivers", "bridges", "clocks", "maps", "lighthouses", "bread"]


class Ending(enum.Enum):
    ANSWERED = "answered whole"
    BROKEN = "ended with an error event"
    ABORTED = "left by the client"
    CUT = "cut off by the server"
    REFUSED = "not connected"


@dataclass
class Exchange:
    """What is asked."""

    request_id: str
    key: str
    stream: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    leave_after: float | None = None

    def data(self, rng: random.Random) -> bytes:
        body = self.body
        if body is None:
            prompt = f"Tell me about {rng.choice(TOPICS)}, in {rng.randint(1, 60)} words."
            document = {"model": rng.choice(MODELS), "messages": [{"role": "user", "content": prompt}]}
            body = json.dumps({**document, "stream": True} if self.stream else document).encode()
        fields = {
            "Host": "127.0.0.1",
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "X-Request-Id": self.request_id,
            "Connection": "close",
            **self.headers,
        }
        return (
            "POST /v1/chat/completions HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in fields.items()) + "\r\n"
        ).encode() + body


@dataclass(frozen=True)
class Result:
    request_id: str
    ending: Ending
    status: int = 0
    done: bool = False
    error_type: str | None = None
    reason: str | None = None


def _content(head: bytes, rest: bytes) -> bytes | None:
    """The body when it is whole, else None."""
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        content, position = b"", 0
        while (end := rest.find(b"\r\n", position)) >= 0:
            size = int(rest[position:end].split(b";")[0], 16)
            if size == 0:
                return content if rest[end:].endswith(b"\r\n\r\n") else None
            content += rest[end + 2 : end + 2 + size]
            position = end + 2 + size + 2
        return None
    length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0])
    return rest if len(rest) == length else None


def judge(request_id: str, data: bytes) -> Result:
    """What the bytes received up to the server's close amount to."""
    head, found, rest = data.partition(b"\r\n\r\n")
    if not found:
        return Result(request_id, Ending.CUT)
    status = int(head.split(b" ", 2)[1])
    content = _content(head, rest)
    if content is None:
        return Result(request_id, Ending.CUT, status)
    if b"text/event-stream" not in head.lower():
        error = json.loads(content).get("error") or {}
        return Result(request_id, Ending.ANSWERED, status, True, error.get("type"), error.get("reason"))
    last = content.rstrip().rpartition(b"\n\n")[2]
    if last == b"data: [DONE]":
        return Result(request_id, Ending.ANSWERED, status, True)
    error = json.loads(last.removeprefix(b"data: ")).get("error") or {}
    return Result(request_id, Ending.BROKEN, status, False, error.get("type"), error.get("reason"))


async def perform(host: str, port: int, exchange: Exchange, rng: random.Random) -> Result:
    """Never raises for what a server can do: the ending says it."""
    try:
        reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
    except OSError:
        return Result(exchange.request_id, Ending.REFUSED)
    data = b""
    try:
        writer.write(exchange.data(rng))
        async with asyncio.timeout(exchange.leave_after or LIMIT_SECONDS):
            while piece := await reader.read(65536):
                data += piece
    except TimeoutError:
        assert exchange.leave_after is not None, f"no end of {exchange.request_id} after {LIMIT_SECONDS} s: {data!r}"
        return Result(exchange.request_id, Ending.ABORTED)
    except OSError:
        pass
    finally:
        writer.transport.abort()
    return judge(exchange.request_id, data)
