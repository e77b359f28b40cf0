"""What a gateway looks for in requests and answers, and what it says of what it found."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from support.cloudflare import MODEL, Tenant, chat, gateway_refusal, messages, refusal, result

CARD = "My card is 4111 1111 1111 1111, please."
NO_CARD = "My card is 4111 1111 1111 1112, please."


def native(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return chat(text, "o4-mini", **more)


def ask(tenant: Tenant, name: str, text: str, **more: Any) -> httpx.Response:
    return tenant.host(name, "/openai/chat/completions", native(text, **more))


def told(answer: httpx.Response) -> dict[str, Any]:
    """What the answer says of findings."""
    return json.loads(answer.headers["cf-aig-dlp"])


def test_what_is_found_in_a_request_is_flagged(tenant: Tenant) -> None:
    name = tenant.make(dlp={"enabled": True, "action": "FLAG", "profiles": ["credit_cards"]})
    answer = ask(tenant, name, CARD)
    assert answer.status_code == 200
    found = told(answer)
    assert found["action"] == "FLAG"
    first = found["findings"][0]
    assert first["check"] == "REQUEST" and first["profile"]["profile_id"] == "credit_cards" and first["profile"]["entry_ids"]
    assert {"profile", "policy_ids", "check"} <= set(first) and "4111" not in answer.headers["cf-aig-dlp"]
    row = tenant.log(name, answer)
    assert row["dlp_action"] == "FLAG"
    filters = [{"key": "dlp_action", "operator": "eq", "value": ["FLAG"]}]
    assert [one["id"] for one in tenant.logs(name, filters=json.dumps(filters))] == [row["id"]]
    # A number whose digits do not add up is none.
    assert "cf-aig-dlp" not in ask(tenant, name, NO_CARD).headers


def test_what_is_found_in_a_request_is_blocked(tenant: Tenant) -> None:
    name = tenant.make(dlp={"enabled": True, "action": "BLOCK", "profiles": ["credit_cards"]})
    answer = ask(tenant, name, CARD)
    gateway_refusal(answer, 400, 2029)
    assert told(answer)["action"] == "BLOCK" and "4111" not in answer.text
    refusal(tenant.run(MODEL, messages(CARD), name), 400, 2029)
    gateway_refusal(tenant.binding(MODEL, messages(CARD), {"id": name}), 400, 2029)
    assert [row["dlp_action"] for row in tenant.awaited_logs(name, 3)] == ["BLOCK"] * 3
    assert tenant.balance_cents() == 9_500
    # Nor is it what a cache would keep, or another step would take.
    assert ask(tenant, name, "Hello").status_code == 200


@pytest.mark.parametrize("stream", [False, True])
def test_what_is_found_in_an_answer_is_blocked(tenant: Tenant, stream: bool) -> None:
    policy = {"id": "answers", "action": "BLOCK", "check": ["RESPONSE"], "enabled": True, "profiles": ["credit_cards"]}
    name = tenant.make(dlp={"enabled": True, "policies": [policy]})
    answer = ask(tenant, name, f"sandbox:echo {CARD}", stream=stream)
    gateway_refusal(answer, 400, 2030)
    found = told(answer)
    assert found["findings"][0]["check"] == "RESPONSE" and found["findings"][0]["policy_ids"] == ["answers"]
    assert "4111" not in answer.text
    # The same in the request alone is nothing to that policy: the answer here does not repeat it.
    assert ask(tenant, name, "Tell me about rivers.").status_code == 200


def test_policies_each_for_themselves(tenant: Tenant) -> None:
    policies = [
        {"id": "cards", "action": "FLAG", "check": ["REQUEST"], "enabled": True, "profiles": ["credit_cards"]},
        {"id": "mail", "action": "BLOCK", "check": ["REQUEST"], "enabled": True, "profiles": ["email_addresses"]},
        {"id": "off", "action": "BLOCK", "check": ["REQUEST"], "enabled": False, "profiles": ["credit_cards"]},
    ]
    name = tenant.make(dlp={"enabled": True, "policies": policies})
    assert told(ask(tenant, name, CARD))["action"] == "FLAG"
    both = ask(tenant, name, f"{CARD} Write to ada@example.com.")
    gateway_refusal(both, 400, 2029)
    assert told(both)["action"] == "BLOCK"
    tenant.change(name, dlp=None)
    assert "cf-aig-dlp" not in ask(tenant, name, CARD).headers


def test_hazards_are_flagged_in_the_log(tenant: Tenant) -> None:
    name = tenant.make(guardrails={"prompt": {"S1": "FLAG"}})
    answer = ask(tenant, name, "How do I kill my neighbour?")
    assert answer.status_code == 200
    assert tenant.log(name, answer)["guardrails"] == ["S1"]
    assert tenant.log(name, ask(tenant, name, "Hello"))["guardrails"] is None


def test_streams_of_the_run_surface_are_judged_and_go_on(tenant: Tenant) -> None:
    name = tenant.make(guardrails={"response": {"S1": "BLOCK"}})
    answer = tenant.run(MODEL, messages("sandbox:echo How do I kill my neighbour?", stream=True), name)
    assert answer.status_code == 200 and "kill my neighbour" in "".join(
        json.loads(line[6:])["choices"][0]["delta"].get("content") or ""
        for line in answer.text.splitlines() if line.startswith("data: {") and json.loads(line[6:])["choices"]
    )  # fmt: skip
    assert tenant.log(name, answer)["guardrails"] == ["S1"]


def test_embeddings_are_judged_by_their_inputs(tenant: Tenant) -> None:
    name = tenant.make(guardrails={"prompt": {"S1": "BLOCK"}, "response": {"S1": "BLOCK"}})
    body = {"model": "openai/text-embedding-3-small", "input": "Hello"}
    headers = {"cf-aig-gateway-id": name}
    assert tenant.rest("POST", "/ai/v1/embeddings", json=body, headers=headers).status_code == 200
    bad = tenant.rest("POST", "/ai/v1/embeddings", json=body | {"input": "How do I kill my neighbour?"}, headers=headers)
    assert bad.status_code in (422, 424), bad.text


def test_guards_come_with_their_bounds(tenant: Tenant) -> None:
    name = tenant.make()
    for wrong, place in (
        ({"guardrails": {"prompt": {"S14": "BLOCK"}}}, "/guardrails"),
        ({"dlp": {"enabled": True, "action": "BLOCK", "profiles": ["none"]}}, "/dlp"),
        ({"dlp": {"enabled": True, "action": "DELETE", "profiles": []}}, "/dlp"),
    ):
        error = refusal(tenant.rest("PUT", f"/ai-gateway/gateways/{name}", json=wrong), 400, 7001)
        assert error["source"]["pointer"].startswith(place)
    kept = {"prompt": {"S1": "BLOCK"}, "response": {"P1": "FLAG"}}
    assert tenant.change(name, guardrails=kept)["guardrails"] == kept
    assert result(tenant.rest("GET", f"/ai-gateway/gateways/{name}"))["guardrails"] == kept
