"""Plain `fetch` of JavaScript: the same streams read by another language's client."""

from __future__ import annotations

from pathlib import Path

from gateway_process import Gateway
from support.node import run_node_tests

FILE = Path(__file__).parent / "js" / "chat.mjs"


def test_with_fetch(gateway: Gateway) -> None:
    run_node_tests(FILE, AIGATEWAY_BASE_URL=f"{gateway.base_url}/v1", AIGATEWAY_API_KEY=gateway.key)
