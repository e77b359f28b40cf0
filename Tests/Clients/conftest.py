"""One gateway a session for each way of starting it; clients of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import openai
import pytest

from gateway_process import Gateway
from support.cloudflare import Tenant
from support.hooks import Hooks
from support.raw import Raw, chat, request
from support.upstream import FaultyUpstream

# Short deadlines, so that a test need not wait for the default ones.
IMPATIENT = """
server:
  head_timeout: 1s
  body_timeout: 1s
"""
SHORT_UPSTREAM = """
upstream:
  first_byte_timeout: 1s
  idle_timeout: 1s
"""
# The same vendor twice: as the operator's, and at an address of an account's own. A dead one is nowhere.
STAGE = """
gateways:
  private_providers: true
upstream:
  first_byte_timeout: 1s
  idle_timeout: 500ms
"""


@pytest.fixture(scope="session")
def binary() -> Path:
    path = Path(os.environ.get("AIGATEWAY_BINARY", "../../.build/release/aigateway"))
    assert os.access(path, os.X_OK), f"no gateway binary at {path}: set AIGATEWAY_BINARY"
    return path


def wait_ready(gateway: Gateway) -> None:
    answer = httpx.get(f"{gateway.base_url}/readyz", timeout=10)
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="session")
def start(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Gateway]]:
    """Starts gateways; all are asked to end with the session, and must end well."""
    running: list[Gateway] = []

    def launch(**options: object) -> Gateway:
        gateway = Gateway(binary, tmp_path_factory.mktemp("gateway") / "data", **options).start()
        running.append(gateway)
        wait_ready(gateway)
        return gateway

    yield launch
    statuses = [gateway.stop() if gateway.is_running() else gateway.process.returncode for gateway in running]
    assert all(status == 0 for status in statuses), f"exit statuses {statuses}\n{running[-1].log_tail()}"


@pytest.fixture(scope="session")
def gateway(start: Callable[..., Gateway]) -> Gateway:
    """Answers from the sandbox."""
    return start(sandbox="on")


@pytest.fixture(scope="session")
def impatient(start: Callable[..., Gateway]) -> Gateway:
    """Answers from the sandbox; gives clients one second for the head and one for the body."""
    return start(sandbox="on", config=IMPATIENT)


@pytest.fixture(scope="session")
def upstream() -> Iterator[FaultyUpstream]:
    with FaultyUpstream() as server:
        yield server


def with_upstream(port: int) -> dict[str, str]:
    return {"OPENAI_API_KEY": "sk-vendor-secret", "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1"}


@pytest.fixture(scope="session")
def faulty(start: Callable[..., Gateway], upstream: FaultyUpstream) -> Gateway:
    """Calls the vendor that misbehaves."""
    return start(config=SHORT_UPSTREAM, environment=with_upstream(upstream.port))


@pytest.fixture(scope="session")
def stage(start: Callable[..., Gateway], upstream: FaultyUpstream) -> Gateway:
    """Has named gateways whose vendors misbehave."""
    return start(config=STAGE, environment=with_upstream(upstream.port))


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hooks]:
    with Hooks(tmp_path_factory.mktemp("hooks")) as server:
        yield server


@pytest.fixture(scope="session")
def reporting(start: Callable[..., Gateway], hooks: Hooks) -> Gateway:
    """Answers from the sandbox; reports to addresses on this machine, which it trusts."""
    config = f"gateways:\n  private_providers: true\nupstream:\n  ca_file: {hooks.certificate}\n"
    return start(sandbox="on", config=config)


@pytest.fixture
def tenant(gateway: Gateway) -> Iterator[Tenant]:
    """An account whose calls the sandbox answers."""
    made = Tenant(gateway)
    yield made
    made.close()


@pytest.fixture
def actor(stage: Gateway) -> Iterator[Tenant]:
    """An account whose vendor misbehaves."""
    made = Tenant(stage)
    yield made
    made.close()


@pytest.fixture
def client(gateway: Gateway) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{gateway.base_url}/v1", api_key=gateway.key, max_retries=0, timeout=20) as made:
        yield made


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def assert_answers(gateway: Gateway) -> None:
    """The gateway still does its work."""
    assert gateway.is_running(), gateway.log_tail()
    with Raw(gateway.host, gateway.port) as raw:
        raw.send(request(gateway.key, chat("Are you well?")))
        assert raw.read().status == 200
