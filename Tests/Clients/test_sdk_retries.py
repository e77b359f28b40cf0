"""The SDK's own retries: how often it asks again, how long it waits, and that it wins in the end."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest

from gateway_process import Gateway
from support.cli import clean_environment, read_address
from support.raw import new_id
from support.records import counts

HELLO = [{"role": "user", "content": "Hello!"}]


class Attempts:
    """Counts requests, and has the sandbox refuse the first of them."""

    def __init__(self, refused: int, status: int = 429, retry_after: int | None = 7) -> None:
        self.refused, self.status, self.retry_after = refused, status, retry_after
        self.retry_counts: list[str] = []
        self.statuses: list[int] = []

    def on_request(self, request: httpx.Request) -> None:
        if len(self.retry_counts) < self.refused:
            request.headers["x-sandbox-status"] = str(self.status)
            if self.retry_after is not None:
                request.headers["x-sandbox-retry-after"] = str(self.retry_after)
        self.retry_counts.append(request.headers["x-stainless-retry-count"])

    def on_response(self, response: httpx.Response) -> None:
        self.statuses.append(response.status_code)

    def client(self, url: str, key: str, retries: int) -> openai.OpenAI:
        hooks = {"request": [self.on_request], "response": [self.on_response]}
        http = openai.DefaultHttpxClient(event_hooks=hooks)
        return openai.OpenAI(base_url=url, api_key=key, max_retries=retries, http_client=http, timeout=20)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the SDK means to wait before each retry; nobody waits."""
    found: list[float] = []
    monkeypatch.setattr(openai._base_client.time, "sleep", found.append)
    return found


@pytest.fixture(scope="module")
def sandbox(binary: Path) -> Iterator[str]:
    """The simulator alone: the gateway never answers 429 for a vendor's 429."""
    process = subprocess.Popen(
        [binary.resolve(), "sandbox", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, env=clean_environment({})
    )
    try:
        yield read_address(process, rb"(http://127\.0\.0\.1:[1-9]\d*/v1)\b")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.parametrize("stream", [False, True])
def test_429_with_retry_after(sandbox: str, waits: list[float], stream: bool) -> None:
    attempts = Attempts(refused=2)
    with attempts.client(sandbox, "any", retries=2) as client:
        raw = client.chat.completions.with_raw_response.create(model="o4-mini", messages=HELLO, stream=stream)
        raw.parse()
    assert attempts.statuses == [429, 429, 200]
    assert attempts.retry_counts == ["0", "1", "2"]
    assert raw.retries_taken == 2
    assert waits == [7, 7]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", [429, 503])
def test_a_saturated_vendor_behind_the_gateway(gateway: Gateway, waits: list[float], status: int, stream: bool) -> None:
    """It is 503 to the client, since 429 would mean a limit of the client's own; Retry-After comes through."""
    attempts = Attempts(refused=2, status=status)
    with attempts.client(f"{gateway.base_url}/v1", gateway.key, retries=5) as client:
        raw = client.chat.completions.with_raw_response.create(model="openai/o4-mini", messages=HELLO, stream=stream)
        raw.parse()
    assert attempts.statuses == [503, 503, 200]
    assert raw.retries_taken == 2
    assert waits == [7, 7]


def test_the_last_retry_fails(gateway: Gateway, waits: list[float]) -> None:
    attempts, id_ = Attempts(refused=9), new_id()
    with attempts.client(f"{gateway.base_url}/v1", gateway.key, retries=3) as client:
        with pytest.raises(openai.InternalServerError) as caught:
            client.chat.completions.create(model="openai/o4-mini", messages=HELLO, extra_headers={"X-Request-Id": id_})
    assert caught.value.status_code == 503
    assert caught.value.response.headers["retry-after"] == "7"
    assert attempts.statuses == [503] * 4
    assert waits == [7] * 3
    assert counts(gateway.database)[id_] == 4


def test_without_retry_after_the_sdk_backs_off(gateway: Gateway, waits: list[float]) -> None:
    attempts = Attempts(refused=2, status=500, retry_after=None)
    with attempts.client(f"{gateway.base_url}/v1", gateway.key, retries=2) as client:
        assert client.chat.completions.create(model="openai/o4-mini", messages=HELLO).choices
    assert attempts.statuses == [500, 500, 200]
    assert len(waits) == 2 and all(0 < wait <= 2 for wait in waits)


def test_what_cannot_help_is_not_retried(gateway: Gateway, waits: list[float]) -> None:
    attempts = Attempts(refused=0)
    with attempts.client(f"{gateway.base_url}/v1", gateway.key, retries=5) as client:
        with pytest.raises(openai.BadRequestError):
            client.chat.completions.create(model="openai/o4-mini", messages=[])
    assert (attempts.statuses, waits) == ([400], [])


@pytest.mark.anyio
async def test_async(sandbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def remember(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(openai._base_client.anyio, "sleep", remember)
    attempts = Attempts(refused=1)

    async def on_request(request: httpx.Request) -> None:
        attempts.on_request(request)

    http = openai.DefaultAsyncHttpxClient(event_hooks={"request": [on_request]})
    async with openai.AsyncOpenAI(base_url=sandbox, api_key="any", max_retries=2, http_client=http) as client:
        assert (await client.chat.completions.create(model="o4-mini", messages=HELLO)).choices
    assert attempts.retry_counts == ["0", "1"]
    assert waits == [7]
