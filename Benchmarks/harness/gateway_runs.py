"""What is measured of the gateway alone: starting, and that each answer was recorded."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from gateway_process import Gateway
from harness.measures import Figures, MeasureFailed, Target, post_chat
from process_figures import tree

ANSWER_LIMIT_SECONDS = 20.0


def launch(binary: Path, data: Path, upstream: int, prefix: tuple[str, ...]) -> Gateway:
    """The gateway as it comes: default settings, provider openai pointed at the mock."""
    environment = {"OPENAI_API_KEY": "sk-mock-upstream", "OPENAI_BASE_URL": f"http://127.0.0.1:{upstream}/v1"}
    return Gateway(binary, data, environment=environment, prefix=prefix)


def target_of(gateway: Gateway) -> Target:
    return Target("gateway", gateway.port, gateway.key, lambda: tree(gateway.pid))


def _post(gateway: Gateway, key: str, path: str, fields: dict[str, object]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{gateway.base_url}{path}",
        data=json.dumps(fields).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def limited_target_of(gateway: Gateway) -> Target:
    """The same gateway, asked with a key that every kind of limit holds for: of the key, of its sub-account, of the
    account that pays from a prepaid wallet, and of the tag its calls bear."""
    limits = {
        "spend_cap_cents": 90_000_000, "daily_cap_cents": 90_000_000, "rate_limit_rpm": 90_000_000,
        "rate_limit_tpm": 900_000_000, "max_concurrency": 9_000,
    }  # fmt: skip
    owner = _post(gateway, gateway.key, "/v1/accounts", {"name": "bench", "plan": "payg", **limits})
    payment = {"paid_cents": 99_000_000, "reference": "bench"}
    _post(gateway, gateway.key, f"/v1/accounts/{owner['id']}/top-ups", payment)
    team = {"name": "team", "default_tag": "bench", **limits}
    made = _post(gateway, owner["key"], "/v1/sub-accounts", team)
    _post(gateway, owner["key"], "/v1/budgets", {"tag": "bench", "limit_cents": 90_000_000})
    key = _post(gateway, owner["key"], "/v1/keys", {"name": "bench", "sub_account_id": made["id"], **limits})
    return Target("limited", gateway.port, key["key"], lambda: tree(gateway.pid))


def recorded_calls(gateway: Gateway) -> int:
    with sqlite3.connect(f"file:{gateway.database}?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM calls").fetchone()[0]


def _first_answer_ms(gateway: Gateway) -> float:
    """From just before exec until a chat completion is answered."""
    began = time.perf_counter()
    gateway.start()
    while True:
        try:
            status = post_chat(gateway.port, gateway.key)
            break
        except OSError:
            if time.perf_counter() - began > ANSWER_LIMIT_SECONDS:
                raise MeasureFailed(f"no answer after start\n{gateway.log_tail()}") from None
    spent = (time.perf_counter() - began) * 1000
    if status != 200:
        raise MeasureFailed(f"the first answer after start was {status}")
    return spent


def start_times(binary: Path, folder: Path, upstream: int, count: int) -> Figures:
    """Median start to first answer, with a new data directory and with one that was used before."""
    fresh, existing = [], []
    for round_ in range(count):
        for series in (fresh, existing):  # the second start finds what the first one left
            gateway = launch(binary, folder / f"start-{round_}", upstream, ())
            try:
                series.append(_first_answer_ms(gateway))
            finally:
                if gateway.process is not None:
                    gateway.stop()
    return {
        "fresh_ms": median(fresh),
        "fresh_ms_max": max(fresh),
        "existing_ms": median(existing),
        "existing_ms_max": max(existing),
    }
