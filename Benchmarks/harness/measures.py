"""One function a measurement. Each returns plain figures; nothing is judged here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from collections.abc import Callable

from harness.conditions import MODEL, Conditions
from process_figures import cpu_seconds, rss_bytes

Figures = dict[str, float]
RSS_SAMPLE_SECONDS = 0.2


class MeasureFailed(RuntimeError):
    """A measurement whose figures would mean nothing."""


@dataclass
class Target:
    """A proxy under test."""

    name: str
    port: int
    key: str
    pids: Callable[[], list[int]]


def _wrk(target: Target, connections: int, seconds: int, script: Path) -> Figures:
    pids = target.pids()
    before = cpu_seconds(pids)
    url = f"http://127.0.0.1:{target.port}/v1/chat/completions"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", str(script), url]
    text = subprocess.run(
        command, env={**os.environ, "BENCH_KEY": target.key}, capture_output=True, text=True, check=True
    ).stdout
    spent = cpu_seconds(pids) - before
    result = json.loads(next(line for line in text.splitlines() if line.startswith("RESULT "))[7:])
    if result["errors"] or not result["requests"]:
        raise MeasureFailed(f"{target.name}: {result['errors']} errors in {result['requests']} requests")
    return {
        "cpu_us_per_request": spent * 1e6 / result["requests"],
        "requests_per_second": result["requests"] / result["seconds"],
        "core_share": spent / result["seconds"],
        "requests": result["requests"],
        "p50_us": result["p50_us"],
        "p99_us": result["p99_us"],
    }


def _rounds(targets: list[Target], rounds: int, connections: int, seconds: int, script: Path) -> dict[str, Figures]:
    """Rounds in turns, so that what disturbs the machine disturbs every target; the median of each figure."""
    runs: dict[str, list[Figures]] = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            runs[target.name].append(_wrk(target, connections, seconds, script))
    return {
        name: {
            **{figure: median(run[figure] for run in series) for figure in series[0]},
            "requests": sum(run["requests"] for run in series),
            "cpu_us_per_request_low": min(run["cpu_us_per_request"] for run in series),
            "cpu_us_per_request_high": max(run["cpu_us_per_request"] for run in series),
        }
        for name, series in runs.items()
    }


def warm_up(targets: list[Target], c: Conditions, script: Path) -> None:
    """Connections, caches and pools come into being."""
    for target in targets:
        _wrk(target, c.cpu_connections, 1, script)


def cpu_per_request(targets: list[Target], c: Conditions, script: Path) -> dict[str, Figures]:
    return _rounds(targets, c.cpu_rounds, c.cpu_connections, c.cpu_seconds, script)


def saturation(targets: list[Target], c: Conditions, script: Path) -> dict[str, Figures]:
    return _rounds(targets, c.saturation_rounds, c.saturation_connections, c.saturation_seconds, script)


def one_connection(tool: Path, targets: list[Target], c: Conditions) -> dict[str, Figures]:
    command = [str(tool), "--rounds", str(c.latency_rounds), "--block", str(c.latency_block)]
    command += [f"{target.name}:{target.port}:{target.key}" for target in targets]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise MeasureFailed(result.stderr.strip())
    return json.loads(result.stdout)


class _PeakMemory(threading.Thread):
    """Samples resident memory until told to stop."""

    def __init__(self, pids: list[int]) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._pids = pids
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while True:
            self.peak = max(self.peak, rss_bytes(self._pids))
            if self._stop_asked.wait(RSS_SAMPLE_SECONDS):
                return

    def stop(self) -> int:
        self._stop_asked.set()
        self.join()
        return self.peak


def streams(tool: Path, target: Target, c: Conditions) -> Figures:
    time.sleep(1)
    pids = target.pids()
    idle, before = rss_bytes(pids), cpu_seconds(pids)
    memory = _PeakMemory(pids)
    memory.start()
    limit = int(c.stream_events * c.stream_interval_ms / 1000) + 15
    result = subprocess.run(
        [
            str(tool), "client", "--port", str(target.port), "--key", target.key, "--model", MODEL,
            "--streams", str(c.streams), "--events", str(c.stream_events), "--timeout-s", str(limit),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    spent = cpu_seconds(pids) - before
    peak = memory.stop()
    if result.returncode:
        raise MeasureFailed(f"{target.name}: {result.stderr.strip()}")
    figures = json.loads(result.stdout)
    if not figures["events"]:
        raise MeasureFailed(f"{target.name}: no event arrived. {result.stderr.strip()}")
    time.sleep(c.rest_seconds)
    return {
        **figures,
        "lost": figures["events_expected"] - figures["events"],
        "cpu_us_per_event": spent * 1e6 / figures["events"],
        "core_share": spent / figures["seconds"],
        "rss_idle_mb": idle / 1e6,
        "rss_peak_mb": peak / 1e6,
        "rss_after_mb": rss_bytes(pids) / 1e6,
    }


def median_of_streams(runs: list[Figures]) -> Figures:
    """Medians of what is measured, sums of what must not happen, the worst of what must stay small."""
    summed = ("errors", "lost", "disorder", "merged", "late_over_50ms", "streams_finished", "events", "events_expected")
    worst = ("rss_idle_mb", "rss_peak_mb", "rss_after_mb", "late_us_max")
    out = {name: median(run[name] for run in runs) for name in runs[0]}
    out.update({name: sum(run[name] for run in runs) for name in summed})
    out.update({name: max(run[name] for run in runs) for name in worst})
    return out


def post_chat(port: int, key: str, timeout: float = 5.0) -> int:
    """One chat completion over a new connection; returns its status."""
    body = json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "hello"}]}).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout) as s:
        s.sendall(head.encode() + body)
        answer = b""
        while piece := s.recv(65536):
            answer += piece
    return int(answer.split(b" ", 2)[1])
