"""The binary as a person at a shell uses it."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

LIMIT_SECONDS = 20


@dataclass(frozen=True)
class Cli:
    """Runs verbs in a directory of their own, with nothing of the surroundings' settings."""

    binary: Path
    directory: Path

    def run(self, *arguments: str, stdin: str | bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [self.binary, *arguments], input=data, capture_output=True, timeout=LIMIT_SECONDS, cwd=self.directory,
            env=clean_environment(environment),
        )  # fmt: skip
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def clean_environment(more: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "AIGATEWAY_"))} | more


def read_address(process: subprocess.Popen[bytes], pattern: bytes) -> str:
    """The address that a process prints in a line like `pattern`."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found.group(1).decode()
    raise AssertionError(f"no line like {pattern!r}; ended with {process.wait()}")
