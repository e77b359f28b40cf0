"""What is measured of the gateway alone: starting, and that each answer was recorded."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from statistics import median

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
