"""One answer, put together from frames or read whole; and the form of a whole one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .rules import Breach, shown

FINISH_REASONS = {"stop", "length", "tool_calls", "content_filter"}


@dataclass
class Call:
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass
class Choice:
    content: str | None = None
    reasoning: str | None = None
    calls: list[Call] = field(default_factory=list)
    finish: str | None = None
    logprobs: list[dict[str, Any]] | None = None


@dataclass
class Answer:
    choices: dict[int, Choice] = field(default_factory=dict)
    usage: dict[str, Any] | None = None


class RepeatedName(ValueError):
    """An object has two members of one name."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise RepeatedName("a name stands twice in one object")
    return made


def read_json(text: str | bytes) -> Any:
    """Strict JSON: no repeated names, no NaN."""

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    return json.loads(text, object_pairs_hook=_members, parse_constant=refuse)


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check_usage(usage: object, frame: int | None = None) -> list[Breach]:
    """Counts are there, and add up."""
    if not isinstance(usage, dict):
        return [Breach("usage.sums", f"usage is {shown(usage)}", frame)]
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    wrong = [name for name in names if not is_count(usage.get(name))]
    if wrong:
        return [Breach("usage.sums", f"{', '.join(wrong)} in {shown(usage)}", frame)]
    found = []
    if usage["prompt_tokens"] + usage["completion_tokens"] != usage["total_tokens"]:
        found.append(Breach("usage.sums", f"prompt and completion are not the total in {shown(usage)}", frame))
    for side in ("prompt", "completion"):
        details = usage.get(f"{side}_tokens_details") or {}
        for name, value in details.items():
            if value is not None and (not is_count(value) or value > usage[f"{side}_tokens"]):
                found.append(Breach("usage.sums", f"{name} is {shown(value)} in {shown(usage, 300)}", frame))
    return found


def check_logprobs(entries: object, content: str | None, asked: int | None, where: str) -> list[Breach]:
    """`asked` is the number of alternatives asked for, or None where log probabilities were not."""
    if entries is None:
        return []
    if asked is None:
        return [Breach("logprobs.shape", f"{where}: came without being asked for")]
    if not isinstance(entries, list):
        return [Breach("logprobs.shape", f"{where}: {shown(entries)}")]
    for entry in entries:
        if not _is_logprob(entry, asked):
            return [Breach("logprobs.shape", f"{where}: {shown(entry, 300)}")]
    spelt = b"".join(bytes(e["bytes"]) if e.get("bytes") is not None else e["token"].encode() for e in entries)
    if spelt != (content or "").encode():
        return [Breach("logprobs.shape", f"{where}: tokens spell {shown(spelt)}, not {shown(content)}")]
    return []


def _is_logprob(entry: object, alternatives: int | None) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("token"), str):
        return False
    value, data = entry.get("logprob"), entry.get("bytes")
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value > 0:
        return False
    if data is not None and not (isinstance(data, list) and all(is_count(b) and b < 256 for b in data)):
        return False
    if alternatives is None:
        return True
    others = entry.get("top_logprobs")
    return isinstance(others, list) and len(others) <= alternatives and all(_is_logprob(o, None) for o in others)


def read_whole(body: bytes, model: str | None, choices: int, logprobs: int | None) -> tuple[Answer, list[Breach]]:
    """The answer to a request that was not streamed; `model` is None where any name will do."""
    answer, found = Answer(), []

    def wrong(what: str) -> None:
        found.append(Breach("whole.shape", what))

    try:
        document = read_json(body)
    except ValueError as error:
        return answer, [Breach("whole.shape", f"{error}: {shown(body)}")]
    if not isinstance(document, dict) or not isinstance(document.get("choices"), list):
        return answer, [Breach("whole.shape", shown(document))]
    if not (isinstance(document.get("id"), str) and document["id"]):
        wrong(f"id is {shown(document.get('id'))}")
    if document.get("object") != "chat.completion":
        wrong(f"object is {shown(document.get('object'))}")
    if not is_count(document.get("created")):
        wrong(f"created is {shown(document.get('created'))}")
    if not isinstance(document.get("model"), str) or (model is not None and document["model"] != model):
        wrong(f"model is {shown(document.get('model'))}")
    for place, choice in enumerate(document["choices"]):
        if not isinstance(choice, dict) or choice.get("index") != place or not isinstance(choice.get("message"), dict):
            wrong(f"choice {place} is {shown(choice)}")
            continue
        made, errors = _read_choice(choice)
        for error in errors:
            wrong(f"choice {place}: {error}")
        found += check_logprobs(made.logprobs, made.content, logprobs, f"choice {place}")
        answer.choices[place] = made
    if len(document["choices"]) != choices:
        wrong(f"{len(document['choices'])} choices, not {choices}")
    answer.usage = document.get("usage")
    return answer, found + check_usage(answer.usage)


def _read_choice(choice: dict[str, Any]) -> tuple[Choice, list[str]]:
    message, errors = choice["message"], []
    made = Choice(finish=choice.get("finish_reason"))
    if message.get("role") != "assistant":
        errors.append(f"role is {shown(message.get('role'))}")
    if "content" not in message:
        errors.append("no content, not even null")
    for name in ("content", "reasoning_content"):
        if not isinstance(message.get(name), (str, type(None))):
            errors.append(f"{name} is {shown(message[name])}")
    made.content, made.reasoning = message.get("content"), message.get("reasoning_content")
    if made.finish not in FINISH_REASONS:
        errors.append(f"finish_reason is {shown(made.finish)}")
    calls = message.get("tool_calls")
    if calls is not None and not (isinstance(calls, list) and calls):
        errors.append(f"tool_calls is {shown(calls)}")
        calls = None
    for call in calls or []:
        function = call.get("function") if isinstance(call, dict) else None
        texts = (call.get("id"), function.get("name"), function.get("arguments")) if isinstance(function, dict) else ()
        if not texts or call.get("type") != "function" or not all(isinstance(text, str) for text in texts):
            errors.append(f"a tool call is {shown(call)}")
            continue
        made.calls.append(Call(*texts))
    if len({call.id for call in made.calls}) != len(made.calls):
        errors.append("two tool calls have one id")
    logprobs = choice.get("logprobs")
    if isinstance(logprobs, dict):
        made.logprobs = logprobs.get("content")
    elif logprobs is not None:
        errors.append(f"logprobs is {shown(logprobs)}")
    return made, errors
