"""Retries and fallbacks from outside: how often whom, who answers, what is written down, and what it costs."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from support.cloudflare import MODEL, Tenant, chat, cost_dollars, events, messages, new_name, result, step
from support.raw import Raw, new_id, request
from support.upstream import FaultyUpstream

# What the vendor counts for each of its good answers.
USAGE = {"prompt_tokens": 9, "completion_tokens": 3}
COST = cost_dollars(USAGE)


@dataclass(frozen=True)
class Case:
    """How the first step's vendor behaves, and what must come of it with up to three attempts."""

    fault: str
    # Of the first step.
    attempts: int
    status: int
    stream: bool = False
    # Whether the second step is asked and answers.
    falls_back: bool = True


CASES = [
    Case("reset", 3, 500),
    Case("nothing", 3, 500),
    Case("not-http", 3, 500),
    Case("body-resets", 3, 500),
    Case("short-body", 3, 500),
    Case("body-stalls", 3, 504),
    Case("silent", 3, 504),
    Case("status-408", 3, 408),
    Case("status-409", 3, 409),
    Case("status-429-bare", 3, 429),
    # Nobody waits until tomorrow.
    Case("status-429-never", 1, 429),
    Case("status-500", 3, 500),
    Case("status-503", 3, 503),
    # Not worth a second attempt, but another vendor may see it otherwise.
    Case("status-400", 1, 400),
    Case("status-422", 1, 422),
    # Before its first byte a stream is no different.
    Case("reset", 3, 500, stream=True),
    Case("status-503", 3, 503, stream=True),
    Case("silent", 3, 504, stream=True),
    # One that has begun is what the client gets, whatever becomes of it.
    Case("stream-resets", 1, 200, stream=True, falls_back=False),
    Case("stream-closes", 1, 200, stream=True, falls_back=False),
    Case("stream-stalls", 1, 200, stream=True, falls_back=False),
]
# The whole wait for a first byte is 1 s on this stage; those who never answer must not use it up three times.
PLAN = {"maxAttempts": 3, "retryDelay": 0, "requestTimeout": 150}


def native(text: str, **more: Any) -> dict[str, Any]:
    return chat(text, "o4-mini", **more)


@pytest.fixture(scope="module")
def dead() -> Iterator[int]:
    """A port that is taken, where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def custom(actor: Tenant, port: int) -> str:
    """A provider of the account's own."""
    slug = new_name("at")
    fields = {"name": slug, "slug": slug, "base_url": f"http://127.0.0.1:{port}/v1", "enable": True}
    result(actor.rest("POST", "/ai-gateway/custom-providers", json=fields))
    return f"custom-{slug}"


def spent(actor: Tenant) -> Decimal:
    """In dollars."""
    return (9_500 - actor.balance_cents()) / 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fault}{'-streamed' if case.stream else ''}")
def test_what_becomes_of_each_failure(actor: Tenant, upstream: FaultyUpstream, case: Case) -> None:
    name = actor.make()
    first, second = new_id(), new_id()
    answer = actor.steps(
        name,
        step("openai", native(f"fault:{case.fault} mark:{first}", stream=case.stream), config=PLAN),
        step("openai", native(f"mark:{second} " + ("fault:stream" if case.stream else ""), stream=case.stream)),
    )
    assert answer.status_code == 200, answer.text
    assert len(upstream.attempts(first)) == case.attempts
    assert len(upstream.attempts(second)) == (1 if case.falls_back else 0)
    assert answer.headers["cf-aig-step"] == ("1" if case.falls_back else "0")
    rows = actor.awaited_logs(name, 2 if case.falls_back else 1)
    if not case.falls_back:
        told = json.loads(events(answer)[-1])
        assert set(told) == {"error"} and told["error"]["code"] and told["error"]["message"]
        [row] = rows
        assert (row["step"], row["success"], row["status_code"]) == (0, False, 200)
        # What it said until then is paid for, as far as it can be told.
        assert spent(actor) == Decimal(str(row["cost"])) > 0
        return
    assert answer.headers["cf-aig-log-id"] == rows[1]["id"]
    assert [(row["step"], row["success"], row["status_code"]) for row in rows] == [
        (0, False, case.status), (1, True, 200),
    ]  # fmt: skip
    # Only the answer is paid for, once.
    assert (rows[0]["cost"] or 0, Decimal(str(rows[1]["cost"]))) == (0, COST)
    assert spent(actor) == COST


