"""Answers that were given before: who gets them, for how long, and that nobody pays for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from conftest import STAGE, with_upstream
from gateway_process import Gateway
from support.cloudflare import MODEL, Tenant, chat, cost_dollars, eventually, messages, refusal, result, step, text_of
from support.raw import new_id
from support.upstream import FaultyUpstream

COST_CENTS = cost_dollars({"prompt_tokens": 9, "completion_tokens": 3}) * 100
HOUR = 3_600
LONG = {"cf-aig-cache-ttl": "3600"}


def native(text: str, **more: Any) -> dict[str, Any]:
    return chat(text, "o4-mini", **more)


def status(answer: httpx.Response) -> str | None:
    """What the answer says of the cache."""
    assert answer.status_code == 200, answer.text
    return answer.headers.get("cf-aig-cache-status")


@pytest.fixture(scope="module")
def keeping(start: Callable[..., Gateway], upstream: FaultyUpstream) -> Gateway:
    """Keeps streams too."""
    return start(config=STAGE.replace("gateways:\n", "gateways:\n  cache_streams: true\n"), environment=with_upstream(upstream.port))


@pytest.fixture
def keeper(keeping: Gateway) -> Iterator[Tenant]:
    made = Tenant(keeping)
    yield made
    made.close()


# Hits and misses.


def test_the_second_of_two_equal_calls_asks_nobody_and_costs_nothing(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make(cache_ttl=HOUR)
    mark = new_id()
    answers = [actor.host(name, "/openai/chat/completions", native(f"mark:{mark}")) for _ in range(3)]
    assert [status(answer) for answer in answers] == ["MISS", "HIT", "HIT"]
    assert answers[0].content == answers[1].content == answers[2].content
    assert answers[0].headers["content-type"] == answers[1].headers["content-type"]
    assert len(upstream.attempts(mark)) == 1
    rows = [actor.log(name, answer) for answer in answers]
    assert [row["cached"] for row in rows] == [False, True, True]
    assert [row["cost"] for row in rows[1:]] == [0, 0]
    assert [(row["tokens_in"], row["tokens_out"]) for row in rows] == [(9, 3), (0, 0), (0, 0)]
    assert all(row["success"] and row["status_code"] == 200 for row in rows)
    # Once, and never twice.
    assert actor.balance_cents() == 9_500 - COST_CENTS


@pytest.mark.parametrize("way", ["run", "body", "compat", "openai", "binding", "steps"])
def test_every_surface_keeps_answers(actor: Tenant, upstream: FaultyUpstream, way: str) -> None:
    name = actor.make()
    mark = new_id()
    text = f"mark:{mark}"

    def ask() -> httpx.Response:
        if way == "run":
            return actor.run(MODEL, messages(text), name, headers=LONG)
        if way == "body":
            headers = LONG | {"cf-aig-gateway-id": name}
            return actor.rest("POST", "/ai/run", json={"model": MODEL, "input": messages(text)}, headers=headers)
        if way == "compat":
            return actor.host(name, "/compat/chat/completions", chat(text), headers=LONG)
        if way == "openai":
            headers = LONG | {"cf-aig-gateway-id": name}
            return actor.rest("POST", "/ai/v1/chat/completions", json=chat(text), headers=headers)
        if way == "binding":
            return actor.binding(MODEL, messages(text), {"id": name, "cacheTtl": HOUR})
        return actor.steps(name, step("openai", native(text), headers=LONG))

    first, second = ask(), ask()
    assert (status(first), status(second)) == ("MISS", "HIT")
    assert first.content == second.content and first.headers["content-type"] == second.headers["content-type"]
    assert len(upstream.attempts(mark)) == 1 and actor.balance_cents() == 9_500 - COST_CENTS


def test_off_means_off(actor: Tenant, upstream: FaultyUpstream) -> None:
    name, on = actor.make(), actor.make(cache_ttl=HOUR)
    mark = new_id()
    assert [status(actor.run(MODEL, messages(f"mark:{mark}"), name)) for _ in range(2)] == [None, None]
    zero = {"cf-aig-cache-ttl": "0"}
    assert [status(actor.run(MODEL, messages(f"mark:{mark}"), on, headers=zero)) for _ in range(2)] == [None, None]
    assert len(upstream.attempts(mark)) == 4
    assert not [row for row in actor.logs(name) + actor.logs(on) if row["cached"]]


def test_old_names_of_the_fields_still_work(actor: Tenant) -> None:
    name = actor.make()
    old = {"cf-cache-ttl": "3600"}
    assert [status(actor.run(MODEL, messages(), name, headers=old)) for _ in range(2)] == ["MISS", "HIT"]
    skipped = actor.run(MODEL, messages(), name, headers=old | {"cf-skip-cache": "true"})
    assert status(skipped) != "HIT"


def test_who_skips_gets_a_new_answer_which_is_kept(actor: Tenant, upstream: FaultyUpstream) -> None:
    """The vendor's answers differ, so that it shows which one is told."""
    name = actor.make(cache_ttl=HOUR)
    mark = new_id()
    body = native(f"fault:none,other mark:{mark}")

    def ask(**headers: str) -> tuple[str | None, str]:
        answer = actor.host(name, "/openai/chat/completions", body, headers=headers)
        return status(answer), text_of(answer.json())

    assert ask() == ("MISS", "fine")
    assert ask() == ("HIT", "fine")
    skipped, text = ask(**{"cf-aig-skip-cache": "true"})
    assert skipped is None and text == "other"
    assert ask(**{"cf-aig-skip-cache": "false"}) == ("HIT", "other")
    assert len(upstream.attempts(mark)) == 2
    assert actor.balance_cents() == 9_500 - 2 * COST_CENTS


