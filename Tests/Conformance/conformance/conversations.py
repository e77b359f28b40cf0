"""Makes conversations: the same for the same seed, every kind in turn, with options drawn at random."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import material as m

Fields = dict[str, Any]
Maker = Callable[[random.Random], Fields]

# What a model may lack; conversations that need it can be left out.
FEATURES = ("vision", "sampling", "logprobs", "effort", "tools", "json", "n", "stop", "limit")


@dataclass(frozen=True)
class Conversation:
    """A request without `stream`, and the `stream_options` to stream it with."""

    number: int
    kind: str
    request: Fields
    stream_options: Fields | None


def said(role: str, content: Any, **more: Any) -> Fields:
    return {"role": role, "content": content, **more}


def asked(draw: random.Random, text: str | None = None, **more: Any) -> Fields:
    return {"messages": [said("user", text if text is not None else draw.choice(m.QUESTIONS))], **more}


# Plain conversations


def plain(draw: random.Random) -> Fields:
    return asked(draw)


def system(draw: random.Random) -> Fields:
    role = draw.choice(["system", "developer"])
    return {"messages": [said(role, draw.choice(m.SYSTEMS)), said("user", draw.choice(m.QUESTIONS))]}


def turns(draw: random.Random) -> Fields:
    first, answer, second = draw.choice(m.TURNS)
    messages = [said("user", first), said("assistant", answer), said("user", second)]
    if draw.random() < 0.3:  # a trace that a client sends back with the turn it came with
        messages[1]["reasoning_content"] = "The user wants to talk."
    return {"messages": messages}


def names(draw: random.Random) -> Fields:
    return {
        "messages": [
            said("system", draw.choice(m.SYSTEMS), name="house"),
            said("user", "Good morning, both of you.", name="ada"),
            said("user", draw.choice(m.QUESTIONS), name=draw.choice(["bob", "eve_2", "A-1"])),
        ],
        "user": "user-1234",
    }


def parts(draw: random.Random) -> Fields:
    texts = draw.sample(m.QUESTIONS, draw.randint(1, 3))
    content = [{"type": "text", "text": text} for text in texts]
    system_parts = [{"type": "text", "text": draw.choice(m.SYSTEMS)}]
    earlier = said("assistant", [{"type": "text", "text": "I am listening."}])
    return {"messages": [said("system", system_parts), earlier, said("user", content)]}


def unicode(draw: random.Random) -> Fields:
    return {"messages": [said("system", draw.choice(m.TEXTS)), said("user", draw.choice(m.TEXTS))]}


def long(draw: random.Random) -> Fields:
    text = " ".join(draw.choice(m.QUESTIONS + m.TEXTS) for _ in range(draw.randint(200, 1500)))
    return asked(draw, text)


def many_turns(draw: random.Random) -> Fields:
    messages = [said("system", draw.choice(m.SYSTEMS))]
    for number in range(draw.randint(10, 40)):
        messages += [said("user", draw.choice(m.QUESTIONS)), said("assistant", f"That was question {number + 1}.")]
    return {"messages": [*messages, said("user", draw.choice(m.QUESTIONS))]}


def seeded(draw: random.Random) -> Fields:
    return asked(draw, seed=draw.choice([0, 1, 42, -7, 2**31 - 1]))


def labelled(draw: random.Random) -> Fields:
    return asked(draw, metadata={"ticket": "A-1", "naïve": "ü"}, user="user-5678", store=False)


def nulls(draw: random.Random) -> Fields:
    names = ["n", "stop", "seed", "tools", "tool_choice", "response_format", "logprobs", "user", "temperature",
             "max_tokens", "max_completion_tokens", "reasoning_effort"]  # fmt: skip
    return asked(draw, **dict.fromkeys(draw.sample(names, 6)))


def unusual(draw: random.Random) -> Fields:
    """What is allowed and rarely sent."""
    lasting = {"type": "text", "text": draw.choice(m.SYSTEMS), "cache_control": {"type": "ephemeral"}}
    refused = said("assistant", None, refusal="I would rather not.")
    messages = [said("system", [lasting]), said("user", "Say something rude."), refused, said("user", "Why?")]
    return {"messages": messages, "tools": [], "stop": [], "logit_bias": {}}


def unicode_everywhere(draw: random.Random) -> Fields:
    """Names and values that are not ASCII in tools and schemas."""
    properties = {"größe": {"type": "string", "enum": ["klein", "groß", "🚀"]}, "a/b~c": {"type": "integer"}}
    shape = {"type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False}
    form = {"type": "json_schema", "json_schema": {"name": "form", "schema": shape, "strict": True}}
    return asked(draw, draw.choice(m.TEXTS), response_format=form)


# With parameters


def sampling(draw: random.Random) -> Fields:
    more = {"temperature": draw.choice([0, 0.7, 1, 2]), "top_p": draw.choice([0.1, 0.95, 1])}
    if draw.random() < 0.5:
        more |= {"presence_penalty": draw.choice([-2, 0, 0.5]), "frequency_penalty": draw.choice([0, 1.5, 2])}
    return asked(draw, **more)


def effort(draw: random.Random) -> Fields:
    return asked(draw, reasoning_effort=draw.choice(["none", "low", "medium", "high"]))


def limit(draw: random.Random) -> Fields:
    name = draw.choice(["max_tokens", "max_completion_tokens"])
    return asked(draw, **{name: draw.choice([1, 2, 5, 20, 60, 150, 4096])})


def stop(draw: random.Random) -> Fields:
    return asked(
        draw, stop=draw.choice(["e", ".", ["\n", "the"], ["a", "b", "c", "d"], " is ", ["never said, surely"]])
    )


def several(draw: random.Random) -> Fields:
    return asked(draw, n=draw.randint(2, 5))


def logprobs(draw: random.Random) -> Fields:
    return asked(draw, logprobs=True, **draw.choice([{}, {"top_logprobs": 0}, {"top_logprobs": draw.randint(1, 20)}]))


def unicode_logprobs(draw: random.Random) -> Fields:
    return asked(draw, draw.choice(m.TEXTS), logprobs=True, top_logprobs=draw.randint(0, 3))


# Tools


def weather_question(draw: random.Random, cities: int) -> str:
    return f"What is the weather in {' and in '.join(draw.sample(m.CITIES, cities))} now?"


def tools_auto(draw: random.Random) -> Fields:
    return asked(draw, weather_question(draw, 1), tools=draw.sample(m.TOOLS, 3))


def tools_untouched(draw: random.Random) -> Fields:
    return asked(draw, "What are the three laws of thermodynamics?", tools=[m.WEATHER], tool_choice="auto")


def tools_parallel(draw: random.Random) -> Fields:
    return asked(draw, weather_question(draw, draw.randint(2, 4)), tools=[m.WEATHER], parallel_tool_calls=True)


def tools_one_by_one(draw: random.Random) -> Fields:
    return asked(draw, weather_question(draw, draw.randint(2, 3)), tools=m.TOOLS, parallel_tool_calls=False)


def tools_required(draw: random.Random) -> Fields:
    return asked(draw, tools=draw.sample(m.TOOLS, draw.randint(1, 3)), tool_choice="required")


def tools_forced(draw: random.Random) -> Fields:
    name = draw.choice(m.TOOLS)["function"]["name"]
    return asked(draw, tools=m.TOOLS, tool_choice={"type": "function", "function": {"name": name}})


def tools_none(draw: random.Random) -> Fields:
    return asked(draw, weather_question(draw, 1), tools=m.TOOLS, tool_choice="none")


def tools_answered(draw: random.Random) -> Fields:
    cities = draw.sample(m.CITIES, draw.randint(1, 3))
    calls, results = [], []
    for number, city in enumerate(cities):
        arguments = json.dumps({"city": city}, ensure_ascii=False)
        function = {"name": "get_weather", "arguments": arguments}
        calls.append({"id": f"call_{number}", "type": "function", "function": function})
        result = json.dumps({"city": city, "celsius": draw.randint(-20, 40), "sky": draw.choice(["clear", "☁️"])})
        results.append(said("tool", result, tool_call_id=f"call_{number}"))
    asking = said("user", f"What is the weather in {' and '.join(cities)}?")
    return {"messages": [asking, said("assistant", None, tool_calls=calls), *results], "tools": [m.WEATHER]}


# Forms of answers


def json_object(draw: random.Random) -> Fields:
    question = draw.choice(m.QUESTIONS + m.TEXTS) + " Answer in JSON."
    return asked(draw, question, response_format={"type": "json_object"})


def json_schema(draw: random.Random) -> Fields:
    name = draw.choice(sorted(m.SCHEMAS))
    form = {"name": name, "schema": m.SCHEMAS[name], "strict": True}
    return asked(draw, response_format={"type": "json_schema", "json_schema": form})


def text_form(draw: random.Random) -> Fields:
    return asked(draw, response_format={"type": "text"})


# Pictures


def image_data(draw: random.Random) -> Fields:
    pictures = [
        {"type": "image_url", "image_url": {"url": m.png(draw.randint(1, 64), draw.randint(1, 64))}}
        for _ in range(draw.randint(1, 3))
    ]
    return {"messages": [said("user", [{"type": "text", "text": "What is in the picture?"}, *pictures])]}


def image_url(draw: random.Random) -> Fields:
    where = {"url": "https://upload.wikimedia.org/wikipedia/commons/4/47/PNG_transparency_demonstration_1.png"}
    if draw.random() < 0.5:
        where["detail"] = draw.choice(["low", "high", "auto"])
    return {"messages": [said("user", [{"type": "image_url", "image_url": where}])]}


KINDS: list[tuple[Maker, tuple[str, ...]]] = [
    (plain, ()), (system, ()), (turns, ()), (names, ()), (parts, ()), (unicode, ()), (long, ()), (many_turns, ()),
    (seeded, ()), (labelled, ()), (text_form, ()), (nulls, ()), (unusual, ()), (unicode_everywhere, ("json",)),
    (effort, ("effort",)), (sampling, ("sampling",)),
    (limit, ("limit",)), (stop, ("stop",)), (several, ("n",)), (logprobs, ("logprobs",)),
    (unicode_logprobs, ("logprobs",)), (tools_auto, ("tools",)), (tools_untouched, ("tools",)),
    (tools_parallel, ("tools",)), (tools_one_by_one, ("tools",)), (tools_required, ("tools",)),
    (tools_forced, ("tools",)), (tools_none, ("tools",)), (tools_answered, ("tools",)), (json_object, ("json",)),
    (json_schema, ("json",)), (image_data, ("vision",)), (image_url, ("vision",)),
]  # fmt: skip
# Options that go with every kind.
EXTRAS: list[tuple[Maker, str]] = [
    (lambda draw: {"n": draw.randint(2, 3)}, "n"),
    (lambda draw: {"logprobs": True, "top_logprobs": draw.randint(0, 2)}, "logprobs"),
    (lambda draw: {"stop": draw.choice(["\n", [" and ", "q"]])}, "stop"),
    (lambda draw: {"max_completion_tokens": draw.choice([3, 30, 300, 3000])}, "limit"),
    (lambda draw: {"reasoning_effort": draw.choice(["low", "high"])}, "effort"),
    (lambda draw: {"seed": draw.randint(0, 9)}, ""),
]
STREAM_OPTIONS: list[Fields | None] = [None, {"include_usage": True}, {"include_usage": False}, {}]


def conversations(count: int, seed: int, model: str, without: frozenset[str]) -> list[Conversation]:
    """`without` names features of FEATURES that are left out."""
    kinds = [maker for maker, needs in KINDS if not without & set(needs)]
    extras = [maker for maker, needs in EXTRAS if needs not in without]
    made = []
    for number in range(count):
        draw = random.Random(f"{seed} {number}")
        maker = kinds[number % len(kinds)]
        request = {"model": model, **maker(draw)}
        if number >= len(kinds):  # the first of each kind comes alone
            for extra in draw.sample(extras, draw.randint(0, 2)):
                request = {**extra(draw), **{name: value for name, value in request.items() if value is not None}}
                if "max_tokens" in request:  # one limit is enough
                    request.pop("max_completion_tokens", None)
        # All four come to each kind in turn.
        options = STREAM_OPTIONS[(number % len(kinds) + number // len(kinds)) % len(STREAM_OPTIONS)]
        made.append(Conversation(number, maker.__name__, request, options))
    return made
