"""What the seed pages show runs as it stands there, but for the address and the key."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest

from gateway_process import Gateway
from support.cli import clean_environment
from support.models import MODELS, REASONING
from support.raw import Raw, chat, request

PAGE = Path(__file__).parent / "seed"
ADDRESS = "https://api.aigateway.sh/v1"
LIMIT_SECONDS = 20


def answer_to_hello(gateway: Gateway, prompt: str) -> str:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send(request(gateway.key, chat(prompt)))
        return raw.read().json()["choices"][0]["message"]["content"]


def test_the_quickstart(gateway: Gateway, tmp_path: Path) -> None:
    text = (PAGE / "quickstart.py").read_text()
    assert text.count(ADDRESS) == text.count("sk-aig-...") == 1
    script = tmp_path / "quickstart.py"
    script.write_text(text.replace(ADDRESS, f"{gateway.base_url}/v1").replace("sk-aig-...", gateway.key))
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=LIMIT_SECONDS,
        env=clean_environment({"PYTHONIOENCODING": "utf-8"}),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == answer_to_hello(gateway, "Hello!") != ""


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_line(gateway: Gateway) -> None:
    text = (PAGE / "curl.sh").read_text()
    assert text.count(ADDRESS) == 1
    done = subprocess.run(
        ["bash", "-c", text.replace(ADDRESS, f"{gateway.base_url}/v1")], capture_output=True, timeout=LIMIT_SECONDS,
        env={"PATH": os.environ["PATH"], "AIGATEWAY_API_KEY": gateway.key},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    events = done.stdout.decode().removesuffix("\n\n").split("\n\n")
    assert all(event.startswith("data: ") for event in events)
    assert events[-1] == "data: [DONE]"
    deltas = [json.loads(event.removeprefix("data: "))["choices"][0]["delta"] for event in events[:-1]]
    assert "".join(delta.get("content", "") for delta in deltas) == answer_to_hello(gateway, "hello")


PYTHON = "You are a helpful coding assistant specializing in Python."
TRIP = [
    {"role": "user", "content": "I need help planning a road trip from San Francisco to Los Angeles."},
    {
        "role": "assistant",
        "content": "I'd be happy to help! The drive is about 380 miles and takes roughly 5-6 hours. Would you like "
        "suggestions for scenic routes or interesting stops along the way?",
    },
    {"role": "user", "content": "Yes, what are some good places to stop?"},
]
DETECTIVE = "Write a short story opening about a detective finding an unusual clue."
RECURSION = "Explain the concept of recursion with a simple example."


def limit(model: str) -> int:
    """As the model's own page has it."""
    return 8192 if model == "openai/o3-mini" else 2048


def said(client: openai.OpenAI, model: str, messages: list[dict[str, Any]], **more: Any) -> str:
    answer = client.chat.completions.create(model=model, messages=messages, **more)
    [choice] = answer.choices
    assert (answer.model, choice.message.role, choice.finish_reason) == (model, "assistant", "stop")
    assert ((choice.message.model_extra or {}).get("reasoning_content") is not None) == (model in REASONING)
    assert answer.usage is not None and answer.usage.total_tokens > 0
    assert choice.message.content
    return choice.message.content


@pytest.mark.parametrize("model", MODELS)
class TestExamples:
    def test_simple(self, client: openai.OpenAI, model: str) -> None:
        text = said(client, model, [{"role": "user", "content": "What are the three laws of thermodynamics?"}])
        assert "entropy" in text.lower()

    def test_with_system_message(self, client: openai.OpenAI, model: str) -> None:
        asked = {"role": "user", "content": "How do I read a JSON file in Python?"}
        assert "json.load" in said(client, model, [{"role": "system", "content": PYTHON}, asked])

    def test_multi_turn_conversation(self, client: openai.OpenAI, model: str) -> None:
        assert "Santa" in said(client, model, TRIP, max_completion_tokens=limit(model))

    def test_creative_writing(self, client: openai.OpenAI, model: str) -> None:
        text = said(client, model, [{"role": "user", "content": DETECTIVE}], max_completion_tokens=limit(model))
        assert len(text.split()) > 50

    def test_streaming_response(self, client: openai.OpenAI, model: str) -> None:
        messages = [{"role": "user", "content": RECURSION}]
        *chunks, last = client.chat.completions.create(
            model=model, messages=messages, stream=True, stream_options={"include_usage": True}
        )
        assert last.choices == [] and last.usage is not None and last.usage.total_tokens > 0
        assert "".join(c.choices[0].delta.content or "" for c in chunks) == said(client, model, messages)


# The request body of the page, with its remarks taken out.
BODY: dict[str, Any] = {
    "model": "openai/o4-mini",
    "messages": [{"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hello!"}],
    "temperature": 0.7,
    "top_p": 0.95,
    "max_completion_tokens": 1024,
    "reasoning_effort": "high",
    "stream": False,
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "Get current weather for a city",
                "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
            },
        }
    ],
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "response_format": {"type": "json_object"},
}


def ask_body(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send(request(gateway.key, json.dumps(body).encode()))
        reply = raw.read()
    assert reply.status == 200, reply.body
    return reply.json()


def test_the_request_body(gateway: Gateway) -> None:
    assert json.loads(ask_body(gateway, BODY)["choices"][0]["message"]["content"])


def test_the_request_body_less_what_the_model_does_not_take(gateway: Gateway) -> None:
    body = {name: value for name, value in BODY.items() if name not in ("temperature", "top_p")}
    answer = ask_body(gateway, body)
    assert {"id", "object", "created", "model", "choices", "usage"} <= set(answer)
    [choice] = answer["choices"]
    assert choice["message"]["reasoning_content"] and choice["finish_reason"] == "stop"
    assert isinstance(json.loads(choice["message"]["content"]), dict)
