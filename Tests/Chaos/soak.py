"""Mixed load with faults for a while: nothing unexpected, no growth, and every answer recorded once."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from exchange import Ending, Exchange, Result, perform
from gateway_process import Gateway
from mix import Kind, choose
from process_figures import rss_bytes
from support.records import counts

SECONDS = float(os.environ.get("SOAK_SECONDS", "20"))
CONCURRENCY = 32
SAMPLE_SECONDS = 0.25
# Memory of the last third may stand this much over the second's; the first third is warm-up.
GROWTH_RATIO, GROWTH_BYTES = 1.10, 4_000_000
SETTLE_SECONDS = 5.0


@dataclass
class Soak:
    gateway: Gateway
    rng: random.Random
    asked: int = 0
    results: list[tuple[Kind, Result]] = field(default_factory=list)
    rss: list[int] = field(default_factory=list)

    async def ask_until(self, deadline: float) -> None:
        while time.monotonic() < deadline and self.gateway.is_running():
            kind = choose(self.rng)
            self.asked += 1
            exchange = Exchange(f"soak-{self.asked}", self.gateway.key)
            kind.make(self.rng, exchange)
            result = await perform(self.gateway.host, self.gateway.port, exchange, self.rng)
            self.results.append((kind, result))

    async def watch_memory_until(self, deadline: float) -> None:
        while time.monotonic() < deadline and self.gateway.is_running():
            self.rss.append(rss_bytes([self.gateway.pid]))
            await asyncio.sleep(SAMPLE_SECONDS)

    async def run(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(self.watch_memory_until(deadline))
            for _ in range(CONCURRENCY):
                group.create_task(self.ask_until(deadline))


def memory_thirds(rss: list[int]) -> tuple[float, float, float]:
    third = len(rss) // 3
    return median(rss[:third]), median(rss[third : 2 * third]), median(rss[2 * third :])


def check_endings(soak: Soak) -> None:
    unexpected = [(kind.name, result) for kind, result in soak.results if not kind.accepts(result)]
    assert not unexpected, f"{len(unexpected)} of {len(soak.results)} unexpected, such as {unexpected[:5]}"


def check_records(soak: Soak, found: dict[str, int]) -> None:
    """Each answered call has one record; nothing has two; nothing is recorded that nobody asked."""
    answered = {
        result.request_id
        for kind, result in soak.results
        if kind.recorded and result.ending in (Ending.ANSWERED, Ending.BROKEN)
    }
    missing = answered - found.keys()
    assert not missing, f"{len(missing)} answers without a record, such as {sorted(missing)[:5]}"
    doubled = {id_: rows for id_, rows in found.items() if rows != 1}
    assert not doubled, f"recorded more than once: {doubled}"
    foreign = found.keys() - {result.request_id for _, result in soak.results}
    assert not foreign, f"records of requests nobody sent: {sorted(foreign)[:5]}"


def wait_until_settled(gateway: Gateway) -> dict[str, int]:
    """Records of clients who left come when their call has been cancelled."""
    deadline = time.monotonic() + SETTLE_SECONDS
    found = counts(gateway.database)
    while time.monotonic() < deadline:
        time.sleep(0.5)
        before, found = found, counts(gateway.database)
        if found == before:
            break
    return found


def test_soak(binary: Path, tmp_path: Path, rng: random.Random) -> None:
    with Gateway(binary, tmp_path / "data", sandbox="on") as gateway:
        soak = Soak(gateway, rng)
        asyncio.run(soak.run(SECONDS))
        assert gateway.is_running(), f"the gateway died\n{gateway.log_tail()}"
        first, second, last = memory_thirds(soak.rss)
        endings = Counter(f"{kind.name}: {result.ending.value} {result.status or ''}" for kind, result in soak.results)
        print(f"{len(soak.results)} requests; RSS by thirds {first / 1e6:.1f}, {second / 1e6:.1f}, {last / 1e6:.1f} MB")
        print("\n".join(f"  {n:6} {name}" for name, n in sorted(endings.items())))
        check_endings(soak)
        check_records(soak, wait_until_settled(gateway))
        assert last <= second * GROWTH_RATIO + GROWTH_BYTES, f"memory grows: {first}, {second}, {last} bytes"
        assert gateway.stop() == 0, gateway.log_tail()
