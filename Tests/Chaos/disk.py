"""While the disk takes no writes there are no answers, and afterwards there are again, without anyone's help."""

from __future__ import annotations

import asyncio
import errno
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from confined import Confined, namespace
from exchange import Ending, Exchange, Result, perform
from gateway_process import GatewayFailed
from mix import FAST
from support.cli import clean_environment
from support.money import Customer, customer, root
from support.records import connect, counts, paid

CONCURRENCY = 16
PAUSE_SECONDS = 0.005
CALM_SECONDS = 0.7
TROUBLE_SECONDS = 1.5
NOTICED_WITHIN_SECONDS = 10.0
RECOVERED_WITHIN_SECONDS = 5.0
REFUSALS = 50
SLOW = {"x-sandbox-tokens-per-second": "60"}


@dataclass(frozen=True)
class Trouble:
    """How a disk stops taking writes, and how it takes them again."""

    name: str
    begin: Callable[[Confined], None]
    end: Callable[[Confined], None]


TROUBLES = [
    Trouble("full", Confined.fill, Confined.make_room),
    Trouble("read-only", lambda g: g.refuse_writes(errno.EROFS), Confined.take_writes),
    Trouble("failing", lambda g: g.refuse_writes(errno.EIO), Confined.take_writes),
]


@dataclass
class Load:
    """Steady calls, some of them streams that last longer than it takes to fill a disk."""

    payer: Customer
    rng: random.Random
    is_over: bool = False
    asked: int = 0
    results: list[Result] = field(default_factory=list)

    async def ask(self) -> None:
        while not self.is_over:
            self.asked += 1
            exchange = Exchange(f"disk-{self.asked}", self.payer.key)
            kind = self.rng.random()
            if kind < 0.6:
                exchange.stream, exchange.headers = True, dict(SLOW if kind < 0.2 else FAST)
            self.results.append(await perform(self.payer.gateway.host, self.payer.gateway.port, exchange, self.rng))
            await asyncio.sleep(PAUSE_SECONDS)

    def number(self, is_meant: Callable[[Result], bool]) -> int:
        return sum(1 for result in self.results if is_meant(result))

    async def wait_for(self, number: int, is_meant: Callable[[Result], bool], within: float, what: str) -> None:
        """Waits for so many more of them."""
        wanted, deadline = self.number(is_meant) + number, time.monotonic() + within
        while self.number(is_meant) < wanted:
            assert time.monotonic() < deadline, f"{what} within {within} s\n{self.payer.gateway.log_tail()}"
            await asyncio.sleep(0.01)


def is_answered(result: Result) -> bool:
    return (result.ending, result.status, result.done) == (Ending.ANSWERED, 200, True)


def is_refused(result: Result) -> bool:
    """Before the first byte of an answer."""
    return result.ending is Ending.ANSWERED and result.status == 503 and says_not_recorded(result)


def is_broken_off(result: Result) -> bool:
    """A stream that had begun."""
    return result.ending is Ending.BROKEN and result.status == 200 and says_not_recorded(result)


def says_not_recorded(result: Result) -> bool:
    return (result.error_type, result.reason) == ("service_unavailable", "record_failed")


@dataclass(frozen=True)
class Changes:
    """What somebody tries to change while nothing can be written."""

    payer: Customer

    def top_up(self) -> httpx.Response:
        path = f"/v1/accounts/{self.payer.id}/top-ups"
        return root(self.payer.gateway).call("POST", path, json={"paid_cents": 1_000, "reference": "in-trouble"})

    def make_key(self) -> httpx.Response:
        return self.payer.call("POST", "/v1/keys", json={"name": "in-trouble"})

    def make_account(self) -> httpx.Response:
        return root(self.payer.gateway).call("POST", "/v1/accounts", json={"name": "in-trouble"})

    def refused(self) -> None:
        for change in (self.top_up, self.make_key, self.make_account):
            answer = change()
            assert answer.status_code == 503, answer.text
            assert answer.json()["error"]["reason"] == "record_failed", answer.text

    def left_nothing(self) -> None:
        owner = root(self.payer.gateway)
        seen = [owner.get("/v1/ledger"), owner.get("/v1/accounts"), self.payer.get("/v1/keys")]
        assert [answer.status_code for answer in seen] == [200] * 3, seen
        assert all("in-trouble" not in answer.text for answer in seen), seen

    def work(self) -> None:
        """A repeated top-up that was known already would be answered with 200."""
        assert [change().status_code for change in (self.top_up, self.make_key, self.make_account)] == [201] * 3


