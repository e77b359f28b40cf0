"""The conformance suite against the sandbox through the gateway, as anybody would run it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conformance.check import Manner, check
from conformance.conversations import Conversation
from conformance.stream import Expected, check_stream
from conformance.transport import Server

from gateway_process import Gateway
from support.raw import Raw, chat, request

RUN = Path(__file__).parent.parent / "Conformance" / "run.py"
LIMIT_SECONDS = 50

# What the model lacks and the gateway refuses. Parameters it lacks are dropped, so they are not here.
LACKS = {
    "openai/o4-mini": "",
    "openai/o3-mini": "vision",
    "openai/gpt-4.1-mini": "",
    "openai/gpt-5.4-mini": "vision",
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, RUN, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("model", LACKS)
def test_every_frame_of_every_stream(gateway: Gateway, model: str, seed: int) -> None:
    done = run(
        "--base-url", gateway.base_url, "--key", gateway.key, "--model", model, "--without", LACKS[model],
        "--seed", str(seed),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert done.stdout.splitlines()[-1] == "200 passed, 0 failed"


OPTIONS = [None, {"include_usage": True}]


@pytest.mark.parametrize("more", [{}, {"n": 3}, {"logprobs": True, "top_logprobs": 2}, {"max_completion_tokens": 200}])
@pytest.mark.parametrize("options", OPTIONS, ids=["", "usage-asked"])
@pytest.mark.parametrize(
    "words", ["sandbox:echo \r\n\r\ndata: [DONE]\n\n\u2028 🚀", "sandbox:tokens=1", "sandbox:tokens=3000",
              "sandbox:content-filter"]
)  # fmt: skip
def test_what_the_sandbox_is_told_to_say(gateway: Gateway, words: str, options: Any, more: dict[str, Any]) -> None:
    asked = {"model": "openai/gpt-4.1-mini", "messages": [{"role": "user", "content": words}], **more}
    server = Server(gateway.base_url, gateway.key)
    outcome = check(server, Conversation(0, "told", asked, options), Manner())
    server.close()
    assert [str(breach) for breach in outcome.breaches] == []
    assert outcome.frames > 2


@pytest.mark.parametrize(
    ("fault", "rules"),
    [
        ("split-utf8", set()),
        ("close-early", {"frame.error", "finish.once", "done.present", "usage.once"}),
        ("malformed-json", {"frame.error", "finish.once", "done.present", "usage.once"}),
        ("reset-after=2000", {"frame.error", "finish.once", "done.present", "usage.once"}),
    ],
)  # fmt: skip
def test_a_fault_of_the_vendor_is_one_error_event_and_no_more(gateway: Gateway, fault: str, rules: set[str]) -> None:
    body = chat("Grüße, 日本語, 🚀", stream=True)
    with Raw(gateway.host, gateway.port) as raw:
        raw.send(request(gateway.key, body, headers={"x-sandbox-fault": fault}))
        reply = raw.read()
    assert reply.status == 200
    _, breaches = check_stream(reply.body, Expected("openai/o4-mini"))
    assert {breach.rule for breach in breaches} == rules
    assert [breach.rule for breach in breaches].count("frame.error") == ("frame.error" in rules)


def test_breaches_are_told(gateway: Gateway) -> None:
    """The gateway does not do as OpenAI's own server does: it tells usage unasked."""
    done = run("--base-url", f"{gateway.base_url}/v1", "--key", gateway.key, "--model", "openai/gpt-4.1-mini",
               "--count", "8", "--openai")  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "usage.once" in done.stdout
    assert re.fullmatch(r"\d+ passed, [1-9]\d* failed", done.stdout.splitlines()[-1])


def test_a_wrong_key_fails(gateway: Gateway) -> None:
    done = run("--base-url", gateway.base_url, "--key", "sk-aig-wrong", "--model", "openai/o4-mini", "--count", "2")
    assert done.returncode == 1
    assert "http.status: 401" in done.stdout
    assert done.stdout.splitlines()[-1] == "0 passed, 2 failed"


def test_no_server_fails() -> None:
    done = run("--base-url", "http://127.0.0.1:9", "--key", "x", "--model", "m", "--count", "1")
    assert done.returncode == 1
    assert "http.end" in done.stdout


@pytest.mark.parametrize("arguments", [["--without", "nonsense"], ["--count", "0"], ["--base-url", "ftp://x"]])
def test_a_wrong_call_is_refused(arguments: list[str]) -> None:
    assert run("--base-url", "http://127.0.0.1:9", "--model", "m", *arguments).returncode == 2
