"""The rules, each with the name a report gives it, and what a breach of one looks like."""

from __future__ import annotations

from dataclasses import dataclass

RULES = {
    # The stream as bytes and events.
    "http.status": "a valid request is answered with 200, and with the same status streamed or not",
    "http.content-type": "a stream is text/event-stream, a whole answer application/json",
    "http.end": "the body ends as HTTP says it must, in time",
    "sse.utf8": "the stream is UTF-8",
    "sse.line": "every line is a comment, a data field or the end of an event",
    "sse.end": "the last event is ended by an empty line",
    "done.present": "data: [DONE] stands at the end",
    "done.last": "nothing follows data: [DONE]",
    # One frame.
    "frame.json": "every other event is a JSON object without repeated names",
    "frame.error": "no error event stands in the stream",
    "frame.object": "object is chat.completion.chunk",
    "frame.id": "id is a text, and the same in every frame",
    "frame.created": "created is a time in seconds, and the same in every frame",
    "frame.model": "model is the one asked for, and the same in every frame",
    "frame.choices": "choices has a choice, save in the last frame where usage was asked for",
    "frame.choice": "a choice has an index, a delta and a finish_reason of their types, and each index once",
    "frame.delta": "a delta has only known members, of their types",
    # The frames of one choice.
    "choice.index": "indexes are 0 to n - 1, and each of them comes",
    "order.role": "the first delta of a choice is its role and nothing else, and no later one has a role",
    "order.reasoning": "reasoning comes before content and tool calls",
    "order.content": "content comes before tool calls",
    "order.empty": "a delta before the end of its choice says something, and only one thing",
    "tools.first": "a tool call begins with index, id, type, name and empty arguments",
    "tools.more": "what follows has its index and a piece of its arguments, nothing else",
    "tools.index": "tool calls are numbered from 0 and come one after the other",
    "tools.id": "no two tool calls have the same id",
    "finish.once": "a choice has one finish_reason, a known one",
    "finish.empty": "the delta of the finish frame is empty",
    "finish.last": "nothing of a choice follows its finish frame",
    "logprobs.shape": "log probabilities come only when asked for, have their shape, and spell the content",
    # Usage.
    "usage.once": "usage stands exactly once, and in no other frame than its own",
    "usage.place": "usage stands in the last finish frame, or where it was asked for in a frame of its own after it",
    "usage.sums": "usage has its counts, none negative, and its parts add up",
    # One answer, streamed or not.
    "whole.shape": "an answer that is not streamed has its members, of their types",
    "answer.finish": "finish_reason is tool_calls exactly where tools are called freely",
    "answer.arguments": "arguments are valid JSON and satisfy the tool's schema",
    "answer.tools": "only tools on offer are called, as tool_choice and parallel_tool_calls say",
    "answer.json": "json_object and json_schema give what was asked for",
    "answer.stop": "no stop sequence stands in the content",
    "answer.length": "no more tokens than allowed",
    "answer.empty": "an answer says something, unless it was cut off or filtered",
    # Both together.
    "same.content": "streamed and not streamed, content and reasoning are the same",
    "same.tools": "streamed and not streamed, the tool calls are the same",
    "same.finish": "streamed and not streamed, the finish reasons are the same",
    "same.usage": "streamed and not streamed, usage is the same",
    "same.logprobs": "streamed and not streamed, the log probabilities are the same",
}


@dataclass(frozen=True)
class Breach:
    """One rule broken, in one place."""

    rule: str
    what: str
    frame: int | None = None
    form: str = ""

    def __post_init__(self) -> None:
        assert self.rule in RULES, self.rule

    def __str__(self) -> str:
        place = "" if self.frame is None else f" (frame {self.frame})"
        return f"{self.form} {self.rule}{place}: {self.what}".lstrip()


def shown(value: object, limit: int = 120) -> str:
    """A value for a message, cut to a bearable length."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
