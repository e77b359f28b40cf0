"""What the chaos runs share: the binary, and a seed that is printed so that a run can be repeated."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def binary() -> Path:
    path = Path(os.environ["AIGATEWAY_BINARY"])
    assert os.access(path, os.X_OK), f"no gateway binary at {path}"
    return path


@pytest.fixture
def rng() -> random.Random:
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"\nCHAOS_SEED={seed}")
    return random.Random(seed)
