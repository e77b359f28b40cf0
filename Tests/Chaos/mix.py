"""The mixture of good requests, faults of the vendor and bad clients, and what each may end in."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from exchange import Ending, Exchange, Result

FAST = {"x-sandbox-tokens-per-second": "2000"}


@dataclass(frozen=True)
class Kind:
    """A way to ask. `accepts` says whether an ending is one that this way may have."""

    name: str
    weight: int
    make: Callable[[random.Random, Exchange], None]
    accepts: Callable[[Result], bool]
    recorded: bool = True  # whether an answered one passes the door, so must have its record


def whole(*statuses: int) -> Callable[[Result], bool]:
    return lambda r: r.ending is Ending.ANSWERED and r.done and r.status in statuses


def whole_or_broken(r: Result) -> bool:
    """An error before the first byte, or an error event after it."""
    broken = r.ending is Ending.BROKEN and r.status == 200 and r.error_type in ("server_error", "timeout_error")
    return broken or (r.ending is Ending.ANSWERED and r.status in (200, 500))


def left(r: Result) -> bool:
    """The client meant to leave; the answer may have been quicker."""
    return r.ending is Ending.ABORTED or whole(200)(r)


def _stream(exchange: Exchange, **headers: str) -> None:
    exchange.stream = True
    exchange.headers = {**FAST, **{name.replace("_", "-"): value for name, value in headers.items()}}


def _headers(exchange: Exchange, **headers: str) -> None:
    exchange.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def _reset(rng: random.Random, e: Exchange) -> None:
    """Breaks within a whole answer, none of which is shorter."""
    _headers(e, x_sandbox_fault=f"reset-after={rng.randint(0, 200)}")


def _reset_stream(rng: random.Random, e: Exchange) -> None:
    _stream(e, x_sandbox_fault=f"reset-after={rng.randint(1, 3000)}")


def _leave(rng: random.Random, e: Exchange) -> None:
    e.stream = rng.random() < 0.5
    e.headers = {"x-sandbox-latency": "150", "x-sandbox-tokens-per-second": "40"}
    e.leave_after = rng.uniform(0.001, 0.6)


def _hang_and_leave(rng: random.Random, e: Exchange) -> None:
    e.stream = rng.random() < 0.5
    e.headers = {"x-sandbox-fault": "hang"}
    e.leave_after = rng.uniform(0.05, 0.6)


def _wrong_key(rng: random.Random, e: Exchange) -> None:
    e.key = "sk-aig-" + "".join(rng.choices("abcdef0123456789", k=40))


def _bad_body(rng: random.Random, e: Exchange) -> None:
    e.body = rng.choice([b"{", b"[]", b"\xff\xfe", b'{"model":"openai/o4-mini"}', b"x" * 100_000])


KINDS = [
    Kind("whole", 30, lambda rng, e: None, whole(200)),
    Kind("stream", 30, lambda rng, e: _stream(e), whole(200)),
    Kind("slow", 6, lambda rng, e: _headers(e, x_sandbox_latency=str(rng.randint(20, 300))), whole(200)),
    Kind("split UTF-8", 4, lambda rng, e: _stream(e, x_sandbox_fault="split-utf8"), whole(200)),
    Kind("vendor 429", 4, lambda rng, e: _headers(e, x_sandbox_status="429", x_sandbox_retry_after="1"), whole(503)),
    Kind("vendor 500", 4, lambda rng, e: _headers(e, x_sandbox_status="500"), whole(500)),
    Kind("malformed JSON", 4, lambda rng, e: _headers(e, x_sandbox_fault="malformed-json"), whole(500)),
    Kind("closed early", 3, _reset, whole(500)),
    Kind("stream closed early", 3, lambda rng, e: _stream(e, x_sandbox_fault="close-early"), whole_or_broken),
    Kind("stream reset", 4, _reset_stream, whole_or_broken),
    Kind("client leaves", 10, _leave, left),
    Kind("client leaves a hang", 4, _hang_and_leave, left),
    Kind("wrong key", 3, _wrong_key, whole(401), recorded=False),
    Kind("bad body", 3, _bad_body, whole(400), recorded=False),
]  # fmt: skip


def choose(rng: random.Random) -> Kind:
    return rng.choices(KINDS, weights=[kind.weight for kind in KINDS])[0]
