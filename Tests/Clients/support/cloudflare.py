"""Cloudflare's surface as one account sees it, over the wire."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import cloudflare
import httpx

from gateway_process import Gateway
from support.money import cost_cents, customer

# What a client of the other service was set up with: 32 hexadecimal digits that are no account here.
FOREIGN_ACCOUNT = "0123456789abcdef0123456789abcdef"
MODEL = "openai/o4-mini"
WAIT_SECONDS = 10.0
_numbers = itertools.count(1)
T = TypeVar("T")


def messages(text: str = "Hello", **more: Any) -> dict[str, Any]:
    """An input of a chat model."""
    return {"messages": [{"role": "user", "content": text}], **more}


def chat(text: str = "Hello", model: str = MODEL, **more: Any) -> dict[str, Any]:
    """A body of OpenAI's wire."""
    return {"model": model, **messages(text, **more)}


def step(provider: str, body: dict[str, Any], endpoint: str = "chat/completions", **more: Any) -> dict[str, Any]:
    """One step of a universal request."""
    return {"provider": provider, "endpoint": endpoint, "headers": {}, "query": body, **more}


def new_name(kind: str) -> str:
    return f"{kind}-{next(_numbers)}"


def eventually(look: Callable[[], T | None], what: str) -> T:
    """What `look` gives once it gives something."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        if found := look():
            return found
        assert time.monotonic() < deadline, f"{what}: not after {WAIT_SECONDS} s"
        time.sleep(0.01)


class Tenant:
    """An account with money and a key of its own, so that no test sees what another does."""

    def __init__(self, gateway: Gateway, paid_cents: int = 10_000) -> None:
        self.gateway = gateway
        self.customer = customer(gateway, paid_cents)
        self.id, self.key = self.customer.id, self.customer.key
        # What the vendor's client sent.
        self.asked: list[httpx.Request] = []
        self.http = httpx.Client(
            base_url=gateway.base_url, headers={"Authorization": f"Bearer {self.key}"}, timeout=30, trust_env=False,
            verify=False,
        )  # fmt: skip

    def close(self) -> None:
        self.http.close()

    def sdk(self, strict: bool = True, **options: Any) -> cloudflare.Cloudflare:
        """The vendor's own client; a strict one refuses answers that are not what its types say."""
        http = httpx.Client(timeout=30, trust_env=False, verify=False, event_hooks={"request": [self.asked.append]})
        return cloudflare.Cloudflare(
            api_token=self.key, base_url=f"{self.gateway.base_url}/client/v4", max_retries=0, http_client=http,
            _strict_response_validation=strict, **options,
        )  # fmt: skip

    def balance_cents(self) -> Decimal:
        return self.customer.balance_cents()

    # The four surfaces.

    def rest(self, method: str, path: str, **options: Any) -> httpx.Response:
        """S1: `/client/v4/accounts/{account}/…`"""
        return self.http.request(method, f"/client/v4/accounts/{self.id}{path}", **options)

    def run(self, model: str, given: dict[str, Any], gateway: str | None = None, **options: Any) -> httpx.Response:
        headers = {"cf-aig-gateway-id": gateway} if gateway else {}
        return self.rest("POST", f"/ai/run/{model}", json=given, headers=headers | options.pop("headers", {}), **options)

    def host(self, gateway: str, path: str, body: Any = None, method: str = "POST", **options: Any) -> httpx.Response:
        """S2: `/gateway/v1/{account}/{gateway}/…`, let in as its clients are: with a key for the gateway alone."""
        headers = {"Authorization": "", "cf-aig-authorization": f"Bearer {self.key}"} | options.pop("headers", {})
        address = f"/gateway/v1/{self.id}/{gateway}{path}"
        request = self.http.build_request(method, address, json=body, headers=headers, **options)
        # An empty one stands for none.
        for name in [name for name, value in headers.items() if not value]:
            del request.headers[name]
        return self.http.send(request)

    def steps(self, gateway: str, *steps: dict[str, Any], **options: Any) -> httpx.Response:
        return self.host(gateway, "", list(steps), **options)

    def binding(
        self, model: str, inputs: dict[str, Any], gateway: dict[str, Any] | None = None, *,
        headers: dict[str, str] | None = None, **options: Any,
    ) -> httpx.Response:  # fmt: skip
        """S3: what `env.AI.run` sends."""
        path = "/binding/ai-gateway/run" if gateway is not None else "/binding/run"
        if gateway is not None:
            options["gateway"] = gateway
        fields = {"content-type": "application/json", "cf-consn-sdk-version": "2.0.0", "cf-consn-model-id": model}
        body = json.dumps({"inputs": inputs, "options": options})
        return self.http.post(f"{path}?version=3", content=body, headers=fields | (headers or {}))

    # Gateways and what they wrote down.

    def make(self, name: str = "gateway", **fields: Any) -> str:
        """A new gateway that does nothing special but what is said."""
        document = {
            "id": new_name(name), "cache_invalidate_on_update": False, "cache_ttl": 0, "collect_logs": True,
            "rate_limiting_interval": 0, "rate_limiting_limit": 0, **fields,
        }  # fmt: skip
        made = self.rest("POST", "/ai-gateway/gateways", json=document)
        assert made.status_code == 200, made.text
        return made.json()["result"]["id"]

    def change(self, gateway: str, **fields: Any) -> dict[str, Any]:
        changed = self.rest("PUT", f"/ai-gateway/gateways/{gateway}", json=fields)
        assert changed.status_code == 200, changed.text
        return changed.json()["result"]

    def logs(self, gateway: str, **query: Any) -> list[dict[str, Any]]:
        """The newest first."""
        found = self.rest("GET", f"/ai-gateway/gateways/{gateway}/logs", params={"per_page": 100} | query)
        assert found.status_code == 200, found.text
        return found.json()["result"]

    def awaited_logs(self, gateway: str, count: int, **query: Any) -> list[dict[str, Any]]:
        """Exactly so many, the oldest first."""

        def look() -> list[dict[str, Any]] | None:
            rows = self.logs(gateway, order_by="created_at", order_by_direction="asc", **query)
            return rows if len(rows) >= count else None

        rows = eventually(look, f"{count} logs of {gateway}")
        assert len(rows) == count, rows
        # Several may be of the same millisecond.
        return sorted(rows, key=lambda row: (row["created_at"], row["step"] or 0))

    def log(self, gateway: str, response: httpx.Response) -> dict[str, Any]:
        """The log entry that an answer names."""
        name = response.headers["cf-aig-log-id"]

        def look() -> dict[str, Any] | None:
            found = self.rest("GET", f"/ai-gateway/gateways/{gateway}/logs/{name}")
            return found.json()["result"] if found.status_code == 200 else None

        return eventually(look, f"log {name}")


