"""A client that leaves takes its call with it: the vendor is told at once, the record says so."""

from __future__ import annotations

import time

import pytest

from gateway_process import Gateway
from support.raw import Raw, chat, new_id, request
from support.records import awaited_record
from support.upstream import FaultyUpstream

LIMIT_SECONDS = 1.0


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_before_the_first_byte(faulty: Gateway, upstream: FaultyUpstream, stream: bool) -> None:
    id_ = new_id()
    raw = Raw(faulty.host, faulty.port)
    raw.send(request(faulty.key, chat(f"fault:silent mark:{id_}", stream=stream), headers={"X-Request-Id": id_}))
    seen = upstream.arrival(id_)
    left = time.monotonic()
    raw.close()
    assert seen.closed.wait(LIMIT_SECONDS), "the vendor still works for a client who has gone"
    # Sooner than the deadline for a first byte, which would end the call as well.
    assert seen.closed_at is not None and seen.closed_at - left < LIMIT_SECONDS
    assert seen.closed_at - seen.at < LIMIT_SECONDS
    assert awaited_record(faulty.database, id_).outcome == "cancelled"


def test_in_the_middle_of_a_stream(faulty: Gateway, upstream: FaultyUpstream) -> None:
    id_ = new_id()
    raw = Raw(faulty.host, faulty.port)
    raw.send(request(faulty.key, chat(f"fault:stream-forever mark:{id_}", stream=True), headers={"X-Request-Id": id_}))
    seen = upstream.arrival(id_)
    arrived = b""
    while b"more " not in arrived:
        arrived += raw.socket.recv(65536)
    left = time.monotonic()
    raw.close()
    assert seen.closed.wait(LIMIT_SECONDS), "the vendor still streams to a client who has gone"
    assert seen.closed_at is not None and seen.closed_at - left < LIMIT_SECONDS
    record = awaited_record(faulty.database, id_)
    assert (record.outcome, record.streamed) == ("cancelled", True)


def test_many_at_once(faulty: Gateway, upstream: FaultyUpstream) -> None:
    ids = [new_id() for _ in range(50)]
    clients = [Raw(faulty.host, faulty.port) for _ in ids]
    for raw, id_ in zip(clients, ids):
        body = chat(f"fault:stream-forever mark:{id_}", stream=True)
        raw.send(request(faulty.key, body, headers={"X-Request-Id": id_}))
    for id_ in ids:
        upstream.arrival(id_)
    for raw in clients:
        raw.socket.recv(1)
        raw.close()
    for id_ in ids:
        assert upstream.arrival(id_).closed.wait(LIMIT_SECONDS * 2)
        assert awaited_record(faulty.database, id_).outcome == "cancelled"
