"""One conversation against a server, streamed and not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from .answer import Answer, read_whole
from .conversations import Conversation
from .judge import compare, judge
from .rules import Breach, shown
from .stream import Expected, check_stream
from .transport import Reply, Server


@dataclass(frozen=True)
class Manner:
    """How strictly servers are held to the form."""

    is_openai: bool = False
    """OpenAI's own: no usage unless asked for, a role that shares its frame, dated names of models."""
    compares: bool = True
    """Whether the server gives the same answer twice."""


@dataclass
class Outcome:
    breaches: list[Breach]
    frames: int = 0


def expected(request: dict[str, Any], options: dict[str, Any] | None, manner: Manner) -> Expected:
    return Expected(
        model=None if manner.is_openai else request["model"],
        choices=request.get("n") or 1,
        usage_asked=bool((options or {}).get("include_usage")),
        usage_by_default=not manner.is_openai,
        role_alone=not manner.is_openai,
        logprobs=asked_logprobs(request),
    )


def asked_logprobs(request: dict[str, Any]) -> int | None:
    return request.get("top_logprobs", 0) if request.get("logprobs") else None


def streamed(request: dict[str, Any], options: dict[str, Any] | None) -> dict[str, Any]:
    return {**request, "stream": True, **({} if options is None else {"stream_options": options})}


def without_dropped(request: dict[str, Any], reply: Reply) -> dict[str, Any]:
    """The request less the parameters that the server says it left out, in `x-aig-warning`."""
    named = set(re.findall(r"[a-z_]+", reply.headers.get("x-aig-warning", "")))
    # What an answer cannot do without stays, and a limit that was lowered is one still.
    droppable = named - {"model", "messages", "stream", "max_tokens", "max_completion_tokens"}
    return {name: value for name, value in request.items() if name not in droppable}


def _reply_breaches(reply: Reply, kind: str) -> list[Breach]:
    if reply.status != 200:
        return [Breach("http.status", f"{reply.status} {shown(reply.body, 400)}")]
    found = []
    if reply.headers.get("content-type", "").split(";")[0].strip() != kind:
        found.append(Breach("http.content-type", shown(reply.headers.get("content-type"))))
    if reply.broken:
        found.append(Breach("http.end", reply.broken))
    return found


def judge_stream(reply: Reply, request: dict[str, Any], wanted: Expected) -> tuple[Answer | None, list[Breach]]:
    found = _reply_breaches(reply, "text/event-stream")
    if reply.status != 200:
        return None, found
    answer, breaches = check_stream(reply.body, wanted)
    return answer, found + breaches + judge(request, answer)


def judge_whole(reply: Reply, request: dict[str, Any], wanted: Expected) -> tuple[Answer | None, list[Breach]]:
    found = _reply_breaches(reply, "application/json")
    if reply.status != 200:
        return None, found
    answer, breaches = read_whole(reply.body, wanted.model, wanted.choices, wanted.logprobs)
    return answer, found + breaches + judge(request, answer)


def check(server: Server, conversation: Conversation, manner: Manner) -> Outcome:
    request, options = conversation.request, conversation.stream_options
    try:
        stream_reply = server.post(streamed(request, options))
        whole_reply = server.post(request)
    except OSError as error:
        return Outcome([Breach("http.end", f"{type(error).__name__}: {error}")])
    # A member that is null is as good as none.
    request = {name: value for name, value in without_dropped(request, stream_reply).items() if value is not None}
    wanted = expected(request, options, manner)
    one, breaches = judge_stream(stream_reply, request, wanted)
    found = [replace(breach, form="streamed") for breach in breaches]
    other, breaches = judge_whole(whole_reply, request, wanted)
    found += [replace(breach, form="whole") for breach in breaches]
    if one is not None and other is not None and manner.compares:
        if wanted.usage_by_default or wanted.usage_asked:
            found += compare(one, other)
        else:
            found += [breach for breach in compare(one, other) if breach.rule != "same.usage"]
    return Outcome(found, stream_reply.body.count(b"\ndata:") + stream_reply.body.startswith(b"data:"))
