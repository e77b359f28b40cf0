"""Connections that behave badly. After each, the gateway still answers a good request."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from conftest import assert_answers
from gateway_process import Gateway
from support.raw import Raw, assert_error, chat, new_id, request
from support.records import awaited_record, only_record

# The gateway gives one second; it may look only now and then.
PATIENCE_SECONDS = 6.0


@pytest.fixture(autouse=True)
def _still_answers(gateway: Gateway) -> Iterator[None]:
    yield
    assert_answers(gateway)


def assert_cut_off(raw: Raw, began: float) -> None:
    """The connection ends in time, without an answer or with an error that says why."""
    raw.socket.settimeout(PATIENCE_SECONDS)
    answer = raw.read_or_closed()
    assert answer is None or 400 <= answer.status < 500, answer
    assert time.monotonic() - began < PATIENCE_SECONDS


def test_slow_head(impatient: Gateway) -> None:
    with Raw(impatient.host, impatient.port) as raw:
        began = time.monotonic()
        raw.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n")
        assert_cut_off(raw, began)


def test_head_that_trickles(impatient: Gateway) -> None:
    """A byte now and then does not earn more time."""
    with Raw(impatient.host, impatient.port, timeout=0.2) as raw:
        began = time.monotonic()
        closed = False
        for byte in request(impatient.key, chat()):
            if time.monotonic() - began > PATIENCE_SECONDS:
                break
            try:
                raw.send(bytes([byte]))
                if raw.socket.recv(1) is not None:
                    closed = True
                    break
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                closed = True
                break
        assert closed, "still being read after the deadline"
    assert_answers(impatient)


def test_slow_body(impatient: Gateway) -> None:
    with Raw(impatient.host, impatient.port) as raw:
        began = time.monotonic()
        raw.send(request(impatient.key, chat())[:-10])
        assert_cut_off(raw, began)
    assert_answers(impatient)


def test_many_slow_connections_do_not_crowd_out_a_good_one(impatient: Gateway) -> None:
    crowd = [Raw(impatient.host, impatient.port) for _ in range(200)]
    try:
        for raw in crowd:
            raw.send(b"POST /v1/chat/completions HTTP/1.1\r\n")
        assert_answers(impatient)
    finally:
        for raw in crowd:
            raw.close()


def test_silent_connection(gateway: Gateway) -> None:
    with Raw(gateway.host, gateway.port):
        assert_answers(gateway)


def test_connection_that_leaves_at_once(gateway: Gateway) -> None:
    for _ in range(50):
        Raw(gateway.host, gateway.port).close()


def test_connection_reset_in_the_middle_of_a_body(gateway: Gateway) -> None:
    for _ in range(20):
        raw = Raw(gateway.host, gateway.port)
        raw.send(request(gateway.key, chat())[:-5])
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        raw.close()


def test_half_closed_socket(gateway: Gateway) -> None:
    """A client that has said all may be answered or taken for gone; the record says which."""
    id_ = new_id()
    with Raw(gateway.host, gateway.port) as raw:
        raw.send(request(gateway.key, chat(), headers={"X-Request-Id": id_}))
        raw.socket.shutdown(socket.SHUT_WR)
        answer = raw.read_or_closed()
    record = awaited_record(gateway.database, id_)
    if record.outcome == "cancelled":
        # It may still be reading: then it is told so, and never given an answer that was not recorded as one.
        assert record.status == 499 and (answer is None or answer.status == 499), answer
    else:
        assert answer is not None and (answer.status, record.outcome) == (200, "complete")


def test_pipelined_requests_are_answered_in_order(gateway: Gateway) -> None:
    ids = [new_id() for _ in range(20)]
    with Raw(gateway.host, gateway.port) as raw:
        raw.send(
            b"".join(
                request(gateway.key, chat(f"question {n}"), headers={"X-Request-Id": id_}) for n, id_ in enumerate(ids)
            )
        )
        answers = [raw.read() for _ in ids]
    assert [answer.status for answer in answers] == [200] * 20
    assert [answer.request_id for answer in answers] == ids
    for id_ in ids:
        assert only_record(gateway.database, id_).outcome == "complete"


def test_a_connection_is_kept(gateway: Gateway) -> None:
    with Raw(gateway.host, gateway.port) as raw:
        for body, status in [(chat(), 200), (b"not JSON", 400), (chat(stream=True), 200), (chat(), 200)]:
            raw.send(request(gateway.key, body))
            assert raw.read().status == status


def test_http_1_0(gateway: Gateway) -> None:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send(request(gateway.key, chat()).replace(b"HTTP/1.1", b"HTTP/1.0"))
        assert raw.read().status == 200
        assert raw.is_closed(within=5)


def test_head_over_the_limit(gateway: Gateway) -> None:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(request(gateway.key, chat(), headers={"X-Filler": "x" * 20 * 1024}))
        assert_error(raw.read(), 431, "invalid_request_error")


def test_many_header_fields(gateway: Gateway) -> None:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(request(gateway.key, chat(), headers={f"X-Filler-{n}": "x" for n in range(2000)}))
        answer = raw.read_or_closed()
    assert answer is None or answer.status == 431, answer


def test_enormous_head(gateway: Gateway) -> None:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(request(gateway.key, chat(), headers={"X-Filler": "x" * 200 * 1024}))
        answer = raw.read_or_closed()
        assert answer is None or 400 <= answer.status < 500, answer
        assert raw.is_closed(within=5)


def test_enormous_request_line(gateway: Gateway) -> None:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(request(gateway.key, chat(), path="/v1/" + "x" * 200 * 1024))
        answer = raw.read_or_closed()
        assert answer is None or 400 <= answer.status < 500, answer
        assert raw.is_closed(within=5)


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "99999999999999999999999999", "12, 13", "+5", "0x10", ""])
def test_bad_content_length(gateway: Gateway, length: str) -> None:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(request(gateway.key, chat(), headers={"Content-Length": length}))
        answer = raw.read_or_closed()
    assert answer is None or answer.status in (400, 413), answer


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param("Content-Length: 5\r\nContent-Length: 200\r\n", id="two lengths"),
        pytest.param("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", id="length and chunked"),
        pytest.param("Transfer-Encoding: gzip, identity\r\n", id="unknown coding"),
        pytest.param("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", id="two codings"),
    ],
)
def test_ambiguous_framing_ends_the_connection(gateway: Gateway, fields: str) -> None:
    """Whatever the answer, what follows is never read as a second request."""
    hidden = request(gateway.key, None, method="GET", path="/v1/models", headers={"X-Request-Id": "smuggled"})
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.key}\r\n{fields}\r\n"
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(head.encode() + b"0\r\n\r\n" + hidden)
        raw.socket.settimeout(3)
        answers = []
        try:
            while (answer := raw.read_or_closed()) is not None:
                answers.append(answer)
        except TimeoutError:
            pass
    assert all(a.headers.get("x-request-id") != "smuggled" for a in answers), answers
    assert all(400 <= a.status < 500 for a in answers), answers


@pytest.mark.parametrize("size", [b"xyz\r\n", b"-5\r\n", b"ffffffffffffffffff\r\n", b"5\r\nabc"])
def test_bad_chunk(gateway: Gateway, size: bytes) -> None:
    head = request(gateway.key, b"", declare_length=False, headers={"Transfer-Encoding": "chunked"})
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(head + size)
        raw.socket.shutdown(socket.SHUT_WR)
        answer = raw.read_or_closed()
    assert answer is None or 400 <= answer.status < 500, answer


@pytest.mark.parametrize(
    "line", [b"\x16\x03\x01\x02\x00\x01", b"hello\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 1000]
)
def test_not_http(gateway: Gateway, line: bytes) -> None:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(line)
        raw.socket.shutdown(socket.SHUT_WR)
        answer = raw.read_or_closed()
    assert answer is None or 400 <= answer.status < 600, answer
