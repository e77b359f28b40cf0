"""Killed at any moment under load, the gateway has recorded and charged every answer a client has whole, once."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
from pathlib import Path

from exchange import Ending, Exchange, Result, perform
from gateway_process import Gateway
from mix import FAST
from support.cli import clean_environment
from support.records import connect, counts, paid

ROUNDS = int(os.environ.get("KILL9_ROUNDS", "5"))
CONCURRENCY = 24
EARLIEST_SECONDS, LATEST_SECONDS = 0.05, 1.5


class Round:
    """Load on one life of the gateway, from its start to its violent end."""

    def __init__(self, gateway: Gateway, number: int, rng: random.Random) -> None:
        self.gateway = gateway
        self.number = number
        self.rng = rng
        self.asked = 0
        self.results: list[Result] = []

    async def ask_until_dead(self) -> None:
        while self.gateway.is_running():
            self.asked += 1
            stream = self.rng.random() < 0.5
            exchange = Exchange(
                f"kill-{self.number}-{self.asked}",
                self.gateway.key,
                stream=stream,
                headers=dict(FAST) if stream else {},
            )
            self.results.append(await perform(self.gateway.host, self.gateway.port, exchange, self.rng))

    async def run(self, life: float) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(CONCURRENCY):
                group.create_task(self.ask_until_dead())
            await asyncio.sleep(life)
            self.gateway.process.kill()

    def cut_off(self) -> set[str]:
        return {r.request_id for r in self.results if r.ending in (Ending.CUT, Ending.BROKEN)}

    def answered(self) -> set[str]:
        wrong = [r for r in self.results if r.ending is Ending.ANSWERED and r.status != 200]
        assert not wrong, f"unexpected answers: {wrong[:5]}"
        return {r.request_id for r in self.results if r.ending is Ending.ANSWERED}


def check_store(gateway: Gateway, answered: set[str], doing: str) -> None:
    db = connect(gateway.database)
    try:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], doing
    finally:
        db.close()
    found = counts(gateway.database)
    missing = answered - found.keys()
    assert not missing, (
        f"{doing}: {len(missing)} of {len(answered)} answers without a record, such as {sorted(missing)[:5]}"
    )
    doubled = {id_: rows for id_, rows in found.items() if rows != 1}
    assert not doubled, f"{doing}: recorded more than once: {doubled}"


def check_money(gateway: Gateway, answered: set[str], cut_off: set[str], doing: str) -> None:
    """Every answer is paid for exactly once; who else paid saw the call cut off."""
    charges = paid(gateway.database)
    assert all(charges.get(id_) == 1 for id_ in answered), f"{doing}: answers not charged exactly once"
    strange = charges.keys() - answered - cut_off
    assert not strange, f"{doing}: charged though neither answered nor cut off: {sorted(strange)[:5]}"
    done = subprocess.run(
        [gateway.binary, "ledger", "verify", "--data", gateway.data], capture_output=True, text=True, timeout=60,
        env=clean_environment({}),
    )  # fmt: skip
    assert done.returncode == 0, f"{doing}: {done.stdout}{done.stderr}"


def check_answers(gateway: Gateway, number: int, rng: random.Random) -> str:
    id_ = f"after-{number}"
    result = asyncio.run(perform(gateway.host, gateway.port, Exchange(id_, gateway.key), rng))
    assert (result.ending, result.status) == (Ending.ANSWERED, 200), f"{result}\n{gateway.log_tail()}"
    return id_


def test_kill9(binary: Path, tmp_path: Path, rng: random.Random) -> None:
    answered: set[str] = set()
    cut_off: set[str] = set()
    key = ""
    gateway = Gateway(binary, tmp_path / "data", sandbox="on")
    for number in range(ROUNDS):
        gateway.start()
        assert key in ("", gateway.key), "the root key changed with a restart"
        key = gateway.key
        life = rng.uniform(EARLIEST_SECONDS, LATEST_SECONDS)
        round_ = Round(gateway, number, rng)
        asyncio.run(round_.run(life))
        gateway.kill()
        answered |= round_.answered()
        cut_off |= round_.cut_off()
        print(
            f"  round {number + 1}: killed after {life * 1000:.0f} ms, {len(round_.answered())} answers received whole"
        )

        gateway.start()
        doing = f"round {number + 1}"
        check_store(gateway, answered, doing)
        check_money(gateway, answered, cut_off, doing)
        answered.add(check_answers(gateway, number, rng))
        assert gateway.stop() == 0, gateway.log_tail()
    assert len(answered) > ROUNDS * 10, f"only {len(answered)} answers in all: the load was no load"
