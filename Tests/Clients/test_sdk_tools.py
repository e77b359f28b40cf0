"""Tools, from the question to the final answer."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from support.models import MODELS
from support.tools import WEATHER, look_up

QUESTION = "What is the weather in Tokyo and in Oslo?"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_the_loop_comes_to_an_answer(client: openai.OpenAI, model: str, stream: bool) -> None:
    messages: list[Any] = [{"role": "user", "content": QUESTION}]
    turns = 0
    while True:
        turns += 1
        assert turns < 5, "the loop does not end"
        if stream:
            with client.chat.completions.stream(model=model, messages=messages, tools=[WEATHER]) as helper:
                choice = helper.get_final_completion().choices[0]
        else:
            choice = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER]).choices[0]
        # Sent back as it came, the reasoning with it.
        messages.append(choice.message.model_dump(exclude_none=True, exclude={"parsed": True}))
        if choice.finish_reason != "tool_calls":
            break
        for call in choice.message.tool_calls or []:
            content = look_up(call.function.arguments)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
    assert (turns, choice.finish_reason) == (2, "stop")
    assert "21" in choice.message.content and "-3" in choice.message.content


@pytest.mark.parametrize("model", MODELS)
def test_choices_of_tools(client: openai.OpenAI, model: str) -> None:
    def names(question: str, **more: Any) -> list[str]:
        asked = [{"role": "user", "content": question}]
        message = (
            client.chat.completions.create(model=model, messages=asked, tools=[WEATHER], **more).choices[0].message
        )
        return [call.function.name for call in message.tool_calls or []]

    weather, other = QUESTION, "What are the three laws of thermodynamics?"
    assert names(weather) == ["get_weather"] * 2
    assert names(weather, parallel_tool_calls=False) == ["get_weather"]
    assert names(weather, tool_choice="none") == []
    assert names(other) == []
    assert names(other, tool_choice="required") == ["get_weather"]
    forced = {"type": "function", "function": {"name": "get_weather"}}
    assert names(other, tool_choice=forced) == ["get_weather"]


def test_a_tool_that_is_not_offered_cannot_be_forced(client: openai.OpenAI) -> None:
    forced = {"type": "function", "function": {"name": "send_email"}}
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model=MODELS[2], messages=[{"role": "user", "content": QUESTION}], tools=[WEATHER], tool_choice=forced
        )
    assert "tool_choice" in (caught.value.param or "")