@pytest.mark.parametrize("stream", [False, True])
def test_a_vendor_that_is_not_there(actor: Tenant, upstream: FaultyUpstream, dead: int, stream: bool) -> None:
    name = actor.make()
    mark = new_id()
    second = step("openai", native(f"mark:{mark} " + ("fault:stream" if stream else ""), stream=stream))
    answer = actor.steps(name, step(custom(actor, dead), native("Hello", stream=stream), config=PLAN), second)
    assert answer.status_code == 200 and answer.headers["cf-aig-step"] == "1", answer.text
    rows = actor.awaited_logs(name, 2)
    assert [(row["step"], row["success"]) for row in rows] == [(0, False), (1, True)]
    assert len(upstream.attempts(mark)) == 1 and spent(actor) == COST


@pytest.mark.parametrize(
    "fault",
    ["reset", "nothing", "body-resets", "status-408", "status-409", "status-429-bare", "status-429-now", "status-500",
     "status-503", "silent"],
)  # fmt: skip
def test_a_second_attempt_may_do_better(actor: Tenant, upstream: FaultyUpstream, fault: str) -> None:
    name = actor.make()
    mark = new_id()
    answer = actor.steps(name, step("openai", native(f"fault:{fault},none mark:{mark}"), config=PLAN))
    assert answer.status_code == 200 and answer.headers["cf-aig-step"] == "0", answer.text
    attempts = upstream.attempts(mark)
    assert len(attempts) == 2 and attempts[0].body == attempts[1].body
    # Attempts are not calls: one row, one charge.
    [row] = actor.awaited_logs(name, 1)
    assert row["success"] and row["id"] == answer.headers["cf-aig-log-id"]
    assert spent(actor) == Decimal(str(row["cost"])) == COST


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_no_more_attempts_than_were_asked_for(actor: Tenant, upstream: FaultyUpstream, attempts: int) -> None:
    mark = new_id()
    config = {"maxAttempts": attempts, "retryDelay": 0}
    answer = actor.steps(actor.make(), step("openai", native(f"fault:status-500 mark:{mark}"), config=config))
    assert answer.status_code == 500 and answer.json()["error"]["message"] == "the vendor fell over"
    assert len(upstream.attempts(mark)) == attempts and spent(actor) == 0


def test_one_attempt_is_the_usual(actor: Tenant, upstream: FaultyUpstream) -> None:
    mark = new_id()
    assert actor.steps(actor.make(), step("openai", native(f"fault:status-500 mark:{mark}"))).status_code == 500
    assert len(upstream.attempts(mark)) == 1


def test_who_says_how_often(actor: Tenant, upstream: FaultyUpstream) -> None:
    """The step before the request, its `config` before its header fields, the request before the gateway."""
    name = actor.make(retry_max_attempts=2, retry_delay=0, retry_backoff="constant")

    def asked(of_request: dict[str, str], **of_step: Any) -> int:
        mark = new_id()
        actor.steps(name, step("openai", native(f"fault:status-500 mark:{mark}"), **of_step), headers=of_request)
        return len(upstream.attempts(mark))

    request = {"cf-aig-max-attempts": "3"}
    assert asked({}) == 2
    assert asked(request) == 3
    assert asked(request, headers={"cf-aig-max-attempts": "4"}) == 4
    assert asked(request, config={"maxAttempts": 1}) == 1
    assert asked(request, headers={"cf-aig-max-attempts": "4"}, config={"maxAttempts": 5}) == 5


@pytest.mark.parametrize("way", ["native", "compat", "run", "body", "binding", "openai"])
def test_every_surface_tries_again(actor: Tenant, upstream: FaultyUpstream, way: str) -> None:
    name = actor.make()
    mark = new_id()
    text = f"fault:status-503,reset,none mark:{mark}"
    headers = {"cf-aig-max-attempts": "3", "cf-aig-retry-delay": "1", "cf-aig-backoff": "exponential"}
    through = headers | {"cf-aig-gateway-id": name}
    if way == "native":
        answer = actor.host(name, "/openai/chat/completions", native(text), headers=headers)
    elif way == "compat":
        answer = actor.host(name, "/compat/chat/completions", chat(text), headers=headers)
    elif way == "run":
        answer = actor.run(MODEL, messages(text), name, headers=headers)
    elif way == "body":
        answer = actor.rest("POST", "/ai/run", json={"model": MODEL, "input": messages(text)}, headers=through)
    elif way == "openai":
        answer = actor.rest("POST", "/ai/v1/chat/completions", json=chat(text), headers=through)
    else:
        retries = {"maxAttempts": 3, "retryDelayMs": 1, "backoff": "exponential"}
        answer = actor.binding(MODEL, messages(text), {"id": name, "retries": retries})
    assert answer.status_code == 200, answer.text
    assert len(upstream.attempts(mark)) == 3
    [row] = actor.awaited_logs(name, 1)
    assert row["success"] and spent(actor) == COST


