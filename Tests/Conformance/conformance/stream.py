"""The grammar of a stream: holds every frame to its place and puts the answer together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .answer import FINISH_REASONS, Answer, Call, Choice, check_logprobs, check_usage, is_count, read_json
from .events import DONE, read_events
from .rules import Breach, shown

ROLE, REASONING, CONTENT, TOOLS, FINISHED = range(5)
DELTA_TYPES: dict[str, type] = {
    "role": str, "reasoning_content": str, "content": str, "tool_calls": list, "refusal": str,
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What the request says about its stream."""

    model: str | None
    """None where any name will do, as long as it stays the same."""
    choices: int = 1
    usage_asked: bool = False
    usage_by_default: bool = True
    """Whether usage stands in the finish frame where it was not asked for."""
    role_alone: bool = True
    """Whether the role has a delta to itself; OpenAI's own has an empty content in it, or a tool call's beginning."""
    logprobs: int | None = None
    """How many alternatives were asked for; None where log probabilities were not."""


@dataclass
class Track:
    """One choice on its way."""

    phase: int = ROLE
    has_role: bool = False
    made: Choice = field(default_factory=Choice)


class Grammar:
    """Takes the frames one by one; `end` says that no more come."""

    def __init__(self, expected: Expected) -> None:
        self.expected = expected
        self.answer = Answer()
        self.breaches: list[Breach] = []
        self.tracks: dict[int, Track] = {}
        self.constants: dict[str, object] = {}
        self.frame = self.last_frame = -1
        self.is_done = False
        self.usage_frames: list[int] = []
        self.last_finish: int | None = None
        self.empty_frames: list[int] = []

    def wrong(self, rule: str, what: str) -> None:
        self.breaches.append(Breach(rule, what, self.frame))

    def take(self, data: str) -> None:
        """One event's data."""
        self.frame += 1
        if self.is_done:
            self.wrong("done.last", shown(data))
        elif data == DONE:
            self.is_done = True
        else:
            self.last_frame = self.frame
            self._take_frame(data)

    def _take_frame(self, data: str) -> None:
        try:
            frame = read_json(data)
        except ValueError as error:
            return self.wrong("frame.json", f"{error}: {shown(data)}")
        if not isinstance(frame, dict):
            return self.wrong("frame.json", shown(data))
        if "error" in frame:
            return self.wrong("frame.error", shown(frame["error"], 300))
        self._check_constants(frame)
        usage = frame.get("usage")
        if usage is not None:
            self.usage_frames.append(self.frame)
            self.answer.usage = usage
            self.breaches += check_usage(usage, self.frame)
        choices = frame.get("choices")
        if not isinstance(choices, list):
            return self.wrong("frame.choices", f"choices is {shown(choices)}")
        if not choices:
            self.empty_frames.append(self.frame)
            if not self.expected.usage_asked or usage is None:
                self.wrong("frame.choices", "no choice")
        indexes = [choice.get("index") for choice in choices if isinstance(choice, dict)]
        if any(indexes.count(index) > 1 for index in indexes):
            self.wrong("frame.choice", f"indexes {indexes}")
        for choice in choices:
            self._take_choice(choice)

    def _check_constants(self, frame: dict[str, Any]) -> None:
        if frame.get("object") != "chat.completion.chunk":
            self.wrong("frame.object", shown(frame.get("object")))
        valid = {
            "id": isinstance(frame.get("id"), str) and frame["id"] != "",
            "created": is_count(frame.get("created")) and frame["created"] > 0,
            "model": isinstance(frame.get("model"), str) and self.expected.model in (None, frame["model"]),
        }
        for name, is_valid in valid.items():
            first = self.constants.setdefault(name, frame.get(name))
            if not is_valid or frame.get(name) != first:
                self.wrong(f"frame.{name}", f"{shown(frame.get(name))}, first {shown(first)}")

    def _take_choice(self, choice: object) -> None:
        if not isinstance(choice, dict) or not isinstance(choice.get("delta"), dict) or "finish_reason" not in choice:
            return self.wrong("frame.choice", shown(choice))
        index, finish = choice.get("index"), choice["finish_reason"]
        if not is_count(index) or not isinstance(finish, (str, type(None))):
            return self.wrong("frame.choice", shown(choice))
        if index >= self.expected.choices:
            return self.wrong("choice.index", f"index {index} of {self.expected.choices} choices")
        track = self.tracks.setdefault(index, Track())
        if track.phase == FINISHED:
            return self.wrong("finish.once" if finish else "finish.last", f"choice {index}: {shown(choice)}")
        self._take_logprobs(track, choice.get("logprobs"))
        # Members that are null say nothing.
        delta = {name: value for name, value in choice["delta"].items() if value is not None}
        if finish is not None:
            self._finish(track, index, finish, delta)
        elif self._is_known(delta):
            self._take_delta(track, index, delta)

    def _is_known(self, delta: dict[str, Any]) -> bool:
        wrong = [n for n, value in delta.items() if n not in DELTA_TYPES or not isinstance(value, DELTA_TYPES[n])]
        if wrong:
            self.wrong("frame.delta", shown(delta))
        return not wrong

    def _finish(self, track: Track, index: int, finish: str, delta: dict[str, Any]) -> None:
        if finish not in FINISH_REASONS:
            self.wrong("finish.once", f"choice {index}: {shown(finish)}")
        if delta:
            self.wrong("finish.empty", f"choice {index}: {shown(delta)}")
        if not track.has_role:
            self.wrong("order.role", f"choice {index} ends without a role")
        track.phase, track.made.finish = FINISHED, finish
        self.last_finish = self.frame

    def _take_delta(self, track: Track, index: int, delta: dict[str, Any]) -> None:
        if not track.has_role or "role" in delta:
            delta = self._take_role(track, index, delta)
            if not delta:
                return
        said = {name: value for name, value in delta.items() if value}
        if len(said) != 1 or len(delta) != 1:
            self.wrong("order.empty", f"choice {index}: {shown(delta)}")
        if "reasoning_content" in said:
            self._advance(track, index, REASONING, "order.reasoning")
            track.made.reasoning = (track.made.reasoning or "") + said["reasoning_content"]
        if "content" in said:
            self._advance(track, index, CONTENT, "order.content")
            track.made.content = (track.made.content or "") + said["content"]
        for fragment in said.get("tool_calls", []):
            self._advance(track, index, TOOLS, "order.content")
            self._take_fragment(track.made.calls, fragment)

    def _take_role(self, track: Track, index: int, delta: dict[str, Any]) -> dict[str, Any]:
        """Returns what stands beside the role and is to be read on."""
        beside = {name: value for name, value in delta.items() if name != "role"}
        if not self.expected.role_alone and beside.get("content") == "":
            del beside["content"]
        is_fine = not beside if self.expected.role_alone else set(beside) <= {"tool_calls"}
        if track.has_role or delta.get("role") != "assistant" or not is_fine:
            self.wrong("order.role", f"choice {index}: {shown(delta)}")
        track.has_role = True  # said once is enough
        return beside if is_fine or "role" not in delta else {}

    def _advance(self, track: Track, index: int, to: int, rule: str) -> None:
        if track.phase > to:
            self.wrong(rule, f"choice {index} was further already")
        track.phase = max(track.phase, to)

    def _take_fragment(self, calls: list[Call], fragment: object) -> None:
        function = fragment.get("function") if isinstance(fragment, dict) else None
        if not isinstance(fragment, dict) or not isinstance(function, dict) or not is_count(fragment.get("index")):
            return self.wrong("frame.delta", shown(fragment))
        place = fragment["index"]
        if place == len(calls):
            call = Call(fragment.get("id", ""), function.get("name", ""))
            texts = call.id and call.name and isinstance(call.id, str) and isinstance(call.name, str)
            if fragment.get("type") != "function" or not texts or function.get("arguments") != "":
                self.wrong("tools.first", shown(fragment))
            if call.id and any(call.id == other.id for other in calls):
                self.wrong("tools.id", shown(call.id))
            calls.append(call)
        elif place != len(calls) - 1:
            return self.wrong("tools.index", f"{place} after {len(calls)} calls")
        elif set(fragment) != {"index", "function"} or set(function) != {"arguments"} or not function["arguments"]:
            self.wrong("tools.more", shown(fragment))
        if isinstance(function.get("arguments"), str):
            calls[place].arguments += function["arguments"]

    def _take_logprobs(self, track: Track, logprobs: object) -> None:
        if logprobs is None:
            return
        entries = logprobs.get("content") if isinstance(logprobs, dict) else logprobs
        if isinstance(entries, list):
            track.made.logprobs = (track.made.logprobs or []) + entries
        elif entries is not None:
            self.wrong("logprobs.shape", shown(logprobs))

    def end(self) -> None:
        """No more frames come."""
        if not self.is_done:
            self.wrong("done.present", f"{self.frame + 1} events")
        missing = [index for index in range(self.expected.choices) if index not in self.tracks]
        if missing:
            self.wrong("choice.index", f"choices {missing} never came")
        for index, track in sorted(self.tracks.items()):
            if track.phase != FINISHED:
                self.wrong("finish.once", f"choice {index} has none")
            self.answer.choices[index] = track.made
            self.breaches += check_logprobs(
                track.made.logprobs, track.made.content, self.expected.logprobs, f"choice {index}"
            )
        self._check_usage_place()

    def _check_usage_place(self) -> None:
        is_due = self.expected.usage_asked or self.expected.usage_by_default
        if len(self.usage_frames) != (1 if is_due else 0):
            return self.wrong("usage.once", f"in frames {self.usage_frames}")
        if not is_due:
            return
        [place] = self.usage_frames
        last = self.last_frame
        if self.expected.usage_asked:
            is_right = place == last and place in self.empty_frames
        else:
            is_right = place == last == self.last_finish
        if not is_right:
            self.wrong("usage.place", f"in frame {place} of 0 to {last}, the last finish in frame {self.last_finish}")


def check_stream(body: bytes, expected: Expected) -> tuple[Answer, list[Breach]]:
    """The whole of a stream; returns the answer it makes and every breach."""
    events = read_events(body)
    grammar = Grammar(expected)
    for data in events.data:
        grammar.take(data)
    grammar.end()
    return grammar.answer, events.breaches + grammar.breaches
