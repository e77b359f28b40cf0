"""Asked to end under load, the gateway ends well: status 0, and what was begun is finished."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from pathlib import Path

from exchange import Ending, Exchange, Result, perform
from gateway_process import Gateway
from support.records import counts

ROUNDS = int(os.environ.get("SIGTERM_ROUNDS", "6"))
CONCURRENCY = 32


async def load_until_ended(gateway: Gateway, number: int, life: float, rng: random.Random) -> list[Result]:
    results: list[Result] = []

    async def ask(worker: int) -> None:
        asked = 0
        while gateway.is_running():
            asked += 1
            exchange = Exchange(f"term-{number}-{worker}-{asked}", gateway.key, stream=rng.random() < 0.5)
            results.append(await perform(gateway.host, gateway.port, exchange, rng))

    async with asyncio.TaskGroup() as group:
        for worker in range(CONCURRENCY):
            group.create_task(ask(worker))
        await asyncio.sleep(life)
        assert gateway.process is not None
        gateway.process.send_signal(signal.SIGTERM)
    return results


def test_sigterm_under_load(binary: Path, tmp_path: Path, rng: random.Random) -> None:
    answered: set[str] = set()
    gateway = Gateway(binary, tmp_path / "data", sandbox="on")
    for number in range(ROUNDS):
        gateway.start()
        results = asyncio.run(load_until_ended(gateway, number, rng.uniform(0.2, 0.8), rng))
        assert gateway.process is not None
        assert gateway.process.wait(15) == 0, gateway.log_tail()
        wrong = [r for r in results if r.ending is Ending.ANSWERED and r.status not in (200, 503)]
        assert not wrong, wrong[:5]
        answered |= {r.request_id for r in results if r.ending is Ending.ANSWERED and r.status == 200}
    recorded = counts(gateway.database)
    assert all(recorded.get(id_) == 1 for id_ in answered)
    assert len(answered) > ROUNDS * 10, f"only {len(answered)} answers in all: the load was no load"
