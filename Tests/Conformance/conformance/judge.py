"""Holds an answer to its request, and two answers to the same request to each other."""

from __future__ import annotations

from typing import Any

from .answer import Answer, Call, Choice, read_json
from .rules import Breach, shown
from .schema import problem

# An answer that ends so need not be whole.
CUT = ("length", "content_filter")


def judge(request: dict[str, Any], answer: Answer) -> list[Breach]:
    """Whether the answer is one to this request."""
    found: list[Breach] = []
    for index, choice in answer.choices.items():
        where = f"choice {index}: "
        found += [Breach(rule, where + what) for rule, what in _judge_choice(request, choice)]
    return found + _judge_length(request, answer)


def _judge_choice(request: dict[str, Any], choice: Choice) -> list[tuple[str, str]]:
    found = _judge_finish(request, choice) + _judge_tools(request, choice)
    stops = request.get("stop") or []
    for stop in [stops] if isinstance(stops, str) else stops:
        if stop in (choice.content or ""):
            found.append(("answer.stop", f"{stop!r} stands in {shown(choice.content)}"))
    if not choice.content and not choice.calls and choice.finish not in CUT and not stops:
        found.append(("answer.empty", f"says nothing and ends with {shown(choice.finish)}"))
    return found + _judge_json(request, choice)


def _forced(request: dict[str, Any]) -> str | None:
    choice = request.get("tool_choice")
    return choice["function"]["name"] if isinstance(choice, dict) else None


def _judge_finish(request: dict[str, Any], choice: Choice) -> list[tuple[str, str]]:
    allowed = {"stop", "length", "content_filter"}
    if choice.calls:
        # Some servers end a call that was forced by its name with `stop`.
        allowed = {"tool_calls", *CUT} | ({"stop"} if _forced(request) else set())
    if choice.finish in allowed:
        return []
    return [("answer.finish", f"{shown(choice.finish)} with {len(choice.calls)} tool calls")]


def _judge_tools(request: dict[str, Any], choice: Choice) -> list[tuple[str, str]]:
    offered = {tool["function"]["name"]: tool["function"].get("parameters", {}) for tool in request.get("tools", [])}
    mode, forced = request.get("tool_choice", "auto"), _forced(request)
    found = []
    names = [call.name for call in choice.calls]
    if strange := [name for name in names if name not in offered]:
        found.append(("answer.tools", f"{strange} not on offer"))
    if mode == "none" and names:
        found.append(("answer.tools", f"{names} called in spite of none"))
    if forced and any(name != forced for name in names):
        found.append(("answer.tools", f"{names} called, not {forced}"))
    if (forced or mode == "required") and not names and choice.finish not in CUT:
        found.append(("answer.tools", f"nothing called in spite of {shown(mode)}"))
    if request.get("parallel_tool_calls") is False and len(names) > 1:
        found.append(("answer.tools", f"{len(names)} calls in parallel"))
    for place, call in enumerate(choice.calls):
        is_cut = choice.finish in CUT and place == len(choice.calls) - 1
        if not is_cut and (error := _argument_problem(call, offered.get(call.name, {}))):
            found.append(("answer.arguments", f"call {place}: {error}"))
    return found


def _argument_problem(call: Call, schema: dict[str, Any]) -> str | None:
    try:
        return problem(read_json(call.arguments), schema)
    except ValueError as error:
        return f"{error}: {shown(call.arguments)}"


def _judge_json(request: dict[str, Any], choice: Choice) -> list[tuple[str, str]]:
    wanted = request.get("response_format", {})
    if wanted.get("type") not in ("json_object", "json_schema") or choice.calls or choice.finish in CUT:
        return []
    if request.get("stop"):  # what a stop sequence cuts need not be whole
        return []
    try:
        value = read_json(choice.content or "")
    except ValueError as error:
        return [("answer.json", f"{error}: {shown(choice.content)}")]
    schema = wanted["json_schema"]["schema"] if wanted["type"] == "json_schema" else {"type": "object"}
    error = problem(value, schema)
    return [("answer.json", f"{error} in {shown(choice.content)}")] if error else []


def _judge_length(request: dict[str, Any], answer: Answer) -> list[Breach]:
    limit = request.get("max_completion_tokens", request.get("max_tokens"))
    used = (answer.usage or {}).get("completion_tokens")
    if limit is None or not isinstance(used, int):
        return []
    limit *= request.get("n") or 1
    return [Breach("answer.length", f"{used} tokens of at most {limit}")] if used > limit else []


def compare(streamed: Answer, whole: Answer) -> list[Breach]:
    """The same request, both ways."""
    found: list[Breach] = []

    def same(rule: str, where: str, one: object, other: object) -> None:
        if one != other:
            found.append(Breach(f"same.{rule}", f"{where}: streamed {shown(one, 200)}, whole {shown(other, 200)}"))

    same("content", "choices", sorted(streamed.choices), sorted(whole.choices))
    for index in sorted(set(streamed.choices) & set(whole.choices)):
        one, other, where = streamed.choices[index], whole.choices[index], f"choice {index}"
        # A stream has no frame for an empty text.
        same("content", where, one.content or "", other.content or "")
        same("content", f"{where} reasoning", one.reasoning or "", other.reasoning or "")
        calls = [[(call.name, call.arguments) for call in choice.calls] for choice in (one, other)]
        same("tools", where, *calls)
        same("finish", where, one.finish, other.finish)
        same("logprobs", where, one.logprobs or [], other.logprobs or [])
    same("usage", "usage", streamed.usage, whole.usage)
    return found
