"""Plain `fetch` of JavaScript: the same streams read by another language's client."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gateway_process import Gateway
from support.cli import clean_environment

FILE = Path(__file__).parent / "js" / "chat.mjs"
LIMIT_SECONDS = 40
# `fetch` and the test runner.
OLDEST_NODE = 20


def lack() -> str | None:
    if shutil.which("node") is None:
        return "node is not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=LIMIT_SECONDS).stdout
    return None if int(version.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE else f"node is {version.strip()}"


LACK = lack()


@pytest.mark.skipif(LACK is not None, reason=LACK or "")
def test_with_fetch(gateway: Gateway) -> None:
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", FILE], capture_output=True, text=True, timeout=LIMIT_SECONDS,
        env=clean_environment({"AIGATEWAY_BASE_URL": f"{gateway.base_url}/v1", "AIGATEWAY_API_KEY": gateway.key}),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^# pass (\d+)", done.stdout, re.M).group(1)) > 0, done.stdout
