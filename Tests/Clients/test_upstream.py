"""What a client sees, and what is recorded, when the vendor misbehaves."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from conftest import with_upstream
from gateway_process import Gateway
from support.raw import Raw, Response, assert_error, chat, new_id, request
from support.records import only_record
from support.upstream import SPLIT_TEXT, FaultyUpstream

FAILURES = [
    # fault, status, type, reason
    ("status-500", 500, "server_error", "provider_error"),
    ("status-429", 503, "service_unavailable", "upstream_saturated"),
    ("status-400", 400, "invalid_request_error", "upstream_rejected"),
    ("status-422", 400, "invalid_request_error", "upstream_rejected"),
    ("status-400-html", 400, "invalid_request_error", "upstream_rejected"),
    ("not-http", 500, "server_error", "provider_error"),
    ("html", 500, "server_error", "provider_error"),
    ("half-json", 500, "server_error", "provider_error"),
    ("wrong-shape", 500, "server_error", "provider_error"),
    ("empty-body", 500, "server_error", "provider_error"),
    ("redirect", 500, "server_error", "provider_error"),
    ("nothing", 500, "server_error", "provider_error"),
    ("short-body", 500, "server_error", "provider_error"),
    ("silent", 504, "timeout_error", "upstream_timeout"),
]
# Those that make sense of a stream too: its first byte decides between an error and a stream.
BEFORE_A_STREAM = {"status-500", "status-429", "status-400", "not-http", "html", "nothing", "silent", "redirect"}

BROKEN_STREAMS = [
    ("stream-stalls", "timeout_error", "upstream_timeout"),
    ("stream-closes", "server_error", "provider_error"),
    ("stream-ends-early", "server_error", "provider_error"),
    ("stream-half-event", "server_error", "provider_error"),
    ("stream-error-event", "server_error", "provider_error"),
    ("stream-resets", "server_error", "provider_error"),
]


def ask(gateway: Gateway, prompt: str, id_: str, **more: object) -> Response:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send(request(gateway.key, chat(prompt, **more), headers={"X-Request-Id": id_}))
        return raw.read()


@pytest.mark.parametrize(("fault", "status", "type_", "reason"), FAILURES)
def test_failure(faulty: Gateway, fault: str, status: int, type_: str, reason: str) -> None:
    id_ = new_id()
    answer = ask(faulty, f"fault:{fault}", id_)
    error = assert_error(answer, status, type_, reason)
    assert "sk-vendor-secret" not in json.dumps(error)
    record = only_record(faulty.database, id_)
    assert (record.outcome, record.status, record.error_reason) == ("failed", status, reason)


@pytest.mark.parametrize(("fault", "status", "type_", "reason"), [f for f in FAILURES if f[0] in BEFORE_A_STREAM])
def test_failure_before_a_stream_is_an_ordinary_error(
    faulty: Gateway, fault: str, status: int, type_: str, reason: str
) -> None:
    id_ = new_id()
    assert_error(ask(faulty, f"fault:{fault}", id_, stream=True), status, type_, reason)
    record = only_record(faulty.database, id_)
    assert (record.outcome, record.status, record.streamed) == ("failed", status, True)


@pytest.mark.parametrize("stream", [False, True])
def test_vendor_that_refuses_connections(start: Callable[..., Gateway], stream: bool) -> None:
    gateway = start(environment=with_upstream(9))  # the discard port: nobody listens
    id_ = new_id()
    assert_error(ask(gateway, "hello", id_, stream=stream), 500, "server_error", "provider_error")
    assert only_record(gateway.database, id_).outcome == "failed"


def test_saturated_vendor_says_when_to_come_back(faulty: Gateway) -> None:
    answer = ask(faulty, "fault:status-429", new_id())
    assert answer.headers["retry-after"] == "7"


def test_vendors_own_message_is_passed_on_when_it_refuses_the_request(faulty: Gateway) -> None:
    error = assert_error(ask(faulty, "fault:status-400", new_id()), 400, "invalid_request_error")
    assert "temperature must be at most 2" in error["message"]


@pytest.mark.parametrize(("fault", "type_", "reason"), BROKEN_STREAMS)
def test_broken_stream_ends_with_an_error_event(faulty: Gateway, fault: str, type_: str, reason: str) -> None:
    id_ = new_id()
    answer = ask(faulty, f"fault:{fault}", id_, stream=True)
    assert answer.status == 200
    *chunks, last = answer.events()
    assert "[DONE]" not in answer.events()
    text = "".join(json.loads(chunk)["choices"][0]["delta"].get("content") or "" for chunk in chunks)
    assert text == "one "
    error = json.loads(last)["error"]
    assert (error["type"], error["reason"], error["request_id"]) == (type_, reason, id_)
    record = only_record(faulty.database, id_)
    assert (record.outcome, record.status, record.error_reason) == ("partial", 200, reason)


def test_good_stream(faulty: Gateway) -> None:
    id_ = new_id()
    events = ask(faulty, "fault:stream", id_, stream=True).events()
    assert events[-1] == "[DONE]"
    finish = json.loads(events[-2])
    assert finish["choices"][0]["finish_reason"] == "stop"
    assert finish["usage"]["total_tokens"] == 12
    record = only_record(faulty.database, id_)
    assert (record.outcome, record.prompt_tokens, record.completion_tokens) == ("complete", 9, 3)


def test_stream_cut_into_single_bytes(faulty: Gateway) -> None:
    id_ = new_id()
    events = ask(faulty, "fault:stream-split", id_, stream=True).events()
    assert events[-1] == "[DONE]"
    chunks = [json.loads(e) for e in events[:-1]]
    assert "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks) == SPLIT_TEXT
    assert only_record(faulty.database, id_).outcome == "complete"


def test_stream_is_not_held_back(faulty: Gateway, upstream: FaultyUpstream) -> None:
    """The first words arrive while the vendor is still thinking about the rest."""
    with Raw(faulty.host, faulty.port) as raw:
        raw.send(request(faulty.key, chat("fault:stream-forever", stream=True)))
        began = time.monotonic()
        seen = b""
        while b"more " not in seen:
            seen += raw.socket.recv(65536)
        assert time.monotonic() - began < 2


def test_what_goes_up(faulty: Gateway, upstream: FaultyUpstream) -> None:
    """The vendor's own model name and key, the client's body else unchanged, and nothing of ours."""
    mark = new_id()
    body = {"seed": 25, "x_unknown": {"kept": [1, 2.50, "ü"]}, "max_tokens": 77}
    assert ask(faulty, f"mark:{mark}", new_id(), **body).status == 200
    seen = upstream.arrival(mark)
    sent = json.loads(seen.body)
    assert sent["model"] == "o4-mini"
    assert sent["messages"] == [{"role": "user", "content": f"mark:{mark}"}]
    assert (sent["seed"], sent["x_unknown"]) == (25, body["x_unknown"])
    assert sent.get("max_completion_tokens") == 77 and "max_tokens" not in sent
    head = seen.head.decode("latin-1")
    assert head.startswith("POST /v1/chat/completions HTTP/1.1\r\n")
    assert "Bearer sk-vendor-secret\r\n" in head
    assert faulty.key not in head and faulty.key.encode() not in seen.body


def test_model_named_twice_means_one_model(faulty: Gateway, upstream: FaultyUpstream) -> None:
    mark = new_id()
    body = (
        b'{"model":"openai/o4-mini","messages":[{"role":"user","content":"mark:%s"}],"model":"openai/gpt-4.1-mini"}'
        % mark.encode()
    )
    with Raw(faulty.host, faulty.port) as raw:
        raw.send(request(faulty.key, body))
        answer = raw.read()
    if answer.status == 400:
        return
    assert answer.status == 200
    named = [
        value for name, value in json.loads(upstream.arrival(mark).body, object_pairs_hook=list) if name == "model"
    ]
    assert len(set(named)) == 1, named


def test_hop_by_hop_and_foreign_headers_stay_here(faulty: Gateway, upstream: FaultyUpstream) -> None:
    mark = new_id()
    foreign = {
        "Cookie": "session=secret",
        "X-Forwarded-For": "203.0.113.9",
        "Connection": "keep-alive, X-Hop",
        "X-Hop": "1",
    }
    with Raw(faulty.host, faulty.port) as raw:
        raw.send(request(faulty.key, chat(f"mark:{mark}"), headers=foreign))
        assert raw.read().status == 200
    head = upstream.arrival(mark).head.lower()
    assert b"session=secret" not in head and b"203.0.113.9" not in head and b"x-hop" not in head
