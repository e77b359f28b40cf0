"""What collectors of traces are told of calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gateway_process import Gateway
from support.cloudflare import MODEL, Tenant, messages, result, text_of
from support.hooks import Hooks, Posted

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def traced(reporting: Gateway) -> Iterator[Tenant]:
    made = Tenant(reporting)
    yield made
    made.close()


def collector(address: str, **more: Any) -> dict[str, Any]:
    return {"url": address, "headers": {"x-team": "red"}, **more}


def spans(posted: list[Posted]) -> list[dict[str, Any]]:
    """Of what came as JSON."""
    found = []
    for one in posted:
        assert one.headers["content-type"] == "application/json"
        for resource in json.loads(one.body)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                found += scope["spans"]
    return found


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


def test_a_call_is_told_as_a_span(traced: Tenant, hooks: Hooks) -> None:
    address = hooks.address()
    name = traced.make(otel=[collector(address, authorization="Bearer of-the-collector", content_type="json")])
    headers = {"cf-aig-otel-trace-id": TRACE, "cf-aig-otel-parent-span-id": PARENT,
               "cf-aig-metadata": json.dumps({"user": "ada", "tries": 3})}  # fmt: skip
    answer = traced.run(MODEL, messages("Hello"), name, headers=headers)
    posted = hooks.awaited(address, 1)
    assert posted[0].headers["authorization"] == "Bearer of-the-collector" and posted[0].headers["x-team"] == "red"
    [span] = spans(posted)
    assert (span["traceId"], span["parentSpanId"], len(span["spanId"])) == (TRACE, PARENT, 16)
    assert int(span["endTimeUnixNano"]) >= int(span["startTimeUnixNano"]) > 0
    told = attributes(span)
    usage = result(answer)["usage"]
    assert told["gen_ai.request.model"] == MODEL and told["gen_ai.model.provider"] == "openai"
    assert int(told["gen_ai.usage.input_tokens"]) == usage["prompt_tokens"]
    assert int(told["gen_ai.usage.output_tokens"]) == usage["completion_tokens"]
    assert float(told["gen_ai.usage.cost"]) == traced.log(name, answer)["cost"]
    assert "Hello" in told["gen_ai.prompt_json"] and text_of(result(answer))[:20] in json.dumps(json.loads(told["gen_ai.completion_json"]), ensure_ascii=False)
    assert told["user"] == "ada" and int(told["tries"]) == 3
    assert traced.key not in posted[0].body.decode()


def test_without_a_trace_of_its_own_a_call_gets_one(traced: Tenant, hooks: Hooks) -> None:
    address = hooks.address()
    name = traced.make(otel=[collector(address)])
    for _ in range(2):
        assert traced.run(MODEL, messages(), name).status_code == 200
    posted = hooks.awaited(address, 1)
    # They may come together.
    if len(spans(posted)) == 1:
        posted = hooks.awaited(address, 2)
    first, second = spans(posted)
    assert first["traceId"] != second["traceId"] and len(first["traceId"]) == 32
    assert first.get("parentSpanId", "") == ""


def test_every_collector_is_told_in_its_own_form(traced: Tenant, hooks: Hooks) -> None:
    plain, packed = hooks.address(), hooks.address()
    name = traced.make(otel=[collector(plain), collector(packed, content_type="protobuf")])
    assert traced.run(MODEL, messages("Hello"), name).status_code == 200
    assert len(spans(hooks.awaited(plain, 1))) == 1
    [posted] = hooks.awaited(packed, 1)
    assert posted.headers["content-type"] == "application/x-protobuf"
    assert b"gen_ai.request.model" in posted.body and MODEL.encode() in posted.body


def test_failures_and_streams_are_told_too(traced: Tenant, hooks: Hooks) -> None:
    address = hooks.address()
    name = traced.make(otel=[collector(address)])
    traced.run(MODEL, messages(temperature=9), name)
    [failed] = spans(hooks.awaited(address, 1))
    assert failed["status"]["code"] == 2
    traced.run(MODEL, messages("Hello", stream=True), name)
    streamed = spans(hooks.awaited(address, 2))[-1]
    assert streamed["status"]["code"] in (0, 1) and int(attributes(streamed)["gen_ai.usage.output_tokens"]) > 0


def test_a_collector_that_is_away_holds_up_nobody(traced: Tenant) -> None:
    name = traced.make(otel=[collector("https://127.0.0.1:9/traces")])
    assert traced.run(MODEL, messages(), name).status_code == 200


def test_secrets_of_collectors_are_not_shown(traced: Tenant, hooks: Hooks) -> None:
    name = traced.make(otel=[collector(hooks.address(), authorization="Bearer of-the-collector")])
    shown = traced.rest("GET", f"/ai-gateway/gateways/{name}")
    assert "of-the-collector" not in shown.text and '"red"' not in shown.text
    # What was shown can be sent back without losing them.
    kept = shown.json()["result"]["otel"]
    address = kept[0]["url"]
    traced.change(name, otel=kept)
    assert traced.run(MODEL, messages(), name).status_code == 200
    [posted] = hooks.awaited(address, 1)
    assert posted.headers["authorization"] == "Bearer of-the-collector" and posted.headers["x-team"] == "red"
