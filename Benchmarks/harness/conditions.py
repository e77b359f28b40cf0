"""What a run does and for how long. Every figure of the report depends on these."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass

MODEL = "openai/o4-mini"


@dataclass(frozen=True)
class Conditions:
    """Counts and windows of one run."""

    cpu_rounds: int = 5
    cpu_seconds: int = 5
    cpu_connections: int = 32
    saturation_rounds: int = 2
    saturation_seconds: int = 4
    saturation_connections: int = 128
    latency_rounds: int = 20
    latency_block: int = 500
    streams: int = 1000
    stream_interval_ms: int = 50
    stream_events: int = 240
    stream_rounds: int = 2
    rest_seconds: float = 5.0
    starts: int = 5

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


FULL = Conditions()
QUICK = Conditions(
    cpu_rounds=2, cpu_seconds=2, saturation_rounds=1, saturation_seconds=2, latency_rounds=6, latency_block=300,
    stream_events=100, stream_rounds=1, starts=3,
)  # fmt: skip


@dataclass(frozen=True)
class Pinning:
    """Which core does what. With fewer than two cores nothing is pinned."""

    proxy: tuple[str, ...]
    note: str


def pinning() -> Pinning:
    """Takes this process, and the load it will start, to the first core; the proxy gets the second."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return Pinning((), "one core: nothing is pinned, load and proxy share it")
    os.sched_setaffinity(0, {cores[0]})
    return Pinning(
        ("taskset", "-c", str(cores[1])),
        f"the proxy under test has core {cores[1]} to itself, load generator and mock upstream share core {cores[0]}: "
        "each proxy gets exactly one core, whatever its number of threads, and does not pay for the load's caches",
    )