def text_of(answer: dict[str, Any]) -> str:
    """The words of a chat answer."""
    return answer["choices"][0]["message"]["content"]


def result(response: httpx.Response) -> Any:
    """What stands in the envelope of a success."""
    assert response.status_code == 200, response.text
    document = response.json()
    assert document["success"] is True and document["errors"] == [] and document["messages"] == [], document
    return document["result"]


def refusal(response: httpx.Response, status: int, code: int) -> dict[str, Any]:
    """Checks an error in the envelope; returns what it says."""
    assert response.status_code == status, (response.status_code, response.text)
    document = response.json()
    assert document["success"] is False and document["result"] is None and document["messages"] == [], document
    [error] = document["errors"]
    assert error["code"] == code and isinstance(error["message"], str) and error["message"], document
    return error


def gateway_refusal(response: httpx.Response, status: int, code: int, name: str = "AiGatewayError") -> dict[str, Any]:
    """Checks an error as the gateway host and the binding tell it; returns all of it."""
    assert response.status_code == status, (response.status_code, response.text)
    document = response.json()
    assert document["success"] is False and document["result"] == [] and document["messages"] == [], document
    assert document["error"] == document["errors"] == [{"code": code, "message": document["message"]}], document
    assert (document["internalCode"], document["httpCode"], document["name"]) == (code, status, name), document
    assert document["description"] and document["message"] and document["requestId"], document
    return document


def events(response: httpx.Response) -> list[str]:
    """The data of each event of an event stream, which must be separated as clients split it."""
    assert response.headers["content-type"].startswith("text/event-stream"), response.text
    text = response.text
    assert "\r" not in text and text.endswith("\n\n"), text[-200:]
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return ["\n".join(line.removeprefix("data: ") for line in block.split("\n")) for block in blocks]


def chunks(response: httpx.Response) -> list[dict[str, Any]]:
    """The chunks of a chat stream that came to its end."""
    *data, end = events(response)
    assert end == "[DONE]", end
    return [json.loads(one) for one in data]


def streamed_text(response: httpx.Response) -> str:
    parts = [choice["delta"].get("content") or "" for one in chunks(response) for choice in one["choices"]]
    return "".join(parts)


def cost_dollars(usage: dict[str, Any]) -> Decimal:
    """What a call of o4-mini costs."""
    return cost_cents(usage) / 100
