"""`client.chat.completions.stream(...)`: the SDK's own accumulation of a stream."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from gateway_process import Gateway
from support.models import MODELS, PLAIN
from support.tools import WEATHER


class City(BaseModel):
    name: str
    people: int


HELLO = [{"role": "user", "content": "Hello!"}]
TWO_CITIES = [{"role": "user", "content": "What is the weather in Tokyo and in Paris?"}]


def calls_of(message: Any) -> list[tuple[str, str]]:
    return [(call.function.name, call.function.arguments) for call in message.tool_calls or []]


@pytest.mark.parametrize("model", MODELS)
def test_content(client: openai.OpenAI, model: str) -> None:
    with client.chat.completions.stream(model=model, messages=HELLO) as stream:
        events = list(stream)
        final = stream.get_final_completion()
    whole = client.chat.completions.create(model=model, messages=HELLO)
    deltas = [event for event in events if event.type == "content.delta"]
    [done] = [event for event in events if event.type == "content.done"]
    assert "".join(event.delta for event in deltas) == deltas[-1].snapshot == done.content
    assert done.content == final.choices[0].message.content == whole.choices[0].message.content
    assert final.choices[0].finish_reason == "stop"
    assert final.usage == whole.usage


def test_usage_when_asked(client: openai.OpenAI) -> None:
    options = {"include_usage": True}
    with client.chat.completions.stream(model=PLAIN[0], messages=HELLO, stream_options=options) as stream:
        final = stream.get_final_completion()
    assert final.usage == client.chat.completions.create(model=PLAIN[0], messages=HELLO).usage


@pytest.mark.parametrize("model", MODELS)
def test_tool_calls(client: openai.OpenAI, model: str) -> None:
    with client.chat.completions.stream(model=model, messages=TWO_CITIES, tools=[WEATHER]) as stream:
        events = list(stream)
        final = stream.get_final_completion()
    whole = client.chat.completions.create(model=model, messages=TWO_CITIES, tools=[WEATHER])
    done = [event for event in events if event.type == "tool_calls.function.arguments.done"]
    assert [(event.index, json.loads(event.arguments)) for event in done] == [
        (0, {"city": "Tokyo"}),
        (1, {"city": "Paris"}),
    ]
    for event in done:
        pieces = [
            e.arguments_delta
            for e in events
            if e.type == "tool_calls.function.arguments.delta" and e.index == event.index
        ]
        assert "".join(pieces) == event.arguments
    assert calls_of(final.choices[0].message) == calls_of(whole.choices[0].message)
    assert final.choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize("model", MODELS)
def test_parsed_content(client: openai.OpenAI, model: str) -> None:
    with client.chat.completions.stream(model=model, messages=HELLO, response_format=City) as stream:
        final = stream.get_final_completion()
    assert isinstance(final.choices[0].message.parsed, City)


def test_log_probabilities(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(model=PLAIN[0], messages=HELLO, logprobs=True, top_logprobs=2) as stream:
        final = stream.get_final_completion()
    logprobs = final.choices[0].logprobs
    assert logprobs is not None and logprobs.content
    assert "".join(entry.token for entry in logprobs.content) == final.choices[0].message.content


def test_several_choices(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(model=PLAIN[0], messages=HELLO, n=3) as stream:
        final = stream.get_final_completion()
    whole = client.chat.completions.create(model=PLAIN[0], messages=HELLO, n=3)
    assert [c.message.content for c in final.choices] == [c.message.content for c in whole.choices]


@pytest.mark.anyio
async def test_async(gateway: Gateway) -> None:
    async with openai.AsyncOpenAI(base_url=f"{gateway.base_url}/v1", api_key=gateway.key, max_retries=0) as client:
        async with client.chat.completions.stream(model=MODELS[0], messages=TWO_CITIES, tools=[WEATHER]) as stream:
            kinds = {event.type async for event in stream}
            final = await stream.get_final_completion()
    assert {"chunk", "tool_calls.function.arguments.delta", "tool_calls.function.arguments.done"} <= kinds
    assert len(final.choices[0].message.tool_calls or []) == 2
