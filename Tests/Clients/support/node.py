"""JavaScript, run by the machine's `node`."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from support.cli import clean_environment

REPOSITORY = Path(__file__).resolve().parents[3]
PACKAGE = REPOSITORY / "clients" / "js"
LIMIT_SECONDS = 40
# Debian 12's. It has `fetch` and the test runner.
OLDEST_NODE = 18


def run_node(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        ["node", *words], capture_output=True, timeout=LIMIT_SECONDS, cwd=REPOSITORY,
        env=clean_environment(environment),
    )  # fmt: skip
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def run_node_tests(*files: Path, **environment: str) -> None:
    """Runs test files, all of which must pass, and at least one test with them."""
    version = run_node("--version").stdout.strip()
    assert int(version.lstrip("v").split(".")[0]) >= OLDEST_NODE, f"node is {version}"
    done = run_node("--test", "--test-reporter=tap", *files, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^# pass (\d+)", done.stdout, re.M).group(1)) > 0, done.stdout
