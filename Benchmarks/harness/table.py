"""The figures of a run as rows: what, nginx, gateway, what is compared, its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table. `compared` is what the target speaks of."""

    what: str
    nginx: str
    gateway: str
    compared: float | None = None
    form: str = "{:.2f}"
    target: str = ""
    bound: float | None = None

    @property
    def met(self) -> bool | None:
        if self.compared is None or self.bound is None:
            return None
        return self.compared <= self.bound

    def cells(self) -> list[str]:
        compared = "" if self.compared is None else self.form.format(self.compared)
        verdict = {None: "", True: "met", False: "**missed**"}[self.met]
        return [self.what, self.nginx, self.gateway, compared, self.target, verdict]


HEADINGS = ["Figure", "nginx", "gateway", "compared", "target", ""]


def _pair(results: dict[str, Any], figure: str, form: str) -> tuple[str, str]:
    return tuple(form.format(results[name][figure]) if name in results else "–" for name in ("nginx", "gateway"))


def _ratio(results: dict[str, Any], figure: str) -> float | None:
    if "gateway" not in results or "nginx" not in results:
        return None
    return results["gateway"][figure] / results["nginx"][figure]


def _request_rows(r: dict[str, Any]) -> list[Row]:
    cpu, full = r["cpu_per_request"], r["saturation"]
    return [
        Row(
            "CPU per request, µs", *_pair(cpu, "cpu_us_per_request", "{:.1f}"),
            _ratio(cpu, "cpu_us_per_request"), "{:.2f} ×", "≤ 3.5 × (aim 2.6 ×)", 3.5,
        ),
        Row("· share of its core used", *_pair(cpu, "core_share", "{:.0%}")),
        *_limited_rows(cpu),
        Row(
            "Requests per second at saturation", *_pair(full, "requests_per_second", "{:,.0f}"),
            _ratio(full, "requests_per_second"), "{:.2f} ×",
        ),
        Row("· share of its core used", *_pair(full, "core_share", "{:.0%}")),
    ]  # fmt: skip


# What a request cost before there was money or any limit, in times nginx: the median of three runs of that binary
# (40.7, 41.4 and 42.8 µs, nginx 11.8 to 12.3) in the hour in which limits were first measured. On its own day it was
# 47.9 µs to nginx's 17.9: a ratio holds for one state of one machine, so the two are compared in the same hour.
FOUNDATION_RATIO = 3.44


def _limited_rows(cpu: dict[str, Any]) -> list[Row]:
    """The same requests under every kind of limit at once, paid from a prepaid wallet."""
    if "limited" not in cpu:
        return []
    figure, bound = "cpu_us_per_request", 1.3 * FOUNDATION_RATIO
    nginx, limited = cpu["nginx"][figure], cpu["limited"][figure]
    return [
        Row(
            "CPU per request with every limit on, µs", f"{nginx:.1f}", f"{limited:.1f}", limited / nginx, "{:.2f} ×",
            f"≤ {bound:.2f} × (1.3 × the first {FOUNDATION_RATIO} ×)", bound,
        )
    ]  # fmt: skip


def _latency_rows(r: dict[str, Any]) -> list[Row]:
    latency = r["one_connection"]
    rows = []
    for figure, bound in (("p50_us", 100.0), ("p99_us", None)):
        direct = latency["direct"][figure]
        added = {n: {figure: latency[n][figure] - direct} for n in ("nginx", "gateway") if n in latency}
        compared = added["gateway"][figure] if bound and "gateway" in added else None
        target = f"< {bound:.0f} µs" if bound else ""
        name = figure[:3]
        rows.append(
            Row(
                f"Added latency {name}, one connection, µs (direct {direct:.0f})",
                *_pair(added, figure, "{:.0f}"), compared, "{:.0f} µs", target, bound,
            )
        )  # fmt: skip
    return rows


def _stream_rows(r: dict[str, Any]) -> list[Row]:
    s = r["streams"]
    gateway = s.get("gateway")
    wrong = None if gateway is None else gateway["lost"] + gateway["disorder"] + gateway["errors"]

    def memory(what: str, figure: str, bound: float | None = None) -> Row:
        compared = gateway[figure] if gateway and bound else None
        target = f"< {bound:.0f} MB" if bound else ""
        return Row(what, *_pair(s, figure, "{:.1f}"), compared, "{:.1f} MB", target, bound)

    return [
        Row(
            "CPU per streamed event, µs", *_pair(s, "cpu_us_per_event", "{:.1f}"),
            _ratio(s, "cpu_us_per_event"), "{:.2f} ×", "≤ 2.5 × (aim 1.5 ×)", 2.5,
        ),
        Row("· share of its core used", *_pair(s, "core_share", "{:.0%}")),
        Row("Events lost", *_pair(s, "lost", "{:.0f}"), wrong, "{:.0f} wrong", "0 lost, disordered or failed", 0),
        Row("· out of order or twice", *_pair(s, "disorder", "{:.0f}")),
        Row("· streams failed", *_pair(s, "errors", "{:.0f}")),
        Row("· merged on the way", *_pair(s, "merged", "{:.0f}")),
        Row("· over 50 ms late", *_pair(s, "late_over_50ms", "{:.0f}")),
        Row("Event lateness p50, µs", *_pair(s, "late_us_p50", "{:.0f}")),
        Row("· p99", *_pair(s, "late_us_p99", "{:.0f}")),
        Row("· worst", *_pair(s, "late_us_max", "{:.0f}")),
        memory("RSS idle, MB", "rss_idle_mb", 30.0),
        memory("RSS with the streams, peak, MB", "rss_peak_mb", 150.0),
        memory("RSS 5 s afterwards, MB", "rss_after_mb"),
    ]  # fmt: skip


def _gateway_rows(r: dict[str, Any]) -> list[Row]:
    start = r.get("start")
    if not start:
        return []
    return [
        Row("Start to first answer, new data directory, ms", "–", f"{start['fresh_ms']:.0f}", start["fresh_ms"],
            "{:.0f} ms", "< 150 ms", 150.0),
        Row("Start to first answer, used data directory, ms", "–", f"{start['existing_ms']:.0f}", start["existing_ms"],
            "{:.0f} ms", "< 150 ms", 150.0),
        Row("Answers recorded, of those wrk counted", "–", f"{r['recorded']['rows']:,} of {r['recorded']['answers']:,}",
            max(0, r["recorded"]["answers"] - r["recorded"]["rows"]), "{:.0f} missing", "0 missing", 0),
    ]  # fmt: skip


def rows(results: dict[str, Any]) -> list[Row]:
    return _request_rows(results) + _latency_rows(results) + _stream_rows(results) + _gateway_rows(results)


def as_markdown(table: list[Row]) -> str:
    lines = [HEADINGS, ["---", "---:", "---:", "---:", "---", "---"]] + [row.cells() for row in table]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def as_text(table: list[Row]) -> str:
    lines = [HEADINGS] + [row.cells() for row in table]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 0 < i < 4 else cell.ljust(width) for i, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )
