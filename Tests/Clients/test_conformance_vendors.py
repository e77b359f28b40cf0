"""Vendors that stream in manners of their own: what leaves the gateway keeps to the grammar all the same."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conformance.answer import Answer
from conformance.rules import Breach
from conformance.stream import Expected, check_stream
from conformance.transport import Server

from conftest import with_upstream
from gateway_process import Gateway

MODEL = "openai/gpt-4.1-mini"
USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}


def frame(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
    return {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1776947082, "model": "gpt-4.1-mini-2025-04-14",
        "service_tier": "default", "system_fingerprint": "fp_1", "choices": choices, "usage": None, **more,
    }  # fmt: skip


def call(arguments: str, **more: Any) -> dict[str, Any]:
    function = {"name": "get_weather", "arguments": arguments} if more else {"arguments": arguments}
    return {"tool_calls": [{"index": 0, **more, "function": function}]}


ROLE = {"role": "assistant", "content": "", "refusal": None}
BEGUN = {"id": "call_1", "type": "function"}
ONE, TWO = {"content": "one "}, {"content": "two"}
END, LAST = frame({}, "stop"), frame(None, usage=USAGE)
STREAMS: dict[str, list[dict[str, Any]]] = {
    "openai": [
        frame(ROLE, obfuscation="a8"), frame(ONE, obfuscation="x"), frame(TWO), END, frame(None, usage=USAGE),
    ],
    "openai-tools": [
        frame({"role": "assistant", "content": None, **call("", **BEGUN)}), frame(call('{"city":')),
        frame(call('"Oslo"}')), frame({}, "tool_calls"), LAST,
    ],
    "azure-filter-first": [
        {**frame(None), "prompt_filter_results": [], "id": "", "model": "", "created": 0}, frame(ROLE), frame(ONE),
        frame(TWO), END, LAST,
    ],
    "usage-in-the-finish-frame": [frame(ROLE), frame(ONE), frame(TWO), frame({}, "stop", usage=USAGE)],
    "usage-in-every-frame": [frame(delta, usage=USAGE) for delta in (ROLE, ONE, TWO)]
    + [frame({}, "stop", usage=USAGE), LAST],
    "role-in-every-frame": [frame({"role": "assistant", **delta}) for delta in ({"content": ""}, ONE, TWO)]
    + [END, LAST],
    "no-role": [frame(ONE), frame(TWO), END, LAST],
    "role-with-text": [frame({"role": "assistant", **ONE}), frame(TWO), END, LAST],
    "text-in-the-finish-frame": [frame(ROLE), frame(ONE), frame(TWO, "stop"), LAST],
    "empty-content-at-the-end": [frame(ROLE), frame(ONE), frame(TWO), frame({"content": ""}, "stop"), LAST],
    "whole-tool-call-at-once": [
        frame({"role": "assistant", **call('{"city":"Oslo"}', **BEGUN)}), frame({}, "tool_calls"), LAST,
    ],
    "call-repeated-in-every-fragment": [
        frame(ROLE), frame(call("", **BEGUN)), frame(call('{"city":', **BEGUN)), frame(call('"Oslo"}', **BEGUN)),
        frame({}, "tool_calls"), LAST,
    ],
    "call-in-the-finish-frame": [frame(call('{"city":"Oslo"}', **BEGUN), "tool_calls"), LAST],
    "no-usage": [frame(ROLE), frame(ONE), frame(TWO), END],
    "usage-in-a-choice-after-the-finish": [
        frame(ROLE), frame(ONE), frame(TWO), END, frame({"role": "assistant", "content": ""}, usage=USAGE),
    ],
    "empty-frames": [frame(ROLE), frame({}), frame(ONE), frame({"content": ""}), frame(TWO), END, LAST],
    "reasoning-beside-empty-content": [
        frame({"role": "assistant", "content": "", "reasoning": "Hm."}), frame(ONE), frame(TWO), END, LAST,
    ],
    "reasoning-by-another-name": [frame(ROLE), frame({"reasoning": "Hm."}), frame(ONE), frame(TWO), END, LAST],
}  # fmt: skip


class Vendor(http.server.BaseHTTPRequestHandler):
    """Answers with the stream that the prompt names."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        frames = STREAMS[asked["messages"][0]["content"]]
        texts = [json.dumps(one) for one in frames] + ["[DONE]"]
        body = "".join(f"data: {text}\n\n" for text in texts).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def before_vendor(start: Callable[..., Gateway]) -> Iterator[Gateway]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vendor) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield start(environment=with_upstream(server.server_address[1]))
        server.shutdown()
        thread.join()


def stream(gateway: Gateway, name: str, usage_asked: bool) -> tuple[Answer, list[Breach]]:
    server = Server(gateway.base_url, gateway.key)
    options = {"stream_options": {"include_usage": True}} if usage_asked else {}
    reply = server.post({"model": MODEL, "messages": [{"role": "user", "content": name}], "stream": True, **options})
    server.close()
    assert reply.status == 200 and reply.broken is None, reply
    return check_stream(reply.body, Expected(MODEL, usage_asked=usage_asked))


@pytest.mark.parametrize("usage_asked", [False, True], ids=["", "usage-asked"])
@pytest.mark.parametrize("name", STREAMS)
def test_keeps_to_the_grammar(before_vendor: Gateway, name: str, usage_asked: bool) -> None:
    answer, breaches = stream(before_vendor, name, usage_asked)
    assert [str(breach) for breach in breaches] == []
    choice = answer.choices[0]
    if choice.calls:
        assert [(made.id, made.arguments) for made in choice.calls] == [("call_1", '{"city":"Oslo"}')]
    else:
        assert choice.content == "one two"
    assert choice.reasoning == ("Hm." if name.startswith("reasoning") else None)
    assert answer.usage is not None and answer.usage.get("estimated", False) == (name == "no-usage")
    if name != "no-usage":
        # 9 tokens in at $1.10 a million or less, 3 out at $4.40 or less.
        assert answer.usage == USAGE | {"cost": answer.usage["cost"]} and 0 < answer.usage["cost"] <= 0.0000231