def check_is_alive(gateway: Confined) -> None:
    assert httpx.get(f"{gateway.base_url}/healthz", timeout=10).status_code == 200
    ready = httpx.get(f"{gateway.base_url}/readyz", timeout=10)
    assert ready.status_code == 503 and "recorded" in ready.text, ready.text


async def run(load: Load, trouble: Trouble, gateway: Confined) -> float:
    """The seconds it took until the first call was answered again."""
    changes = Changes(load.payer)
    async with asyncio.TaskGroup() as group:
        for _ in range(CONCURRENCY):
            group.create_task(load.ask())
        await asyncio.sleep(CALM_SECONDS)
        assert all(is_answered(result) for result in load.results), Counter(load.results)
        trouble.begin(gateway)
        await load.wait_for(REFUSALS, is_refused, NOTICED_WITHIN_SECONDS, "calls are not refused")
        await asyncio.to_thread(check_is_alive, gateway)
        await asyncio.to_thread(changes.refused)
        await asyncio.sleep(TROUBLE_SECONDS)
        await asyncio.to_thread(check_is_alive, gateway)
        trouble.end(gateway)
        ended = time.monotonic()
        await load.wait_for(1, is_answered, RECOVERED_WITHIN_SECONDS, "no answer")
        recovery = time.monotonic() - ended
        await asyncio.to_thread(changes.left_nothing)
        await asyncio.to_thread(changes.work)
        await asyncio.sleep(CALM_SECONDS)
        load.is_over = True
    return recovery


def check_endings(load: Load) -> None:
    strange = [r for r in load.results if not (is_answered(r) or is_refused(r) or is_broken_off(r))]
    assert not strange, f"{len(strange)} of {len(load.results)} ended otherwise, such as {strange[:5]}"


def check_books(load: Load, binary: Path, data: Path) -> None:
    """Exactly the answers that clients have whole are recorded and paid for, once each."""
    answered = dict.fromkeys((r.request_id for r in load.results if is_answered(r)), 1)
    db = connect(data / "gateway.db")
    try:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        db.close()
    for what, found in [("recorded", counts(data / "gateway.db")), ("paid", paid(data / "gateway.db"))]:
        assert not answered.keys() - found.keys(), f"not {what}: {sorted(answered.keys() - found.keys())[:5]}"
        beyond = found.keys() - answered.keys()
        assert not beyond, f"{what}, but not answered: {sorted(beyond)[:5]}"
        assert found == answered, f"{what} more than once"
    ledger(binary, data, "verify")
    balances = dict(line.split("\t") for line in ledger(binary, data, "balances").splitlines())
    in_journal = Decimal(balances[f"wallet:{load.payer.id}"].replace("$", "").replace(",", "")) * 100
    assert load.payer.balance_cents() == in_journal, "the balance in memory is not the journal's"


def ledger(binary: Path, data: Path, action: str) -> str:
    done = subprocess.run(
        [binary, "ledger", action, "--data", data], capture_output=True, text=True, timeout=60,
        env=clean_environment({}),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_a_disk_that_takes_no_writes(binary: Path, tmp_path: Path, rng: random.Random, trouble: Trouble) -> None:
    with Confined(binary, tmp_path, megabytes=8) as gateway:
        load = Load(customer(gateway, 10_000_000), rng)
        recovery = asyncio.run(run(load, trouble, gateway))
        endings = Counter(f"{result.ending.value} {result.status} {result.reason or ''}" for result in load.results)
        print(f"  {trouble.name}: answers again after {recovery * 1000:.0f} ms")
        print("\n".join(f"  {number:6} {name}" for name, number in sorted(endings.items())))
        check_endings(load)
        said = gateway.log_path.read_text()
        assert (said.count("cannot be recorded"), said.count("recorded again")) == (1, 1), said
        check_books(load, binary, gateway.copy(tmp_path / "copy"))
        assert gateway.stop() == 0, gateway.log_tail()


def test_a_disk_that_never_takes_writes_is_named(binary: Path, tmp_path: Path) -> None:
    assert namespace()
    gateway = Confined(binary, tmp_path, megabytes=1, options="ro")
    with pytest.raises(GatewayFailed):
        gateway.start()
    said = gateway.log_tail()
    assert gateway.process is not None and gateway.process.returncode == 1, said
    assert str(tmp_path / "data") in said, said
