"""What calls cost, who pays, and that nobody pays more than there is."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from gateway_process import Gateway
from support.cli import clean_environment
from support.cloudflare import eventually
from support.money import MODEL, Customer, cost_cents, customer, root, top_up


def verify(binary: Path, gateway: Gateway) -> None:
    done = subprocess.run(
        [binary, "ledger", "verify", "--data", gateway.data], capture_output=True, text=True, timeout=60,
        env=clean_environment({}),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def usage_of(response: httpx.Response) -> dict:
    """Of an answer, whole or streamed."""
    if "text/event-stream" not in response.headers["content-type"]:
        return response.json()["usage"]
    events = [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: {")]
    return next(event["usage"] for event in events if event.get("usage"))


@pytest.mark.parametrize("stream", [False, True])
def test_a_call_costs_its_tokens_and_the_wallet_pays(gateway: Gateway, stream: bool) -> None:
    payer = customer(gateway, 1_000)
    assert payer.balance_cents() == 950
    fields = {"stream": True, "stream_options": {"include_usage": True}} if stream else {}
    answer = payer.ask("Tell me about rivers.", **fields)
    assert answer.status_code == 200, answer.text
    usage = usage_of(answer)
    cost = cost_cents(usage)
    assert cost > 0
    assert Decimal(str(usage["cost"])) == cost / 100
    if not stream:
        assert Decimal(answer.headers["x-cost-cents"]) == cost
    assert payer.balance_cents() == 950 - cost


def test_streamed_and_not_streamed_cost_the_same(gateway: Gateway) -> None:
    payer = customer(gateway, 1_000)
    whole = usage_of(payer.ask("Name three clocks."))
    streamed = usage_of(payer.ask("Name three clocks.", stream=True, stream_options={"include_usage": True}))
    assert whole["cost"] == streamed["cost"]


def test_an_empty_wallet_is_refused_with_402(gateway: Gateway) -> None:
    payer = customer(gateway)
    answer = payer.ask()
    assert answer.status_code == 402
    error = answer.json()["error"]
    assert (error["type"], error["reason"]) == ("insufficient_credits", "insufficient_credits")
    assert payer.balance_cents() == 0


def test_what_a_call_may_cost_at_most_must_be_there(gateway: Gateway) -> None:
    payer = customer(gateway, 500)
    # 100,000 tokens of output may cost 44 cents, so 475 cents admit ten at a time and the cap of output admits one more.
    assert payer.ask(max_completion_tokens=10).status_code == 200
    poor = customer(gateway, 1)
    assert poor.ask().status_code == 402
    assert poor.ask(max_completion_tokens=10).status_code == 200


async def at_once(payer: Customer, count: int, **fields: object) -> list[httpx.Response]:
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}], **fields}
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(limits=limits, timeout=120) as client:

        async def one() -> httpx.Response:
            return await client.post(
                f"{payer.gateway.base_url}/v1/chat/completions",
                json=body,
                headers={"Authorization": f"Bearer {payer.key}", "x-sandbox-latency-ms": "3000"},
            )

        return await asyncio.gather(*(one() for _ in range(count)))


def test_a_thousand_calls_on_a_wallet_for_one(binary: Path, gateway: Gateway) -> None:
    payer = customer(gateway)
    held = payer.call("POST", "/v1/explain", json={
        "model": MODEL, "messages": [{"role": "user", "content": "Hello"}], "max_completion_tokens": 1_000,
    })
    assert held.status_code == 200, held.text
    need = Decimal(held.json()["cost"]["held_cents"])
    credit = root(gateway).call(
        "POST", f"/v1/accounts/{payer.id}/adjustments",
        json={"amount_cents": str(need), "reference": f"one-call-{payer.id}", "note": "for one call"},
    )
    assert credit.status_code in (200, 201), credit.text
    answers = asyncio.run(at_once(payer, 1_000, max_completion_tokens=1_000))
    counts = Counter(answer.status_code for answer in answers)
    assert counts[200] >= 1 and counts[200] + counts[402] == 1_000, counts
    # Those that came when the first had been settled may have been paid from what it left.
    spent = sum(cost_cents(a.json()["usage"]) for a in answers if a.status_code == 200)
    assert payer.balance_cents() == need - spent >= 0
    verify(binary, gateway)


def test_top_ups_are_entered_once_and_their_fee_is_kept(binary: Path, gateway: Gateway) -> None:
    payer = customer(gateway)
    for paid, balance in [(10_000, 9_500), (500, 9_975), (1_999, 11_874)]:
        top_up(gateway, payer.id, paid, f"invoice-{payer.id}-{paid}")
        top_up(gateway, payer.id, paid, f"invoice-{payer.id}-{paid}")
        assert payer.balance_cents() == balance
    verify(binary, gateway)


def test_a_keys_cap_holds_and_names_itself(gateway: Gateway) -> None:
    payer = customer(gateway, 10_000)
    made = payer.call("POST", "/v1/keys", json={"name": "capped", "spend_cap_cents": "0.5"})
    assert made.status_code == 201, made.text
    capped = Customer(gateway, payer.id, made.json()["key"])
    refused = capped.ask()
    assert refused.status_code == 403, refused.text
    assert refused.json()["error"]["reason"] == "key_cap"
    spent = Decimal(0)
    for number in range(200):
        answer = capped.ask(f"Tell me about bridge {number}.", max_completion_tokens=100)
        if answer.status_code != 200:
            break
        spent += Decimal(answer.headers["x-cost-cents"])
    assert answer.status_code == 403 and "$0.01" in answer.json()["error"]["message"], answer.text
    assert 0 < spent <= Decimal("0.5")


def test_a_sub_account_spends_its_parents_money_within_its_cap(gateway: Gateway) -> None:
    payer = customer(gateway, 10_000)
    made = payer.call("POST", "/v1/sub-accounts", json={"name": "team", "spend_cap_cents": 100, "rate_limit_rpm": 5})
    assert made.status_code == 201, made.text
    team = Customer(gateway, made.json()["id"], made.json()["key"])
    answer = team.ask(max_completion_tokens=50)
    assert answer.status_code == 200
    assert payer.balance_cents() == 9_500 - Decimal(answer.headers["x-cost-cents"])
    assert answer.headers["x-ratelimit-limit-requests"] == "5"
    assert answer.headers["x-ratelimit-remaining-requests"] == "4"
    assert [team.ask(max_completion_tokens=50).status_code for _ in range(5)] == [200] * 4 + [429]
    limited = team.ask()
    assert limited.json()["error"]["type"] == "rate_limit_error" and int(limited.headers["retry-after"]) >= 1
    assert team.get("/v1/sub-accounts").status_code == 403


def test_a_tenant_asked_for_twice_is_made_once_also_after_a_restart(start: Callable[..., Gateway]) -> None:
    gateway = start(sandbox="on")
    payer = customer(gateway)
    named = {"headers": {"Idempotency-Key": "tenant-7"}}
    made = payer.call("POST", "/v1/sub-accounts", json={"name": "team"}, **named)
    assert made.status_code == 201, made.text
    gateway.kill()
    gateway.start()
    payer = Customer(gateway, payer.id, payer.key)
    again = payer.call("POST", "/v1/sub-accounts", json={"name": "team"}, **named)
    assert (again.status_code, again.json()["id"], again.json()["key"]) == (200, made.json()["id"], None)
    assert payer.call("POST", "/v1/sub-accounts", json={"name": "other"}, **named).status_code == 409
    assert len(payer.get("/v1/sub-accounts").json()["data"]) == 1
    # Whoever never saw the key turns it.
    turned = payer.call("POST", f"/v1/keys/{again.json()['key_id']}/rotate")
    assert Customer(gateway, made.json()["id"], turned.json()["key"]).get("/v1/usage").status_code == 200


def test_usage_is_reported_by_tag_and_model(gateway: Gateway) -> None:
    payer = customer(gateway, 10_000)
    cost = Decimal(0)
    for tag in ["alpha", "alpha", "beta"]:
        answer = payer.ask(f"About {tag}.", headers={"x-aig-tag": tag})
        cost += Decimal(answer.headers["x-cost-cents"])
    rows = payer.get("/v1/usage/by-tag").json()["data"]
    assert {row["label"]: row["requests"] for row in rows} == {"alpha": 2, "beta": 1}
    assert sum(Decimal(str(row["cost_cents"])) for row in rows) == cost
    assert payer.ask(headers={"x-aig-tag": "x" * 65}).status_code == 400
    recent = payer.get("/v1/usage/recent", limit=2).json()["data"]
    assert [row["tag"] for row in recent] == ["beta", "alpha"]


def test_one_tag_too_many_is_refused_also_after_a_restart(start: Callable[..., Gateway]) -> None:
    gateway = start(sandbox="on", config="limits:\n  tags_per_day: 2\n")
    payer = customer(gateway, 1_000, default_tag="team")
    assert payer.call("POST", "/v1/budgets", json={"tag": "search", "limit_cents": 100}).status_code == 201

    def ask(tag: str | None) -> httpx.Response:
        return payer.ask(headers={"x-aig-tag": tag} if tag else None, max_completion_tokens=20)

    assert [ask(tag).status_code for tag in (None, "search", "a", "b", "a")] == [200] * 5
    for _ in range(2):
        refused = ask("c")
        error = refused.json()["error"]
        assert (refused.status_code, error["reason"], error["param"]) == (400, "invalid_value", "x-aig-tag")
        assert [ask(tag).status_code for tag in (None, "search", "team", "a", "b")] == [200] * 5
        gateway.kill()
        gateway.start()
        payer = Customer(gateway, payer.id, payer.key)
    assert {row["label"] for row in payer.get("/v1/usage/by-tag").json()["data"]} == {"team", "search", "a", "b"}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "status"),
    [
        ("127.0.0.0/8", "203.0.113.7", 200),
        ("127.0.0.0/8", "198.51.100.1, 203.0.113.7, 127.0.0.9", 200),
        ("127.0.0.0/8", "203.0.113.7, 198.51.100.1", 403),
        ("127.0.0.0/8", "203.0.113.7, nonsense", 403),
        ("127.0.0.0/8", None, 403),
        ("10.0.0.0/8, 2001:db8::1", "203.0.113.7", 403),
        (None, "203.0.113.7", 403),
    ],
)
def test_a_trusted_proxy_tells_whose_request_it_is(
    start: Callable[..., Gateway], proxies: str | None, forwarded: str | None, status: int
) -> None:
    gateway = start(sandbox="on", environment={"AIGATEWAY_SERVER_TRUSTED_PROXIES": proxies} if proxies else {})
    payer = customer(gateway, 1_000)
    made = payer.call("POST", "/v1/keys", json={"name": "there", "role": "admin", "allowed_ips": ["203.0.113.0/24"]})
    there = Customer(gateway, payer.id, made.json()["key"])
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert there.ask(headers=headers, max_completion_tokens=10).status_code == status
    assert there.call("GET", "/v1/keys", headers=headers).status_code == status


def test_into_a_closed_account_goes_no_more_than_it_owes(gateway: Gateway, binary: Path) -> None:
    owner, payer = root(gateway), customer(gateway, 1_000)
    assert owner.call("DELETE", f"/v1/accounts/{payer.id}").status_code == 200

    def post(kind: str, amount: int, reference: str) -> int:
        field = "paid_cents" if kind == "top-ups" else "amount_cents"
        body = {field: amount, "reference": f"{payer.id}-{reference}"}
        return owner.call("POST", f"/v1/accounts/{payer.id}/{kind}", json=body).status_code

    def enter(verb: str, dollars: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binary, "account", verb, payer.id, dollars, "--data", gateway.data], capture_output=True, text=True,
            timeout=20, env=clean_environment({}),
        )  # fmt: skip

    assert (post("top-ups", 100, "a"), post("adjustments", 1, "b")) == (409, 409)
    assert (enter("top-up", "1").returncode, enter("credit", "0.01").returncode) == (1, 1)
    assert post("refunds", 950, "c") == 201
    assert post("adjustments", -200, "d") == 201
    assert enter("credit", "2.01").returncode == 1
    paid = enter("credit", "2")
    assert (paid.returncode, paid.stdout.strip()) == (0, "0"), paid.stderr


def test_what_is_more_than_the_whole_limit_is_never_let_in(gateway: Gateway) -> None:
    payer = customer(gateway, 10_000, rate_limit_tpm=1_000)
    never = payer.ask(max_completion_tokens=2_000)
    assert (never.status_code, never.json()["error"]["reason"]) == (429, "tpm")
    assert "retry-after" not in never.headers
    assert "never let in" in never.json()["error"]["message"]
    assert payer.ask(max_completion_tokens=700).status_code == 200


def test_the_code_shown_names_the_port_that_was_bound(gateway: Gateway) -> None:
    shown = httpx.get(f"{gateway.base_url}/v1/models/{MODEL}/schema", timeout=20).text
    assert f"{gateway.base_url}/v1" in shown


def test_a_revoked_key_is_dead_within_a_second(gateway: Gateway) -> None:
    payer = customer(gateway, 1_000)
    made = payer.call("POST", "/v1/keys", json={"name": "short-lived"}).json()
    key = Customer(gateway, payer.id, made["key"])
    assert key.ask().status_code == 200
    assert payer.call("DELETE", f"/v1/keys/{made['id']}").status_code == 200
    assert key.ask().status_code == 401


def test_a_rotated_key_lives_until_its_successor_is_used(gateway: Gateway) -> None:
    payer = customer(gateway, 1_000)
    made = payer.call("POST", "/v1/keys", json={"name": "turning"}).json()
    old = Customer(gateway, payer.id, made["key"])
    turned = payer.call("POST", f"/v1/keys/{made['id']}/rotate").json()
    assert old.ask().status_code == 200
    assert Customer(gateway, payer.id, turned["key"]).ask().status_code == 200
    eventually(lambda: old.ask().status_code == 401, "the old key's end")


def test_models_outside_a_keys_list_are_refused(gateway: Gateway) -> None:
    payer = customer(gateway, 1_000)
    made = payer.call("POST", "/v1/keys", json={"name": "narrow", "allowed_models": ["openai/gpt-*"]}).json()
    narrow = Customer(gateway, payer.id, made["key"])
    refused = narrow.ask()
    assert (refused.status_code, refused.json()["error"]["reason"]) == (403, "model_not_allowed")
    assert narrow.ask(model="openai/gpt-4.1-mini").status_code == 200


def test_own_keys_cost_the_wallet_nothing(start: Callable[..., Gateway], upstream, binary: Path) -> None:
    from conftest import with_upstream

    gateway = start(environment=with_upstream(upstream.port))
    payer = customer(gateway)
    assert payer.ask().status_code == 402
    own = payer.ask(headers={"x-byok-openai": "sk-their-own"})
    assert own.status_code == 200, own.text
    assert own.headers["x-cost-cents"] == "0"
    assert payer.balance_cents() == 0
    attached = payer.call("POST", "/v1/vendor-keys", json={"provider": "openai", "key": "sk-attached-secret"})
    assert attached.status_code == 201 and "sk-attached-secret" not in attached.text, attached.text
    assert payer.ask().status_code == 200
    for path in [gateway.database, gateway.log_path, Path(f"{gateway.database}-wal")]:
        assert b"sk-attached-secret" not in path.read_bytes(), path
        assert b"sk-their-own" not in path.read_bytes(), path
    verify(binary, gateway)


def test_explain_says_what_would_be_and_spends_nothing(gateway: Gateway) -> None:
    payer = customer(gateway, 500)
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 100}
    explained = payer.call("POST", "/v1/explain", json=body)
    assert explained.status_code == 200, explained.text
    told = explained.json()
    assert told["admitted"] is True and told["route"]["vendor_key"] == "gateway"
    assert told["tokens"]["output_at_most"] == 100
    broke = customer(gateway)
    told = broke.call("POST", "/v1/explain", json=body).json()
    assert told["admitted"] is False and told["refusal"]["reason"] == "insufficient_credits"
    assert payer.balance_cents() == 475


def test_the_master_key_changes_while_calls_go_on(start: Callable[..., Gateway], upstream, binary: Path) -> None:
    from conftest import with_upstream

    gateway = start(environment=with_upstream(upstream.port))
    payer = customer(gateway)
    assert payer.call("POST", "/v1/vendor-keys", json={"provider": "openai", "key": "sk-sealed"}).status_code == 201
    keys = []
    for _ in range(3):
        keys.append((gateway.data / "master.key").read_bytes())
        done = subprocess.run(
            [binary, "vault", "rotate", "--data", gateway.data], capture_output=True, text=True, timeout=20,
            env=clean_environment({}),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        deadline = time.monotonic() + 20
        while (gateway.data / "master.key.previous").exists():
            assert payer.ask().status_code == 200
            assert time.monotonic() < deadline, gateway.log_tail()
        assert payer.ask().status_code == 200
    assert len(set(keys)) == 3
    # Under the last key alone it still opens.
    assert gateway.stop() == 0
    gateway.start()
    assert payer.ask().status_code == 200
