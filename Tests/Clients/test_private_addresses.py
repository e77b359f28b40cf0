"""Accounts choose addresses that the gateway sends requests to: none of them may lead into the operator's network."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway_process import Gateway

# A public name to anybody who only reads it, and this machine to whoever looks it up.
NAME = "vendor.inside-out.example"
ALLOWED = "gateways:\n  private_providers: true\n"
MODEL = "openai/o3-mini"
MESSAGES = [{"role": "user", "content": "Hello!"}]
COMPLETION = json.dumps(
    {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1776947082, "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "fine"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
    }
).encode()  # fmt: skip
WITHIN_SECONDS = 10.0


class Inside:
    """A service of the operator's network: counts who connects, and answers every request like a vendor."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self._changed = threading.Condition()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                self.connections += 1
                self._changed.notify_all()
            threading.Thread(target=self._answer, args=(peer,), daemon=True).start()

    @staticmethod
    def _answer(peer: socket.socket) -> None:
        """A TLS greeting is no request; it gets nothing."""
        with peer:
            if peer.recv(65536).startswith(b"POST "):
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(COMPLETION)}\r\n\r\n"
                peer.sendall(head.encode() + COMPLETION)

    def wait_for_connections(self, count: int) -> None:
        with self._changed:
            arrived = self._changed.wait_for(lambda: self.connections >= count, WITHIN_SECONDS)
        assert arrived, f"{self.connections} connections instead of {count}"

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def inside() -> Iterator[Inside]:
    service = Inside()
    yield service
    service.close()


@pytest.fixture(scope="module")
def deceived(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Runs a command with a hosts file of its own, in which NAME is this machine."""
    hosts = tmp_path_factory.mktemp("hosts") / "hosts"
    hosts.write_text(f"127.0.0.1 localhost\n127.0.0.1 {NAME}\n::1 {NAME}\n")
    script = f'mount --bind "{hosts}" /etc/hosts && exec "$@"'
    prefix = ("unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh")
    tried = subprocess.run([*prefix, "getent", "ahosts", NAME], capture_output=True, text=True, check=False)
    if tried.returncode != 0 or "127.0.0.1" not in tried.stdout:
        pytest.skip(f"needs mount namespaces: {tried.stderr.strip()}")
    return prefix


@pytest.fixture(scope="module")
def closed(start: Callable[..., Gateway], deceived: tuple[str, ...]) -> Gateway:
    return start(sandbox="on", prefix=deceived)


@pytest.fixture(scope="module")
def opened(start: Callable[..., Gateway], deceived: tuple[str, ...]) -> Gateway:
    return start(sandbox="on", prefix=deceived, config=ALLOWED)


def rest(gateway: Gateway, path: str, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(
        f"{gateway.base_url}/client/v4/accounts/mine/{path}", json=body, timeout=20,
        headers={"Authorization": f"Bearer {gateway.key}"},
    )  # fmt: skip


def provide(gateway: Gateway, slug: str, url: str) -> httpx.Response:
    body = {"name": slug, "slug": slug, "base_url": url, "enable": True}
    return rest(gateway, "ai-gateway/custom-providers", body)


def ask_in_chat(gateway: Gateway, slug: str) -> httpx.Response:
    body = {"model": f"custom-{slug}/m", "messages": MESSAGES}
    return rest(gateway, "ai-gateway/inference/default/compat/chat/completions", body)


def ask_by_path(gateway: Gateway, slug: str) -> httpx.Response:
    return httpx.post(
        f"{gateway.base_url}/gateway/v1/mine/default/custom-{slug}/chat/completions", timeout=20,
        headers={"cf-aig-authorization": f"Bearer {gateway.key}"}, json={"model": "m", "messages": MESSAGES},
    )  # fmt: skip


def run_in_background(gateway: Gateway, url: str) -> httpx.Response:
    options = {"background": True, "webhookUrl": url}
    return rest(gateway, "ai/run", {"model": MODEL, "input": {"messages": MESSAGES}, "options": options})


def wait_for_log(gateway: Gateway, text: str, count: int) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while gateway.log_path.read_text(errors="replace").count(text) < count:
        assert time.monotonic() < deadline, f"{text!r} was not logged {count} times\n{gateway.log_tail()}"
        time.sleep(0.01)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254", "168.63.129.16"]
)
def test_addresses_that_say_they_are_private_are_refused_when_they_are_written(gateway: Gateway, host: str) -> None:
    for answer in (provide(gateway, "plain", f"https://{host}/v1"), run_in_background(gateway, f"https://{host}/hook")):
        assert answer.status_code == 400, answer.text
        assert "private network" in answer.text


@pytest.mark.parametrize("ask", [ask_in_chat, ask_by_path])
def test_a_name_that_leads_inside_is_refused_when_it_is_called(
    closed: Gateway, inside: Inside, ask: Callable[[Gateway, str], httpx.Response]
) -> None:
    slug = ask.__name__.replace("_", "-")
    assert provide(closed, slug, f"https://{NAME}:{inside.port}/v1").status_code == 200
    for _ in range(2):
        answer = ask(closed, slug)
        assert answer.status_code == 400, answer.text
        assert "private network" in answer.text and "gateways.private_providers" in answer.text
        assert "127.0.0.1" not in answer.text
    assert inside.connections == 0


def test_a_report_is_not_sent_inside(closed: Gateway, inside: Inside) -> None:
    for count in (1, 2):
        answer = run_in_background(closed, f"https://{NAME}:{inside.port}/hook")
        assert answer.status_code in (200, 202), answer.text
        wait_for_log(closed, "a report was not sent to a private address", count)
    assert inside.connections == 0


@pytest.mark.parametrize("ask", [ask_in_chat, ask_by_path])
def test_the_operator_can_allow_it(
    opened: Gateway, inside: Inside, ask: Callable[[Gateway, str], httpx.Response]
) -> None:
    slug = ask.__name__.replace("_", "-")
    assert provide(opened, slug, f"http://{NAME}:{inside.port}/v1").status_code == 200
    answer = ask(opened, slug)
    assert answer.status_code == 200, answer.text
    assert answer.json()["choices"][0]["message"]["content"] == "fine"
    assert inside.connections == 1


def test_the_operator_can_allow_reports(opened: Gateway, inside: Inside) -> None:
    answer = run_in_background(opened, f"https://{NAME}:{inside.port}/hook")
    assert answer.status_code in (200, 202), answer.text
    inside.wait_for_connections(1)


def test_a_proxy_is_not_asked_to_go_inside(
    start: Callable[..., Gateway], deceived: tuple[str, ...], inside: Inside
) -> None:
    """It would look the name up by itself, and connect wherever that leads. Nothing is sent to this one."""
    proxy = {"https_proxy": "http://1.1.1.1:9"}
    gateway = start(sandbox="on", prefix=deceived, environment=proxy)
    assert provide(gateway, "proxied", f"https://{NAME}:{inside.port}/v1").status_code == 200
    answer = ask_in_chat(gateway, "proxied")
    assert answer.status_code == 400, answer.text
    assert "private network" in answer.text
    assert inside.connections == 0


def test_hosts_are_as_they_were() -> None:
    assert NAME not in Path("/etc/hosts").read_text()