# What makes two calls equal.


def asked_twice(actor: Tenant, name: str, first: tuple[Any, dict[str, str]], second: tuple[Any, dict[str, str]]) -> str | None:
    for body, headers in (first, second):
        answer = actor.host(name, "/openai/chat/completions", body, headers=headers)
    return status(answer)


def test_calls_that_say_the_same_are_the_same(actor: Tenant) -> None:
    name = actor.make(cache_ttl=HOUR)
    body = native("Hello", temperature=1, top_p=1)
    turned = dict(reversed(list(body.items())))
    same: list[tuple[Any, dict[str, str]]] = [
        (turned, {}),
        (body, {"cf-aig-metadata": '{"user":"ada"}'}),
        (body, {"cf-aig-event-id": "event-9"}),
        (body, {"Authorization": "Bearer sk-their-own-0123456789"}),
        (body, {"User-Agent": "other/1"}),
    ]
    assert status(actor.host(name, "/openai/chat/completions", body)) == "MISS"
    for one in same:
        assert status(actor.host(name, "/openai/chat/completions", one[0], headers=one[1])) == "HIT", one
    made = actor.http.post(
        f"/gateway/v1/{actor.id}/{name}/openai/chat/completions", content=json.dumps(body, indent=2),
        headers={"cf-aig-authorization": f"Bearer {actor.key}", "content-type": "application/json"},
    )  # fmt: skip
    assert status(made) == "HIT"


def test_calls_that_say_something_else_are_others(actor: Tenant) -> None:
    name, neighbour = actor.make(cache_ttl=HOUR), actor.make(cache_ttl=HOUR)
    body = native("Hello")
    assert status(actor.host(name, "/openai/chat/completions", body)) == "MISS"
    others: list[tuple[str, str, Any]] = [
        (name, "/openai/chat/completions", native("Hello!")),
        (name, "/openai/chat/completions", native("Hello", temperature=0.5)),
        (name, "/openai/chat/completions?x=1", body),
        (name, "/compat/chat/completions", chat("Hello")),
        (neighbour, "/openai/chat/completions", body),
    ]
    for gateway, path, given in others:
        assert status(actor.host(gateway, path, given)) == "MISS", (gateway, path)


def test_accounts_share_nothing(actor: Tenant, upstream: FaultyUpstream) -> None:
    """Not even with gateways, bodies and keys of their own making that are all the same."""
    other = Tenant(actor.gateway)
    mark = new_id()
    for tenant in (actor, other):
        headers = LONG | {"cf-aig-cache-key": "shared"}
        answer = tenant.run(MODEL, messages(f"mark:{mark}"), "default", headers=headers)
        assert status(answer) == "MISS"
        assert status(tenant.run(MODEL, messages(f"mark:{mark}"), "default", headers=headers)) == "HIT"
        assert tenant.balance_cents() == 9_500 - COST_CENTS
    assert len(upstream.attempts(mark)) == 2
    # One who writes another's account into the path gets his own.
    path = f"/client/v4/accounts/{actor.id}/ai/run/{MODEL}"
    refusal(other.http.post(path, json=messages(f"mark:{mark}"), headers=LONG), 403, 10000)
    other.close()


