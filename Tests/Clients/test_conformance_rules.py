"""Breaks each rule of the conformance suite once: the checker must say so, and name that rule and no other."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from conformance.answer import Answer, Call, Choice, read_whole
from conformance.check import judge_stream, judge_whole, without_dropped
from conformance.conversations import KINDS, conversations
from conformance.judge import compare, judge
from conformance.rules import RULES, Breach
from conformance.stream import Expected, check_stream
from conformance.transport import Reply

Frames = list[Any]
MODEL = "openai/o4-mini"
USAGE = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14,
         "completion_tokens_details": {"reasoning_tokens": 2}}  # fmt: skip
STREAM = {"content-type": "text/event-stream; charset=utf-8"}
JSON = {"content-type": "application/json"}


def frame(delta: dict[str, Any] | None, finish: str | None = None, index: int = 0, **more: Any) -> dict[str, Any]:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1776947082, "model": MODEL}
    choices = [] if delta is None else [{"index": index, "delta": delta, "finish_reason": finish}]
    return {**head, "choices": choices, **more}


def fragment(index: int, arguments: str, **more: Any) -> dict[str, Any]:
    name = more.pop("name", None)
    function = {"name": name, "arguments": arguments} if name else {"arguments": arguments}
    return {"tool_calls": [{"index": index, **more, "function": function}]}


def first(index: int, id_: str) -> dict[str, Any]:
    return fragment(index, "", id=id_, type="function", name="get_weather")


ROLE, THOUGHT, HELLO = {"role": "assistant"}, {"reasoning_content": "Hm."}, {"content": "Hello"}


def spoken() -> Frames:
    deltas = [ROLE, THOUGHT, THOUGHT, HELLO, {"content": "!"}]
    return [*map(frame, deltas), frame({}, "stop", usage=USAGE), "[DONE]"]


def spoken_with_usage_asked() -> Frames:
    return [frame(ROLE), frame(HELLO), frame({}, "stop", usage=None), frame(None, usage=USAGE), "[DONE]"]


def calling() -> Frames:
    deltas = [
        ROLE, HELLO, first(0, "call_1"), fragment(0, '{"city":'), fragment(0, '"Oslo"}'), first(1, "call_2"),
        fragment(1, "{}"),
    ]  # fmt: skip
    return [*map(frame, deltas), frame({}, "tool_calls", usage=USAGE), "[DONE]"]


def two_choices() -> Frames:
    turns = [frame(delta, index=index) for delta in (ROLE, HELLO) for index in (0, 1)]
    return [*turns, frame({}, "stop", 0), frame({}, "length", 1, usage=USAGE), "[DONE]"]


def with_logprobs() -> Frames:
    frames = [frame(ROLE), frame(HELLO), frame({}, "stop", usage=USAGE), "[DONE]"]
    entry = {"token": "Hello", "logprob": -0.1, "bytes": list(b"Hello"), "top_logprobs": []}
    frames[1]["choices"][0]["logprobs"] = {"content": [entry]}
    return frames


SPOKEN, TWO, ASKED = Expected(MODEL), Expected(MODEL, choices=2), Expected(MODEL, usage_asked=True)
LOGPROBS = Expected(MODEL, logprobs=0)
BASES = [
    (spoken, SPOKEN), (calling, SPOKEN), (two_choices, TWO), (spoken_with_usage_asked, ASKED), (with_logprobs, LOGPROBS),
]  # fmt: skip


def written(frames: Frames) -> bytes:
    texts = [f if isinstance(f, str) else json.dumps(f, ensure_ascii=False) for f in frames]
    return "".join(f"data: {text}\n\n" for text in texts).encode()


def names(breaches: list[Breach]) -> set[str]:
    return {breach.rule for breach in breaches}


@pytest.mark.parametrize(("base", "expected"), BASES)
def test_a_good_stream_breaks_nothing(base: Callable[[], Frames], expected: Expected) -> None:
    assert check_stream(written(base()), expected)[1] == []


def test_comments_and_other_line_ends_are_fine() -> None:
    body = b": hello\r\n\r\n" + written(spoken()).replace(b"\n", b"\r\n").replace(b"data: [", b":\n\ndata:[")
    answer, found = check_stream(body, SPOKEN)
    assert found == []
    assert answer.choices[0] == Choice(content="Hello!", reasoning="Hm.Hm.", finish="stop")


def test_the_answer_is_put_together() -> None:
    answer, _ = check_stream(written(calling()), SPOKEN)
    assert answer.choices[0].calls == [
        Call("call_1", "get_weather", '{"city":"Oslo"}'),
        Call("call_2", "get_weather", "{}"),
    ]
    assert answer.usage == USAGE


@pytest.mark.parametrize("beside", [{"content": ""}, {"content": "", **first(0, "call_1")}, first(0, "call_1")])
def test_openai_lets_the_role_share_its_frame(beside: dict[str, Any]) -> None:
    frames = [frame({**ROLE, **beside}), frame({}, "stop", usage=USAGE), "[DONE]"]
    assert check_stream(written(frames), Expected(MODEL, role_alone=False))[1] == []
    assert names(check_stream(written(frames), SPOKEN)[1]) == {"order.role"}


# Each takes the frames of a good stream and spoils them in place.


def put(place: int, *frames: Any) -> Callable[[Frames], None]:
    def spoil(good: Frames) -> None:
        good[place:place] = copy.deepcopy(list(frames))

    return spoil


def drop(*places: int) -> Callable[[Frames], None]:
    def spoil(good: Frames) -> None:
        for place in sorted(places, reverse=True):
            del good[place]

    return spoil


def swap(one: int, other: int) -> Callable[[Frames], None]:
    def spoil(good: Frames) -> None:
        good[one], good[other] = good[other], good[one]

    return spoil


def member(place: int, name: str, value: Any) -> Callable[[Frames], None]:
    def spoil(good: Frames) -> None:
        good[place][name] = value

    return spoil


def of_choice(place: int, name: str, value: Any) -> Callable[[Frames], None]:
    def spoil(good: Frames) -> None:
        good[place]["choices"][0][name] = copy.deepcopy(value)

    return spoil


def twice(place: int) -> Callable[[Frames], None]:
    def spoil(good: Frames) -> None:
        good[place]["choices"] *= 2

    return spoil


def renamed_call(good: Frames) -> None:
    good[5]["choices"][0]["delta"] = first(1, "call_1")


def unspelt(good: Frames) -> None:
    good[1]["choices"][0]["logprobs"]["content"][0]["bytes"] = [72]


def above_zero(good: Frames) -> None:
    good[1]["choices"][0]["logprobs"]["content"][0]["logprob"] = 0.5


def text(old: str, new: str) -> Callable[[Frames], None]:
    def spoil(good: Frames) -> None:
        good[3] = json.dumps(good[3]).replace(old, new)

    return spoil


TWICE_USAGE = {**USAGE, "total_tokens": 15}
GRAMMAR: list[tuple[str, Callable[[], Frames], Expected, Callable[[Frames], None]]] = [
    ("done.present", spoken, SPOKEN, drop(-1)),
    ("done.last", spoken, SPOKEN, put(7, frame({"content": "more"}))),
    ("done.last", spoken, SPOKEN, put(7, "[DONE]")),
    ("frame.json", spoken, SPOKEN, put(3, '{"id":"chatcmpl-1","choi')),
    ("frame.json", spoken, SPOKEN, put(3, "[]")),
    ("frame.json", spoken, SPOKEN, text('"id"', '"id": "x", "id"')),
    ("frame.json", spoken, SPOKEN, text("1776947082", "NaN")),
    ("frame.error", spoken, SPOKEN, put(3, {"error": {"message": "lost the vendor"}})),
    ("frame.object", spoken, SPOKEN, member(3, "object", "chat.completion")),
    ("frame.id", spoken, SPOKEN, member(3, "id", "chatcmpl-2")),
    ("frame.id", spoken, SPOKEN, member(5, "id", None)),
    ("frame.created", spoken, SPOKEN, member(3, "created", 1776947083)),
    ("frame.created", spoken, SPOKEN, member(3, "created", "1776947082")),
    ("frame.model", spoken, SPOKEN, member(3, "model", "o4-mini")),
    ("frame.model", spoken, Expected(None), member(3, "model", "o4-mini")),
    ("frame.choices", spoken, SPOKEN, put(3, frame(None))),
    ("frame.choices", spoken_with_usage_asked, ASKED, put(1, frame(None))),
    ("frame.choices", spoken, SPOKEN, member(3, "choices", None)),
    ("frame.choice", spoken, SPOKEN, of_choice(3, "delta", None)),
    ("frame.choice", spoken, SPOKEN, of_choice(3, "index", "0")),
    ("frame.choice", spoken, SPOKEN, of_choice(3, "finish_reason", False)),
    ("frame.choice", spoken, SPOKEN, twice(3)),
    ("frame.delta", spoken, SPOKEN, of_choice(3, "delta", {"contents": "Hello"})),
    ("frame.delta", spoken, SPOKEN, of_choice(3, "delta", {"content": 1})),
    ("choice.index", spoken, SPOKEN, put(3, frame(HELLO, index=1))),
    ("choice.index", spoken, TWO, lambda good: None),
    ("order.role", spoken, SPOKEN, drop(0)),
    ("order.role", spoken, SPOKEN, put(3, frame(ROLE))),
    ("order.role", spoken, SPOKEN, of_choice(0, "delta", {"role": "assistant", "content": ""})),
    ("order.role", spoken, SPOKEN, of_choice(0, "delta", {"role": "user"})),
    ("order.role", spoken, Expected(MODEL, role_alone=False), of_choice(0, "delta", {**ROLE, **HELLO})),
    ("order.reasoning", spoken, SPOKEN, swap(2, 3)),
    ("order.reasoning", calling, SPOKEN, put(4, frame(THOUGHT))),
    ("order.content", calling, SPOKEN, put(5, frame(HELLO))),
    ("order.empty", spoken, SPOKEN, put(3, frame({}))),
    ("order.empty", spoken, SPOKEN, put(3, frame({"content": ""}))),
    ("order.empty", spoken, SPOKEN, put(3, frame({**THOUGHT, **HELLO}))),
    ("tools.first", calling, SPOKEN, of_choice(5, "delta", first(1, ""))),
    ("tools.first", calling, SPOKEN, of_choice(5, "delta", fragment(1, "", id="call_2", name="get_weather"))),
    ("tools.first", calling, SPOKEN, of_choice(5, "delta", fragment(1, "{", id="c", type="function", name="f"))),
    ("tools.first", calling, SPOKEN, drop(5)),
    ("tools.more", calling, SPOKEN, of_choice(4, "delta", fragment(0, '"Oslo"}', id="call_1"))),
    ("tools.more", calling, SPOKEN, of_choice(4, "delta", fragment(0, '"Oslo"}', name="get_weather"))),
    ("tools.more", calling, SPOKEN, of_choice(4, "delta", fragment(0, ""))),
    ("tools.index", calling, SPOKEN, put(7, frame(fragment(0, " ")))),
    ("tools.index", calling, SPOKEN, put(7, frame(first(3, "call_3")))),
    ("tools.id", calling, SPOKEN, renamed_call),
    ("finish.once", two_choices, TWO, put(5, frame({}, "stop"))),
    ("finish.once", two_choices, TWO, drop(4)),
    ("finish.once", spoken, SPOKEN, of_choice(5, "finish_reason", "done")),
    ("finish.empty", spoken, SPOKEN, of_choice(5, "delta", {"content": "."})),
    ("finish.last", two_choices, TWO, put(5, frame(HELLO))),
    ("logprobs.shape", with_logprobs, SPOKEN, lambda good: None),
    ("logprobs.shape", with_logprobs, LOGPROBS, unspelt),
    ("logprobs.shape", with_logprobs, LOGPROBS, above_zero),
    ("logprobs.shape", with_logprobs, LOGPROBS, of_choice(1, "logprobs", [1])),
    ("usage.once", spoken, SPOKEN, member(5, "usage", None)),
    ("usage.once", spoken, SPOKEN, member(4, "usage", USAGE)),
    ("usage.once", spoken_with_usage_asked, ASKED, member(2, "usage", USAGE)),
    ("usage.once", spoken, Expected(MODEL, usage_by_default=False), lambda good: None),
    ("usage.place", spoken, ASKED, lambda good: None),
    ("usage.place", spoken_with_usage_asked, ASKED, swap(2, 3)),
    ("usage.sums", spoken, SPOKEN, member(5, "usage", TWICE_USAGE)),
    ("usage.sums", spoken, SPOKEN, member(5, "usage", {**USAGE, "prompt_tokens": -1})),
    ("usage.sums", spoken, SPOKEN, member(5, "usage", {"prompt_tokens": 1})),
    ("usage.sums", spoken, SPOKEN, member(5, "usage", {**USAGE, "completion_tokens_details": {"reasoning_tokens": 6}})),
]


@pytest.mark.parametrize(("rule", "base", "expected", "spoil"), GRAMMAR, ids=lambda v: v if isinstance(v, str) else "")
def test_a_broken_stream(rule: str, base: Callable[[], Frames], expected: Expected, spoil: Callable[..., None]) -> None:
    frames = copy.deepcopy(base())
    spoil(frames)
    assert names(check_stream(written(frames), expected)[1]) == {rule}


BYTES: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("sse.utf8", lambda body: body.replace(b"Hello", b"Hell\xc3")),
    ("sse.line", lambda body: body.replace(b"\n\ndata", b"\n\nevent: message\ndata", 1)),
    ("sse.line", lambda body: b"\xef\xbb\xbf: a mark\n\n" + body),
    ("sse.end", lambda body: body[:-1]),
    ("sse.end", lambda body: body[:-2]),
]


@pytest.mark.parametrize(("rule", "spoil"), BYTES)
def test_broken_bytes(rule: str, spoil: Callable[[bytes], bytes]) -> None:
    assert rule in names(check_stream(spoil(written(spoken())), SPOKEN)[1])


# Answers against their requests.

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer", "enum": [1, 2]}}, "required": ["n"]}
AS_SCHEMA = {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}}}
AS_OBJECT = {"response_format": {"type": "json_object"}}
OFFER = {"tools": [WEATHER]}


def says(content: str | None, finish: str = "stop", used: int = 5) -> Answer:
    return Answer({0: Choice(content=content, finish=finish)}, {"completion_tokens": used})


def calls(*arguments: str, name: str = "get_weather", finish: str = "tool_calls") -> Answer:
    made = [Call(f"call_{place}", name, text) for place, text in enumerate(arguments)]
    return Answer({0: Choice(calls=made, finish=finish)})


OSLO = '{"city":"Oslo"}'
FORCED = {"tool_choice": {"type": "function", "function": {"name": "get_weather"}}}
GOOD = [
    ({}, says("Hello")), (OFFER, calls(OSLO, OSLO)), (OFFER | FORCED, calls(OSLO, finish="stop")),
    (AS_OBJECT, says('{"a":1}')), (AS_SCHEMA, says('{"n":2}')), (AS_SCHEMA, says('{"n":', "length")),
    ({"stop": "x"}, says("")), ({"max_tokens": 5}, says("Hello", "length")), ({"n": 2, "max_tokens": 3}, says("Hello")),
    (OFFER, calls('{"ci', finish="length")), ({}, says("", "content_filter")),
]  # fmt: skip
BAD = [
    ("answer.finish", {}, says("Hello", "tool_calls")),
    ("answer.finish", OFFER, calls(OSLO, finish="stop")),
    ("answer.arguments", OFFER, calls('{"ci')),
    ("answer.arguments", OFFER, calls('{"city":1}')),
    ("answer.arguments", OFFER, calls("{}")),
    ("answer.arguments", OFFER, calls('{"city":"Oslo","sky":"grey"}')),
    ("answer.tools", {}, calls("{}")),
    ("answer.tools", OFFER, calls("{}", name="get_time")),
    ("answer.tools", OFFER | {"tool_choice": "none"}, calls(OSLO)),
    ("answer.tools", OFFER | {"tool_choice": "required"}, says("Hello")),
    ("answer.tools", OFFER | FORCED, says("Hello")),
    ("answer.tools", OFFER | {"parallel_tool_calls": False}, calls(OSLO, OSLO)),
    ("answer.json", AS_OBJECT, says("Hello")),
    ("answer.json", AS_OBJECT, says("[1]")),
    ("answer.json", AS_OBJECT, says('{"a":1,"a":2}')),
    ("answer.json", AS_SCHEMA, says('{"n":3}')),
    ("answer.json", AS_SCHEMA, says('{"n":true}')),
    ("answer.json", AS_SCHEMA, says("{}")),
    ("answer.stop", {"stop": ["x", "lo"]}, says("Hello")),
    ("answer.stop", {"stop": "H"}, says("Hello")),
    ("answer.length", {"max_completion_tokens": 4}, says("Hello", "length")),
    ("answer.length", {"max_tokens": 2, "n": 2}, says("Hello", "length")),
    ("answer.empty", {}, says("")),
    ("answer.empty", {}, says(None)),
]


@pytest.mark.parametrize(("request_", "answer"), GOOD)
def test_a_good_answer_breaks_nothing(request_: dict[str, Any], answer: Answer) -> None:
    assert judge(request_, answer) == []


@pytest.mark.parametrize(("rule", "request_", "answer"), BAD)
def test_a_bad_answer(rule: str, request_: dict[str, Any], answer: Answer) -> None:
    assert names(judge(request_, answer)) == {rule}


def whole() -> dict[str, Any]:
    message = {"role": "assistant", "content": "Hello", "reasoning_content": "Hm."}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": USAGE,
    }  # fmt: skip


def of_message(name: str, value: Any) -> dict[str, Any]:
    document = whole()
    document["choices"][0]["message"][name] = value
    return document


CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
WHOLE = [
    *[("whole.shape", {**whole(), name: value}) for name, value in [
        ("id", ""), ("object", "list"), ("created", None), ("model", "x"), ("choices", None), ("choices", []),
        ("choices", [{"index": 1, "message": {}}]), ("choices", [{"index": 0, "message": {}, "finish_reason": "stop"}]),
    ]],
    ("whole.shape", {**whole(), "choices": whole()["choices"] * 2}),
    ("whole.shape", of_message("role", "user")),
    ("whole.shape", of_message("content", ["Hello"])),
    ("whole.shape", of_message("tool_calls", [])),
    ("whole.shape", of_message("tool_calls", [{}])),
    ("whole.shape", of_message("tool_calls", [CALL, CALL])),
    ("usage.sums", {**whole(), "usage": None}),
    ("usage.sums", {**whole(), "usage": TWICE_USAGE}),
    ("whole.shape", []),
]  # fmt: skip


def test_a_good_whole_answer_breaks_nothing() -> None:
    answer, found = read_whole(json.dumps(whole()).encode(), MODEL, 1, None)
    assert found == []
    assert answer.choices[0] == Choice(content="Hello", reasoning="Hm.", finish="stop")


@pytest.mark.parametrize(("rule", "document"), WHOLE)
def test_a_bad_whole_answer(rule: str, document: Any) -> None:
    assert names(read_whole(json.dumps(document).encode(), MODEL, 1, None)[1]) == {rule}


def other(**more: Any) -> Answer:
    made = says("Hello")
    for name, value in more.items():
        setattr(made.choices[0], name, value)
    return made


SAME = [
    ("same.content", other(content="Hullo")),
    ("same.content", other(reasoning="Hm.")),
    ("same.content", Answer({}, {"completion_tokens": 5})),
    ("same.tools", other(calls=[Call("call_1", "f", "{}")])),
    ("same.finish", other(finish="length")),
    ("same.logprobs", other(logprobs=[{"token": "Hello"}])),
    ("same.usage", says("Hello", used=6)),
]


@pytest.mark.parametrize(("rule", "answer"), SAME)
def test_streamed_is_not_whole(rule: str, answer: Answer) -> None:
    assert compare(says("Hello"), says("Hello")) == []
    assert names(compare(says("Hello"), answer)) == {rule}


HTTP = [
    ("http.status", judge_stream, Reply(500, STREAM, b"")),
    ("http.status", judge_whole, Reply(400, JSON, b"{}")),
    ("http.content-type", judge_stream, Reply(200, JSON, written(spoken()))),
    ("http.content-type", judge_whole, Reply(200, STREAM, json.dumps(whole()).encode())),
    ("http.end", judge_stream, Reply(200, STREAM, written(spoken()), "IncompleteRead after 9 bytes")),
    ("http.end", judge_whole, Reply(200, JSON, json.dumps(whole()).encode(), "TimeoutError after 9 bytes")),
]


@pytest.mark.parametrize(("rule", "judge_reply", "reply"), HTTP)
def test_a_bad_reply(rule: str, judge_reply: Callable[..., Any], reply: Reply) -> None:
    assert names(judge_reply(reply, {}, SPOKEN)[1]) == {rule}


def test_a_parameter_that_was_dropped_counts_as_not_asked_for() -> None:
    reply = Reply(200, {"x-aig-warning": "dropped temperature, n and max_tokens: not supported by this model"}, b"")
    asked = {"model": MODEL, "temperature": 0.7, "n": 2, "max_tokens": 5, "stop": "x"}
    assert without_dropped(asked, reply) == {"model": MODEL, "max_tokens": 5, "stop": "x"}


def test_every_rule_has_been_broken() -> None:
    broken = {case[0] for cases in (GRAMMAR, BYTES, BAD, WHOLE, SAME, HTTP) for case in cases}
    assert broken == set(RULES)


# The conversations.


def test_the_same_seed_makes_the_same_conversations() -> None:
    made = [conversations(200, 7, MODEL, frozenset()) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0] != conversations(200, 8, MODEL, frozenset())


def test_every_kind_comes_with_every_way_to_stream() -> None:
    made = conversations(200, 1, MODEL, frozenset())
    ways = {(one.kind, json.dumps(one.stream_options)) for one in made}
    assert {one.kind for one in made} == {maker.__name__ for maker, _ in KINDS}
    assert len(ways) == 4 * len(KINDS)


def test_what_a_model_lacks_is_left_out() -> None:
    made = conversations(300, 1, MODEL, frozenset({"tools", "vision", "logprobs", "n"}))
    assert not any(one.request.get(name) for one in made for name in ("tools", "logprobs", "n"))
    assert not any("image" in one.kind for one in made)
