"""Accounts with wallets, over the gateway's own routes, and the arithmetic tests expect of it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx

from gateway_process import Gateway

MODEL = "openai/o4-mini"
# Dollars for a million tokens, as the seed prints them.
INPUT, OUTPUT = Decimal("1.10"), Decimal("4.40")
_numbers = itertools.count(1)
# For all calls: each client reads all certificates of the system, which plain HTTP on loopback has no use for.
_http = httpx.Client(verify=False, trust_env=False, timeout=60)


@dataclass(frozen=True)
class Customer:
    """An account that pays, and a key of it."""

    gateway: Gateway
    id: str
    key: str

    def ask(self, text: str = "Hello", *, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        body = {"model": MODEL, "messages": [{"role": "user", "content": text}], **fields}
        return self.call("POST", "/v1/chat/completions", json=body, headers=headers or {})

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.call("GET", path, params=query)

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return _http.request(method, f"{self.gateway.base_url}{path}", headers=headers, **options)

    def balance_cents(self) -> Decimal:
        answer = self.get("/v1/balance")
        assert answer.status_code == 200, answer.text
        return Decimal(str(answer.json()["balance_cents"]))


def root(gateway: Gateway) -> Customer:
    return Customer(gateway, "acc_root", gateway.key)


def customer(gateway: Gateway, paid_cents: int = 0, **fields: Any) -> Customer:
    """A new account, with what was paid less the fee in its wallet."""
    owner = root(gateway)
    made = owner.call("POST", "/v1/accounts", json={"name": f"customer {next(_numbers)}", "plan": "payg", **fields})
    assert made.status_code == 201, made.text
    account = made.json()
    if paid_cents:
        top_up(gateway, account["id"], paid_cents)
    return Customer(gateway, account["id"], account["key"])


def top_up(gateway: Gateway, account: str, paid_cents: int, reference: str | None = None) -> httpx.Response:
    answer = root(gateway).call(
        "POST",
        f"/v1/accounts/{account}/top-ups",
        json={"paid_cents": paid_cents, "reference": reference or f"test-{next(_numbers)}"},
    )
    assert answer.status_code in (200, 201), answer.text
    return answer


def cost_cents(usage: dict[str, Any]) -> Decimal:
    """What a call of o4-mini costs, in cents."""
    return (usage["prompt_tokens"] * INPUT + usage["completion_tokens"] * OUTPUT) / 10_000
