"""Runs every measurement and writes the report. Started by Benchmarks/run."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from harness import gateway_runs, measures, report, servers
from harness.conditions import FULL, QUICK, Conditions, Pinning, pinning
from harness.measures import MeasureFailed, Target
from harness.table import as_text, rows
from gateway_process import GatewayFailed

SCRIPT = Path("Benchmarks/post.lua")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description="Measures the gateway beside nginx.")
    parser.add_argument("binary", nargs="?", default=".build/release/aigateway", type=Path)
    parser.add_argument("--only", choices=["nginx"], help="leave the gateway out")
    parser.add_argument("--tools", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure_answers(folder: Path, tools: Path, binary: Path | None, c: Conditions) -> dict[str, Any]:
    """What one client waits for. Nothing is pinned: the scheduler places a lone request as it would anywhere."""
    with ExitStack() as stack:
        mock = stack.enter_context(servers.nginx_mock(folder / "lone-mock", ()))
        proxy = stack.enter_context(servers.nginx_proxy(folder / "lone-proxy", mock.port, ()))
        targets = [Target("direct", mock.port, "none", mock.pids), Target("nginx", proxy.port, "none", proxy.pids)]
        if binary is not None:
            gateway = stack.enter_context(gateway_runs.launch(binary, folder / "lone", mock.port, ()))
            targets.append(gateway_runs.target_of(gateway))
        say("latency at one connection ...")
        results: dict[str, Any] = {"one_connection": measures.one_connection(tools / "latency", targets, c)}
        if binary is not None:
            say("start to first answer ...")
            results["start"] = gateway_runs.start_times(binary, folder, mock.port, c.starts)
        return results


def measure_requests(folder: Path, binary: Path | None, c: Conditions, pins: Pinning) -> dict[str, Any]:
    """What a request costs the processor."""
    with ExitStack() as stack:
        mock = stack.enter_context(servers.nginx_mock(folder / "mock", ()))
        proxy = stack.enter_context(servers.nginx_proxy(folder / "proxy", mock.port, pins.proxy))
        targets = [Target("nginx", proxy.port, "none", proxy.pids)]
        gateway = None
        if binary is not None:
            gateway = stack.enter_context(gateway_runs.launch(binary, folder / "requests", mock.port, pins.proxy))
            targets += [gateway_runs.target_of(gateway), gateway_runs.limited_target_of(gateway)]
        say("CPU per request ...")
        measures.warm_up(targets, c, SCRIPT)
        rows_before = gateway_runs.recorded_calls(gateway) if gateway else 0
        results: dict[str, Any] = {"cpu_per_request": measures.cpu_per_request(targets, c, SCRIPT)}
        say("saturation ...")
        results["saturation"] = measures.saturation(targets, c, SCRIPT)
        if gateway is not None:
            answers = sum(
                int(results[part][name]["requests"])
                for part in ("cpu_per_request", "saturation")
                for name in ("gateway", "limited")
            )
            results["recorded"] = {"answers": answers, "rows": gateway_runs.recorded_calls(gateway) - rows_before}
        return results


def measure_streams(folder: Path, tools: Path, binary: Path | None, c: Conditions, pins: Pinning) -> dict[str, Any]:
    """Each round starts each proxy anew, so that idle memory is that of a fresh process."""
    runs: dict[str, list[measures.Figures]] = {}
    tool = tools / "sseload"
    with servers.stream_upstream(tool, c.stream_events, c.stream_interval_ms, ()) as upstream:
        for number in range(c.stream_rounds):
            say(f"streams, round {number + 1} of {c.stream_rounds} ...")
            with servers.nginx_proxy(
                folder / f"stream-proxy-{number}", upstream.port, pins.proxy, buffering=False
            ) as proxy:
                target = Target("nginx", proxy.port, "none", proxy.pids)
                runs.setdefault("nginx", []).append(measures.streams(tool, target, c))
            if binary is not None:
                with gateway_runs.launch(binary, folder / f"streams-{number}", upstream.port, pins.proxy) as gateway:
                    target = gateway_runs.target_of(gateway)
                    runs.setdefault("gateway", []).append(measures.streams(tool, target, c))
    return {name: measures.median_of_streams(series) for name, series in runs.items()}


def main() -> int:
    options = arguments()
    quick = os.environ.get("BENCH_QUICK") == "1"
    conditions = QUICK if quick else FULL
    binary = None if options.only == "nginx" else options.binary
    if binary is not None and not os.access(binary, os.X_OK):
        say(f"no binary at {binary}: build it first (make release), or pass --only nginx")
        return 1
    began = time.monotonic()
    load = os.getloadavg()[0]
    if load > 0.5:
        say(f"the machine is busy (load {load:.1f}): the figures will suffer")
    folder = Path(tempfile.mkdtemp(prefix="aigateway-bench-"))
    try:
        described = {"machine": report.machine(), "versions": report.versions(binary)}
        results = measure_answers(folder, options.tools, binary, conditions)
        pins = pinning()
        results |= measure_requests(folder, binary, conditions, pins)
        results["streams"] = measure_streams(folder, options.tools, binary, conditions, pins)
    except (MeasureFailed, GatewayFailed) as failure:
        say(f"failed: {failure}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    run = {
        **described,
        "date": report.now(),
        "quick": quick,
        "load_before": load,
        "seconds": round(time.monotonic() - began, 1),
        "pinning": pins.note,
        "conditions": conditions.as_dict(),
        "answer_bytes": len(servers.CHAT_ANSWER),
        "results": results,
    }
    table = rows(results)
    of_record = binary is not None and not quick
    where = Path("Benchmarks") if of_record else options.tools
    report.write(where, run, table, record=of_record and os.environ.get("BENCH_RECORD") == "1")
    print(as_text(table))
    say(f"\n{run['seconds']:.0f} s; written to {where}/RESULTS.md and {where}/results.json")
    missed = [row.what for row in table if row.met is False]
    for what in missed:
        say(f"missed its target: {what}")
    return 2 if missed and os.environ.get("BENCH_STRICT") == "1" else 0


if __name__ == "__main__":
    sys.exit(main())
