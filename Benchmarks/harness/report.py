"""Writes RESULTS.md and results.json. Names the machine's kind, never its name or its paths."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.table import Row, as_markdown

HISTORY = "## History"
# Written by hand from what `LogBenchmark` prints, and kept.
LOGS = "## Logs of gateways"
HISTORY_HEAD = (
    "| Date | Gateway | CPU per request | Requests/s | Added p50 | CPU per event | RSS idle / streams | Start |\n"
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def _first_line(command: list[str], pattern: str = r"\d+(\.\d+)+") -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    match = re.search(pattern, run.stdout + run.stderr)
    return match.group(0) if match else "unknown"


def machine() -> dict[str, str]:
    described = subprocess.run(
        ["lscpu"], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}
    ).stdout
    model = re.search(r"^Model name:\s*(.+)$", described, re.M)
    megahertz = re.search(r"^cpu MHz\s*:\s*(\d+)", Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(), re.M)
    return {
        "cores": str(os.cpu_count()),
        "cpu": (model.group(1) if model else "unknown") + (f", {megahertz.group(1)} MHz" if megahertz else ""),
        "memory": f"{int(memory.group(1)) / 1048576:.0f} GiB" if memory else "unknown",
        "kernel": re.match(r"[\d.]+", platform.release()).group(0),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", "Linux"),
    }


def versions(binary: Path | None) -> dict[str, str]:
    found = {"nginx": _first_line(["nginx", "-v"]), "wrk": _first_line(["wrk", "-v"])}
    if binary is not None:
        found["aigateway"] = _first_line([str(binary), "--version"])
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
        if commit.returncode == 0:
            found["commit"] = commit.stdout.strip()
    return found


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _conditions(run: dict[str, Any]) -> str:
    c, m, v = run["conditions"], run["machine"], run["versions"]
    seconds = c["stream_events"] * c["stream_interval_ms"] / 1000
    return "\n".join(
        [
            f"- Machine: {m['cores']} cores, {m['cpu']}, {m['memory']} RAM, {m['system']}, Linux {m['kernel']}.",
            "- Versions: " + ", ".join(f"{name} {version}" for name, version in v.items()) + ".",
            f"- Loopback only, one run, nginx and gateway in turns. For CPU, saturation and streams {run['pinning']}.",
            "- nginx: one worker, bare reverse proxy, kept upstream connections, no log. Gateway: default settings, so "
            "with key check, and each call's record committed before its answer ends.",
            "- Upstream: nginx answering a fixed chat completion of "
            f"{run['answer_bytes']} bytes to a request of 225 bytes; for streams our own paced server.",
            f"- CPU: user and system time of the whole process tree over {c['cpu_rounds']} rounds of "
            f"{c['cpu_seconds']} s at {c['cpu_connections']} connections, divided by the requests "
            "answered, none of which failed; median. "
            f"Saturation: {c['saturation_rounds']} rounds of {c['saturation_seconds']} s at "
            f"{c['saturation_connections']} connections; a proxy whose core is not fully used was held back by the "
            "load generator and the mock, not by itself.",
            f"- One connection: {c['latency_rounds'] * c['latency_block']:,} requests to each, in blocks of "
            f"{c['latency_block']}, one at a time over a kept connection, nothing pinned; added = through "
            "the proxy minus direct.",
            f"- Streams: {c['streams']:,} at once, {1000 / c['stream_interval_ms']:.0f} events a second each for "
            f"{seconds:.0f} s, {c['stream_rounds']} rounds, evenly spread; CPU over the whole round including "
            "opening the streams. An event is late by its read time minus its send time. Merged: sent 25 ms or more "
            "apart, arrived in one read. nginx with `proxy_buffering off`.",
            "- Memory: resident set summed over the process tree, MB of 1,000,000 bytes, worst round. Start: from exec "
            f"until a chat completion through the mock is answered, median of {c['starts']}.",
        ]
    )


def _history_line(run: dict[str, Any]) -> str:
    r = run["results"]
    cpu, sat, lat, streams = r["cpu_per_request"], r["saturation"], r["one_connection"], r["streams"]
    g, n = "gateway", "nginx"
    per_request, per_event = cpu[g]["cpu_us_per_request"], streams[g]["cpu_us_per_event"]
    cells = [
        run["date"],
        run["versions"].get("commit", "?"),
        f"{per_request:.1f} µs ({per_request / cpu[n]['cpu_us_per_request']:.2f} ×)",
        f"{sat[g]['requests_per_second']:,.0f}",
        f"{lat[g]['p50_us'] - lat['direct']['p50_us']:.0f} µs",
        f"{per_event:.1f} µs ({per_event / streams[n]['cpu_us_per_event']:.2f} ×)",
        f"{streams[g]['rss_idle_mb']:.0f} / {streams[g]['rss_peak_mb']:.0f} MB",
        f"{r['start']['fresh_ms']:.0f} ms",
    ]
    return "| " + " | ".join(cells) + " |"


def _history(path: Path, run: dict[str, Any], record: bool) -> str:
    kept = ""
    if path.exists() and HISTORY in (old := path.read_text()):
        kept = old.split(HISTORY, 1)[1].strip()
    kept = kept or HISTORY_HEAD
    return kept + ("\n" + _history_line(run) if record else "")


def _logs(path: Path) -> str:
    old = path.read_text() if path.exists() else ""
    if LOGS not in old:
        return ""
    return LOGS + old.split(LOGS, 1)[1].split(HISTORY, 1)[0].rstrip() + "\n\n"


def write(folder: Path, run: dict[str, Any], table: list[Row], record: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "RESULTS.md"
    text = (
        "# Benchmark results\n\n"
        f"Written by `make bench` on {run['date']}{' (quick run)' if run['quick'] else ''}; "
        "the figures behind the table are in `results.json`.\n\n"
        f"{as_markdown(table)}\n\n## Conditions\n\n{_conditions(run)}\n\n{_logs(path)}"
        f"{HISTORY}\n\n{_history(path, run, record)}\n"
    )
    path.write_text(text)
    (folder / "results.json").write_text(json.dumps(run, indent=2, sort_keys=True) + "\n")
