"""The library for Swift programs: the example of its guide against a running gateway."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from gateway_process import Gateway
from support.cli import clean_environment
from support.node import REPOSITORY
from test_js_binding import ASKED, answer

LIMIT_SECONDS = 40


@pytest.fixture(scope="session")
def example() -> Path:
    builds = [REPOSITORY / ".build" / kind / "SwiftClientExample" for kind in ("debug", "release")]
    built = sorted((path for path in builds if os.access(path, os.X_OK)), key=lambda path: path.stat().st_mtime)
    assert built, "the example is not built: swift build --product SwiftClientExample"
    return built[-1]


def test_example(gateway: Gateway, example: Path) -> None:
    environment = clean_environment({"AIGATEWAY_BASE_URL": gateway.base_url, "AIGATEWAY_API_KEY": gateway.key})
    done = subprocess.run([example], capture_output=True, timeout=LIMIT_SECONDS, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    [model] = [line for line in done.stdout.decode().splitlines() if line.startswith(("openai/", "o4-mini"))]
    whole, streamed = (answer(gateway, name, ASKED["usage"]) for name in ("openai/o4-mini", "openai/o3-mini"))
    assert done.stdout.decode() == f"{whole}\n{model}\n{streamed}\n404 7003\n"
