"""Header fields, through `with_raw_response` and `with_streaming_response`."""

from __future__ import annotations

import json

import httpx
import openai
import pytest

from gateway_process import Gateway
from support.models import PLAIN
from support.raw import new_id

MODEL = PLAIN[0]
HELLO = [{"role": "user", "content": "Hello!"}]


def check(headers: httpx.Headers, id_: str, kind: str) -> None:
    assert headers["content-type"].split(";")[0] == kind
    assert headers["x-request-id"] == id_
    assert headers["x-aig-provider"] == "sandbox"
    assert headers["x-aig-attempts"] == "1"


def test_raw_whole(client: openai.OpenAI) -> None:
    id_ = new_id()
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=HELLO, extra_headers={"X-Request-Id": id_}
    )
    check(raw.headers, id_, "application/json")
    assert (raw.status_code, raw.http_request.method, raw.retries_taken) == (200, "POST", 0)
    assert raw.parse().choices[0].message.content == json.loads(raw.text)["choices"][0]["message"]["content"]
    assert raw.parse()._request_id == id_


def test_raw_stream(client: openai.OpenAI) -> None:
    id_ = new_id()
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=HELLO, stream=True, extra_headers={"X-Request-Id": id_}
    )
    check(raw.headers, id_, "text/event-stream")
    assert [chunk.choices[0].finish_reason for chunk in raw.parse()][-1] == "stop"


def test_streaming_response_whole(client: openai.OpenAI) -> None:
    id_ = new_id()
    with client.chat.completions.with_streaming_response.create(
        model=MODEL, messages=HELLO, extra_headers={"X-Request-Id": id_}
    ) as answer:
        check(answer.headers, id_, "application/json")
        assert answer.parse().choices[0].message.content


def test_streaming_response_stream(client: openai.OpenAI) -> None:
    id_ = new_id()
    with client.chat.completions.with_streaming_response.create(
        model=MODEL, messages=HELLO, stream=True, extra_headers={"X-Request-Id": id_}
    ) as answer:
        check(answer.headers, id_, "text/event-stream")
        assert "".join(answer.iter_text()).endswith("data: [DONE]\n\n")


def test_raw_error(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.with_raw_response.create(model="openai/none", messages=HELLO)
    assert caught.value.response.headers["x-request-id"] == caught.value.request_id


@pytest.mark.anyio
async def test_async(gateway: Gateway) -> None:
    id_ = new_id()
    async with openai.AsyncOpenAI(base_url=f"{gateway.base_url}/v1", api_key=gateway.key, max_retries=0) as client:
        raw = await client.chat.completions.with_raw_response.create(
            model=MODEL, messages=HELLO, extra_headers={"X-Request-Id": id_}
        )
        check(raw.headers, id_, "application/json")
        async with client.chat.completions.with_streaming_response.create(
            model=MODEL, messages=HELLO, stream=True, extra_headers={"X-Request-Id": id_}
        ) as answer:
            check(answer.headers, id_, "text/event-stream")
            lines = [line async for line in answer.iter_lines()]
    assert lines[-2:] == ["data: [DONE]", ""]