def test_all_fail_and_the_last_is_told(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make()
    answer = actor.steps(
        name, *(step("openai", native(f"fault:{fault}")) for fault in ("status-500", "reset", "status-422"))
    )
    assert answer.status_code == 422 and answer.json()["error"]["message"] == "unknown tool name"
    assert answer.headers["cf-aig-step"] == "2"
    rows = actor.awaited_logs(name, 3)
    assert [(row["step"], row["status_code"], row["success"]) for row in rows] == [
        (0, 500, False), (1, 500, False), (2, 422, False),
    ]  # fmt: skip
    assert answer.headers["cf-aig-log-id"] == rows[2]["id"] and spent(actor) == 0


# The time until the first byte.


def test_a_step_that_is_slow_makes_room_for_the_next(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make()
    slow = step("openai", native("fault:late"), config={"requestTimeout": 100})
    answer = actor.steps(name, slow, step("openai", native("fault:none")))
    assert answer.status_code == 200 and answer.headers["cf-aig-step"] == "1"
    assert [row["success"] for row in actor.awaited_logs(name, 2)] == [False, True]
    assert spent(actor) == COST


def test_without_anything_behind_it_a_slow_call_is_an_error(actor: Tenant) -> None:
    headers = {"cf-aig-request-timeout": "100"}
    answer = actor.host(actor.make(), "/openai/chat/completions", native("fault:late"), headers=headers)
    assert answer.status_code == 504, answer.text


def test_the_last_of_several_attempts_has_all_the_time(actor: Tenant, upstream: FaultyUpstream) -> None:
    mark = new_id()
    headers = {"cf-aig-request-timeout": "100", "cf-aig-max-attempts": "2", "cf-aig-retry-delay": "0"}
    answer = actor.host(actor.make(), "/openai/chat/completions", native(f"fault:late mark:{mark}"), headers=headers)
    assert answer.status_code == 200, answer.text
    assert len(upstream.attempts(mark)) == 2 and spent(actor) == COST


@pytest.mark.parametrize("attempts", [1, 3])
def test_only_the_first_byte_is_waited_for_so_long(actor: Tenant, upstream: FaultyUpstream, attempts: int) -> None:
    mark = new_id()
    config = {"requestTimeout": 100, "maxAttempts": attempts, "retryDelay": 0}
    slow_end = step("openai", native(f"fault:stream-slow-end mark:{mark}", stream=True), config=config)
    answer = actor.steps(actor.make(), slow_end, step("openai", native("fault:stream", stream=True)))
    assert answer.status_code == 200 and answer.headers["cf-aig-step"] == "0"
    assert events(answer)[-1] == "[DONE]" and len(upstream.attempts(mark)) == 1
    assert spent(actor) == COST


# What may not be asked again.


def test_nobody_is_asked_again_whose_caller_left(actor: Tenant, upstream: FaultyUpstream) -> None:
    first, second = new_id(), new_id()
    body = json.dumps([
        step("openai", native(f"fault:silent mark:{first}"), config={"maxAttempts": 3}),
        step("openai", native(f"mark:{second}")),
    ]).encode()  # fmt: skip
    with Raw(actor.gateway.host, actor.gateway.port) as raw:
        raw.send(request(actor.key, body, path=f"/gateway/v1/{actor.id}/default"))
        seen = upstream.arrival(first)
    assert seen.closed.wait(5)
    [row] = actor.awaited_logs("default", 1)
    assert (row["success"], row["step"]) == (False, 0)
    assert len(upstream.attempts(first)) == 1 and not upstream.attempts(second) and spent(actor) == 0


def test_what_is_wrong_with_an_order_is_not_tried_elsewhere(actor: Tenant, upstream: FaultyUpstream) -> None:
    mark = new_id()
    answer = actor.steps("default", step("openai", native("Hi"), config={"backoff": "never"}), step("openai", native(f"mark:{mark}")))
    assert answer.status_code == 400 and not upstream.attempts(mark)


def test_steps_through_different_wires(actor: Tenant, dead: int) -> None:
    """A custom provider, a model nobody has, one without its key, and one that answers."""
    name = actor.make()
    answer = actor.steps(
        name, step(custom(actor, dead), native("Hi")), step("compat", chat(model="nobody/none")),
        step("anthropic", {"model": "claude-sonnet-4.6", "max_tokens": 5, **messages()}, "v1/messages"),
        step("compat", chat()),
    )  # fmt: skip
    assert answer.status_code == 200 and answer.headers["cf-aig-step"] == "3", answer.text
    rows = actor.awaited_logs(name, 4)
    assert [(row["step"], row["success"]) for row in rows] == [(0, False), (1, False), (2, False), (3, True)]
    assert spent(actor) == COST
