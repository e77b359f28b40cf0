"""Errors as the unmodified openai SDK sees them."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from gateway_process import Gateway
from support.raw import new_id
from support.records import records

MODEL = "openai/o4-mini"
SATURATED = {"x-sandbox-status": "429", "x-sandbox-retry-after": "3"}
MESSAGES = [{"role": "user", "content": "Hello!"}]


def check(error: openai.APIStatusError, type_: str, reason: str | None = None) -> dict[str, Any]:
    body = error.body
    assert isinstance(body, dict), body
    assert body["type"] == type_
    assert body["code"] == error.status_code == error.response.status_code
    assert body["message"] and isinstance(body["message"], str)
    assert "param" in body
    assert body["request_id"] == error.request_id == error.response.headers["x-request-id"]
    if reason is not None:
        assert body["reason"] == reason
    return body


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("key", ["sk-aig-not-a-key", "sk-other-vendor", "x" * 200])
def test_unknown_key(gateway: Gateway, key: str, stream: bool) -> None:
    client = openai.OpenAI(base_url=f"{gateway.base_url}/v1", api_key=key, max_retries=0)
    with pytest.raises(openai.AuthenticationError) as caught:
        client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=stream)
    check(caught.value, "authentication_error", "invalid_key")
    assert key not in str(caught.value.body)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", ["openai/no-such-model", "o4-mini", "nobody/o4-mini", "openai/"])
def test_unknown_model(client: openai.OpenAI, model: str, stream: bool) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model=model, messages=MESSAGES, stream=stream)
    check(caught.value, "not_found", "model_not_found")


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"messages": "Hello!"}, "messages"),
        ({"messages": None}, "messages"),
        ({"messages": MESSAGES, "stream": "yes"}, "stream"),
    ],
)
def test_bad_request(client: openai.OpenAI, more: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.post("/chat/completions", body={"model": MODEL, **more}, cast_to=object)
    assert check(caught.value, "invalid_request_error")["param"] == param


def test_unknown_endpoint(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.post("/no/such/endpoint", body={}, cast_to=object)
    check(caught.value, "not_found", "endpoint_not_found")


def test_a_refused_call_is_not_a_call(client: openai.OpenAI, gateway: Gateway) -> None:
    """What did not pass the door leaves at most a failed record, and never a second one."""
    id_ = new_id()
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(
            model="openai/no-such-model", messages=MESSAGES, extra_headers={"X-Request-Id": id_}
        )
    found = records(gateway.database, id_)
    assert len(found) <= 1 and all(r.outcome == "failed" for r in found)


@pytest.mark.parametrize(
    ("headers", "kind", "status", "type_"),
    [
        (SATURATED, openai.InternalServerError, 503, "service_unavailable"),
        ({"x-sandbox-status": "500"}, openai.InternalServerError, 500, "server_error"),
        ({"x-sandbox-fault": "malformed-json"}, openai.InternalServerError, 500, "server_error"),
        # `close-early` counts events, of which a whole answer has none: there the connection breaks after some bytes.
        ({"x-sandbox-fault": "reset-after=0"}, openai.InternalServerError, 500, "server_error"),
        ({"x-sandbox-fault": "reset-after=60"}, openai.InternalServerError, 500, "server_error"),
    ],
)  # fmt: skip
def test_a_fault_of_the_sandbox(
    client: openai.OpenAI,
    gateway: Gateway,
    headers: dict[str, str],
    kind: type[openai.APIStatusError],
    status: int,
    type_: str,
) -> None:
    id_ = new_id()
    with pytest.raises(kind) as caught:
        client.chat.completions.create(model=MODEL, messages=MESSAGES, extra_headers={**headers, "X-Request-Id": id_})
    assert caught.value.status_code == status
    check(caught.value, type_)
    if status == 503:
        assert int(caught.value.response.headers["retry-after"]) >= 1
    [record] = records(gateway.database, id_)
    assert (record.outcome, record.status) == ("failed", status)


def test_a_character_split_over_two_reads_arrives_whole(client: openai.OpenAI) -> None:
    asked = [{"role": "user", "content": "Grüße, 日本語, 🚀"}]
    plain = client.chat.completions.create(model=MODEL, messages=asked, stream=True)
    split = client.chat.completions.create(
        model=MODEL, messages=asked, stream=True, extra_headers={"x-sandbox-fault": "split-utf8"}
    )
    texts = ["".join(c.choices[0].delta.content or "" for c in stream) for stream in (plain, split)]
    assert texts[0] == texts[1] != ""


def test_a_broken_stream_is_an_error(client: openai.OpenAI, gateway: Gateway) -> None:
    id_ = new_id()
    stream = client.chat.completions.create(
        model=MODEL,
        messages=MESSAGES,
        stream=True,
        extra_headers={"x-sandbox-fault": "close-early", "X-Request-Id": id_},
    )
    with pytest.raises(openai.APIError) as caught:
        list(stream)
    assert isinstance(caught.value.body, dict) and caught.value.body["type"] == "server_error"
    [record] = records(gateway.database, id_)
    assert record.outcome == "partial"