def test_a_key_of_ones_own_stands_for_all_else(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make()
    mark = new_id()
    key = {"cf-aig-cache-key": new_id()}
    # With nothing else said, such answers are kept for five minutes.
    assert status(actor.run(MODEL, messages(f"mark:{mark}"), name, headers=key)) == "MISS"
    other = actor.run("openai/gpt-4.1-mini", messages(f"something else mark:{mark}"), name, headers=key)
    assert status(other) == "HIT" and len(upstream.attempts(mark)) == 1
    neighbour = actor.run(MODEL, messages(f"mark:{mark}"), actor.make(), headers=key)
    assert status(neighbour) == "MISS"
    # Zero is off all the same.
    assert status(actor.run(MODEL, messages(), name, headers=key | {"cf-aig-cache-ttl": "0"})) is None
    assert status(actor.binding(MODEL, messages(), {"id": name, "cacheKey": key["cf-aig-cache-key"]})) == "HIT"


# How long.


def test_an_answer_that_is_too_old_is_told_no_more(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make(cache_ttl=1)
    mark = new_id()
    assert status(actor.run(MODEL, messages(f"mark:{mark}"), name)) == "MISS"
    assert eventually(lambda: status(actor.run(MODEL, messages(f"mark:{mark}"), name)) == "MISS" or None, "a miss")
    assert len(upstream.attempts(mark)) == 2
    assert actor.balance_cents() == 9_500 - 2 * COST_CENTS


def test_a_change_of_the_gateway_empties_it_where_that_is_wanted(actor: Tenant) -> None:
    kept, emptied = actor.make(cache_ttl=HOUR), actor.make(cache_ttl=HOUR, cache_invalidate_on_update=True)
    for name in (kept, emptied):
        assert [status(actor.run(MODEL, messages(), name)) for _ in range(2)] == ["MISS", "HIT"]
        actor.change(name, log_classification=True)
    assert status(actor.run(MODEL, messages(), kept)) == "HIT"
    assert status(actor.run(MODEL, messages(), emptied)) == "MISS"


def test_a_gateway_made_anew_knows_nothing(actor: Tenant) -> None:
    name = actor.make(cache_ttl=HOUR)
    assert [status(actor.run(MODEL, messages(), name)) for _ in range(2)] == ["MISS", "HIT"]
    assert actor.rest("DELETE", f"/ai-gateway/gateways/{name}").status_code == 200
    fields = {"id": name, "cache_invalidate_on_update": False, "cache_ttl": HOUR, "collect_logs": True,
              "rate_limiting_interval": 0, "rate_limiting_limit": 0}  # fmt: skip
    assert result(actor.rest("POST", "/ai-gateway/gateways", json=fields))["id"] == name
    assert status(actor.run(MODEL, messages(), name)) == "MISS"


# What is kept.


@pytest.mark.parametrize("fault", ["status-400", "status-500", "status-429-bare", "short-body", "body-resets"])
def test_failures_are_not_kept(actor: Tenant, upstream: FaultyUpstream, fault: str) -> None:
    name = actor.make(cache_ttl=HOUR)
    mark = new_id()
    body = native(f"fault:{fault},none mark:{mark}")
    failed = actor.host(name, "/openai/chat/completions", body)
    assert failed.status_code >= 400 and failed.headers.get("cf-aig-cache-status") != "HIT"
    assert [status(actor.host(name, "/openai/chat/completions", body)) for _ in range(2)] == ["MISS", "HIT"]
    assert len(upstream.attempts(mark)) == 2


def test_a_fallback_is_kept_as_the_step_it_was(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make(cache_ttl=HOUR)
    first, second = new_id(), new_id()
    steps = [step("openai", native(f"fault:status-500 mark:{first}")), step("openai", native(f"mark:{second}"))]
    answers = [actor.steps(name, *steps) for _ in range(2)]
    assert [(status(answer), answer.headers["cf-aig-step"]) for answer in answers] == [("MISS", "1"), ("HIT", "1")]
    assert (len(upstream.attempts(first)), len(upstream.attempts(second))) == (2, 1)
    assert actor.balance_cents() == 9_500 - COST_CENTS


def test_the_poor_may_read_what_is_kept(actor: Tenant) -> None:
    """A hit is found before anybody looks at the money, or at limits of it."""
    name = actor.make(cache_ttl=HOUR)
    assert status(actor.run(MODEL, messages(), name)) == "MISS"
    rule = {"limit": 0.000001, "limitType": "cost", "window": 31_536_000, "technique": "fixed"}
    actor.change(name, spend_limits={"enabled": True, "rules": [rule]}, byok_only=True)
    assert actor.run(MODEL, messages("Something new"), name).status_code in (400, 429)
    assert status(actor.run(MODEL, messages(), name)) == "HIT"


# Streams.


def test_streams_are_kept_where_that_is_said_only(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make(cache_ttl=HOUR)
    mark = new_id()
    body = native(f"fault:stream mark:{mark}", stream=True)
    assert [status(actor.host(name, "/openai/chat/completions", body)) for _ in range(2)] == [None, None]
    assert len(upstream.attempts(mark)) == 2


@pytest.mark.parametrize("way", ["native", "run", "binding"])
def test_a_stream_is_told_again_as_it_was(keeper: Tenant, upstream: FaultyUpstream, way: str) -> None:
    name = keeper.make(cache_ttl=HOUR)
    mark = new_id()
    text = f"fault:stream mark:{mark}"
    more = {"stream": True, "stream_options": {"include_usage": True}}

    def ask() -> httpx.Response:
        if way == "native":
            return keeper.host(name, "/openai/chat/completions", native(text, **more))
        if way == "run":
            return keeper.run(MODEL, messages(text, **more), name)
        return keeper.binding(MODEL, messages(text, **more), {"id": name})

    first, second = ask(), ask()
    assert (status(first), status(second)) == ("MISS", "HIT")
    assert first.content == second.content and first.content.endswith(b"data: [DONE]\n\n")
    assert first.headers["content-type"] == second.headers["content-type"]
    assert first.headers["content-type"].startswith("text/event-stream")
    assert len(upstream.attempts(mark)) == 1
    rows = keeper.awaited_logs(name, 2)
    assert sorted((row["cached"], row["cost"] > 0) for row in rows) == [(False, True), (True, False)]
    assert keeper.balance_cents() == 9_500 - COST_CENTS


@pytest.mark.parametrize("fault", ["stream-resets", "stream-ends-early", "stream-error-event", "stream-half-event"])
def test_a_stream_that_broke_is_not_kept(keeper: Tenant, upstream: FaultyUpstream, fault: str) -> None:
    name = keeper.make(cache_ttl=HOUR)
    mark = new_id()
    body = native(f"fault:{fault},stream mark:{mark}", stream=True)
    broken = keeper.host(name, "/openai/chat/completions", body)
    assert status(broken) == "MISS" and b"[DONE]" not in broken.content
    good = keeper.host(name, "/openai/chat/completions", body)
    assert status(good) == "MISS" and b"[DONE]" in good.content
    assert len(upstream.attempts(mark)) == 2


def test_whole_and_streamed_do_not_stand_in_for_each_other_with_the_wrong_form(keeper: Tenant) -> None:
    name = keeper.make(cache_ttl=HOUR)
    whole = keeper.run(MODEL, messages("fault:none"), name)
    streamed = keeper.run(MODEL, messages("fault:none", stream=True), name)
    assert status(whole) == "MISS" and whole.headers["content-type"].startswith("application/json")
    # Whatever it comes from, who asked for events gets events.
    if streamed.status_code == 200:
        assert streamed.headers["content-type"].startswith("text/event-stream")
    assert keeper.run(MODEL, messages("fault:none"), name).headers["content-type"].startswith("application/json")


# Who shares.


def test_answers_can_be_kept_for_each_key_or_each_value_of_metadata(
    start: Callable[..., Gateway], upstream: FaultyUpstream
) -> None:
    for partition in ("key", "metadata.user"):
        config = STAGE.replace("gateways:\n", f"gateways:\n  cache_partition: {partition}\n")
        tenant = Tenant(start(config=config, environment=with_upstream(upstream.port)))
        name = tenant.make(cache_ttl=HOUR)
        made = tenant.http.post("/v1/keys", json={"name": "second"})
        assert made.status_code == 201, made.text
        second = {"Authorization": f"Bearer {made.json()['key']}"}
        ada, bob = ({"cf-aig-metadata": json.dumps({"user": user})} for user in ("ada", "bob"))
        assert status(tenant.run(MODEL, messages(), name, headers=ada)) == "MISS"
        assert status(tenant.run(MODEL, messages(), name, headers=ada)) == "HIT"
        expected = ("HIT", "MISS") if partition == "key" else ("MISS", "HIT")
        by_metadata = tenant.run(MODEL, messages(), name, headers=bob)
        by_key = tenant.run(MODEL, messages(), name, headers=ada | second)
        assert (status(by_metadata), status(by_key)) == expected, partition
        tenant.close()
