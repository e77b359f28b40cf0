"""`chat.completions.parse`: answers that are Pydantic models."""

from __future__ import annotations

import enum
import json
from typing import Any, Literal, Optional, Union

import openai
import pytest
from pydantic import BaseModel, Field

from gateway_process import Gateway
from support.models import MODELS


class Kind(enum.Enum):
    MEETING = "meeting"
    HOLIDAY = "holiday"


class Place(BaseModel):
    name: str
    floor: Optional[int]


class Guest(BaseModel):
    name: str
    role: Literal["host", "guest"]
    places: list[Place]


class Event(BaseModel):
    title: str = Field(min_length=1, max_length=40)
    kind: Kind
    minutes: int = Field(ge=5, le=480)
    place: Place
    guests: list[Guest]
    remark: Optional[str]
    score: float
    is_confirmed: bool


class Circle(BaseModel):
    type: Literal["circle"]
    radius: float


class Square(BaseModel):
    type: Literal["square"]
    side: float


class Drawing(BaseModel):
    shape: Union[Circle, Square]


class Node(BaseModel):
    value: int
    children: list["Node"]


class GetWeather(BaseModel):
    """Get current weather for a city."""

    city: str
    unit: Literal["celsius", "fahrenheit"]


ASKED = [{"role": "user", "content": "Alice meets Bob on Friday in Oslo; extract the event."}]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("form", [Event, Drawing, Node, Place])
def test_parse(client: openai.OpenAI, model: str, form: type[BaseModel]) -> None:
    answer = client.chat.completions.parse(model=model, messages=ASKED, response_format=form)
    [choice] = answer.choices
    assert isinstance(choice.message.parsed, form)
    assert choice.message.refusal is None
    assert form.model_validate_json(choice.message.content or "") == choice.message.parsed


def test_parse_several_choices(client: openai.OpenAI) -> None:
    answer = client.chat.completions.parse(model=MODELS[2], messages=ASKED, response_format=Event, n=3)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert all(isinstance(choice.message.parsed, Event) for choice in answer.choices)


@pytest.mark.parametrize("model", MODELS)
def test_parse_tool_arguments(client: openai.OpenAI, model: str) -> None:
    answer = client.chat.completions.parse(
        model=model,
        messages=[{"role": "user", "content": "What is the weather in Oslo?"}],
        tools=[openai.pydantic_function_tool(GetWeather)],
    )
    [choice] = answer.choices
    [call] = choice.message.tool_calls or []
    assert choice.finish_reason == "tool_calls"
    assert isinstance(call.function.parsed_arguments, GetWeather)
    assert call.function.parsed_arguments.city == "Oslo"


def test_a_cut_answer_is_not_parsed(client: openai.OpenAI) -> None:
    with pytest.raises(openai.LengthFinishReasonError) as caught:
        client.chat.completions.parse(model=MODELS[2], messages=ASKED, response_format=Event, max_completion_tokens=3)
    assert caught.value.completion.choices[0].finish_reason == "length"


def test_a_filtered_answer_is_not_parsed(client: openai.OpenAI) -> None:
    with pytest.raises(openai.ContentFilterFinishReasonError):
        client.chat.completions.parse(
            model=MODELS[2], messages=[{"role": "user", "content": "sandbox:content-filter"}], response_format=Event
        )


@pytest.mark.anyio
async def test_parse_async(gateway: Gateway) -> None:
    async with openai.AsyncOpenAI(base_url=f"{gateway.base_url}/v1", api_key=gateway.key, max_retries=0) as client:
        answer = await client.chat.completions.parse(model=MODELS[0], messages=ASKED, response_format=Event)
    assert isinstance(answer.choices[0].message.parsed, Event)


STRICT: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {
        "name": "city",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "continent": {"type": "string", "enum": ["Africa", "America", "Asia", "Europe", "Oceania"]},
                "people": {"type": ["integer", "null"], "minimum": 0},
            },
            "required": ["name", "continent", "people"],
            "additionalProperties": False,
        },
    },
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_strict_schema_without_pydantic(client: openai.OpenAI, model: str, stream: bool) -> None:
    asked = [{"role": "user", "content": "Tell me about Oslo."}]
    answer = client.chat.completions.create(model=model, messages=asked, response_format=STRICT, stream=stream)
    text = "".join(c.choices[0].delta.content or "" for c in answer) if stream else answer.choices[0].message.content
    value = json.loads(text)
    assert set(value) == {"name", "continent", "people"}
    assert value["name"] and value["continent"] in ("Africa", "America", "Asia", "Europe", "Oceania")
    assert value["people"] is None or (type(value["people"]) is int and value["people"] >= 0)
