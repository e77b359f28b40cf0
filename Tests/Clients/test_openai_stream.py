"""Streams through the unmodified openai SDK."""

from __future__ import annotations

import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from gateway_process import Gateway
from support.raw import new_id
from support.records import only_record

MESSAGES = [{"role": "user", "content": "Hello!"}]
REASONING, PLAIN = "openai/o4-mini", "openai/gpt-4.1-mini"


def reasoning_of(chunk: ChatCompletionChunk) -> str | None:
    return (chunk.choices[0].delta.model_extra or {}).get("reasoning_content") if chunk.choices else None


def content_of(chunk: ChatCompletionChunk) -> str | None:
    return chunk.choices[0].delta.content if chunk.choices else None


def test_the_quickstart(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    """The loop of the product's model page, word for word but for address and key."""
    client = openai.OpenAI(base_url=f"{gateway.base_url}/v1", api_key=gateway.key)
    stream = client.chat.completions.create(
        model="openai/o4-mini",
        messages=[{"role": "user", "content": "Hello!"}],
        stream=True,
    )
    for chunk in stream:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    whole = client.chat.completions.create(model="openai/o4-mini", messages=MESSAGES)
    assert capsys.readouterr().out == whole.choices[0].message.content


def test_order_of_a_stream(client: openai.OpenAI) -> None:
    chunks = list(client.chat.completions.create(model=REASONING, messages=MESSAGES, stream=True))
    assert {(c.id, c.object, c.created, c.model) for c in chunks} == {
        (chunks[0].id, "chat.completion.chunk", chunks[0].created, REASONING)
    }
    first, last = chunks[0].choices[0], chunks[-1].choices[0]
    assert first.delta.role == "assistant" and not first.delta.content and not reasoning_of(chunks[0])
    assert last.finish_reason == "stop" and not last.delta.content
    assert all(c.choices[0].finish_reason is None for c in chunks[:-1])

    reasoning = [i for i, c in enumerate(chunks) if reasoning_of(c)]
    content = [i for i, c in enumerate(chunks) if content_of(c)]
    assert reasoning and content
    assert max(reasoning) < min(content)


def test_no_reasoning_from_a_model_that_does_not_reason(client: openai.OpenAI) -> None:
    chunks = list(client.chat.completions.create(model=PLAIN, messages=MESSAGES, stream=True))
    assert not any(reasoning_of(c) for c in chunks)
    assert any(content_of(c) for c in chunks)


@pytest.mark.parametrize("options", [None, {"include_usage": False}])
def test_usage_rides_on_the_finish_chunk(client: openai.OpenAI, options: dict[str, bool] | None) -> None:
    more = {"stream_options": options} if options else {}
    chunks = list(client.chat.completions.create(model=REASONING, messages=MESSAGES, stream=True, **more))
    assert all(len(c.choices) >= 1 for c in chunks)
    assert all(c.usage is None for c in chunks[:-1])
    usage = chunks[-1].usage
    assert usage is not None and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0


def test_usage_in_a_chunk_of_its_own_when_asked(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model=REASONING, messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
    )
    *others, last = chunks
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens > 0
    assert all(len(c.choices) >= 1 and c.usage is None for c in others)
    assert others[-1].choices[0].finish_reason == "stop"


@pytest.mark.parametrize("model", [REASONING, PLAIN])
def test_streamed_and_whole_are_the_same(client: openai.OpenAI, model: str) -> None:
    whole = client.chat.completions.create(model=model, messages=MESSAGES)
    chunks = list(client.chat.completions.create(model=model, messages=MESSAGES, stream=True))
    assert "".join(content_of(c) or "" for c in chunks) == whole.choices[0].message.content
    streamed_usage = chunks[-1].usage
    assert streamed_usage is not None and whole.usage is not None
    assert streamed_usage.total_tokens == whole.usage.total_tokens


def test_a_stream_is_recorded_once(client: openai.OpenAI, gateway: Gateway) -> None:
    id_ = new_id()
    stream = client.chat.completions.create(
        model=REASONING, messages=MESSAGES, stream=True, extra_headers={"X-Request-Id": id_}
    )
    assert stream.response.headers["x-request-id"] == id_
    chunks = list(stream)
    record = only_record(gateway.database, id_)
    assert (record.outcome, record.status, record.streamed) == ("complete", 200, True)
    assert chunks[-1].usage is not None
    assert record.completion_tokens == chunks[-1].usage.completion_tokens


def test_headers_keep_proxies_from_holding_a_stream_back(client: openai.OpenAI) -> None:
    with client.chat.completions.with_streaming_response.create(model=PLAIN, messages=MESSAGES, stream=True) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        assert "no-cache" in answer.headers["cache-control"]
        assert list(answer.iter_lines())[-2:] == ["data: [DONE]", ""]


@pytest.mark.anyio
async def test_async_stream(gateway: Gateway) -> None:
    async with openai.AsyncOpenAI(base_url=f"{gateway.base_url}/v1", api_key=gateway.key, max_retries=0) as client:
        stream = await client.chat.completions.create(model=REASONING, messages=MESSAGES, stream=True)
        chunks = [chunk async for chunk in stream]
    assert "".join(content_of(c) or "" for c in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"
