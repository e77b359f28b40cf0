"""The gateway host: vendors' own wires, steps, the wire that all share, and who is let in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import openai
import pytest

from gateway_process import Gateway
from support.cloudflare import (
    FOREIGN_ACCOUNT,
    MODEL,
    Tenant,
    chat,
    chunks,
    gateway_refusal,
    messages,
    new_name,
    refusal,
    result,
    step,
    streamed_text,
    text_of,
)
from support.raw import new_id
from support.upstream import FaultyUpstream

def native(text: str = "Hello", **more: Any) -> dict[str, Any]:
    """A body as OpenAI itself takes it."""
    return chat(text, "o4-mini", **more)


def fields_of(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}


# A vendor's own wire.


@pytest.mark.parametrize("path", ["openai/chat/completions", "openai/v1/chat/completions"])
def test_openais_wire_with_and_without_its_version(actor: Tenant, upstream: FaultyUpstream, path: str) -> None:
    mark = new_id()
    answer = actor.host("default", f"/{path}?a=1&b=%2F", native(f"mark:{mark}"))
    assert answer.status_code == 200, answer.text
    # The vendor's own words, its name of the model too.
    assert answer.json()["model"] == "o4-mini-2025-04-16" and "gatewayMetadata" not in answer.json()
    seen = upstream.arrival(mark)
    assert seen.head.split(b"\r\n")[0] == b"POST /v1/chat/completions?a=1&b=%2F HTTP/1.1"
    assert json.loads(seen.body) == native(f"mark:{mark}")
    row = actor.log("default", answer)
    assert (row["provider"], row["model"], row["success"], row["step"]) == ("openai", MODEL, True, None)
    assert row["cost"] > 0 and row["tokens_in"] == 9 and row["tokens_out"] == 3


def test_bytes_go_and_come_as_they_are(actor: Tenant, upstream: FaultyUpstream) -> None:
    mark = new_id()
    body = ('{ "model":"o4-mini",\n "messages":[{"role":"user","content":"mark:%s \\u00fc"}], "x":1.50e1 }' % mark).encode()
    headers = {"cf-aig-authorization": f"Bearer {actor.key}", "content-type": "application/json"}
    answer = actor.http.post(f"/gateway/v1/{actor.id}/default/openai/chat/completions", content=body, headers=headers)
    assert answer.status_code == 200
    assert upstream.arrival(mark).body == body


def test_a_stream_in_the_vendors_own_wire(actor: Tenant) -> None:
    answer = actor.host("default", "/openai/chat/completions", native("fault:stream", stream=True))
    assert answer.status_code == 200 and streamed_text(answer) == "one two"
    row = actor.log("default", answer)
    assert row["success"] and (row["tokens_in"], row["tokens_out"]) == (9, 3)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_other_methods_pass_too(tenant: Tenant, method: str) -> None:
    answer = tenant.host("default", "/openai/v1/models", method=method)
    expected = 200 if method == "GET" else 405
    assert answer.status_code in (expected, 404), answer.text
    if method == "GET":
        assert answer.json()["object"] == "list"


def test_what_vendors_are_told(actor: Tenant, upstream: FaultyUpstream) -> None:
    mark = new_id()
    sent = {
        "Authorization": "Bearer sk-their-own-0123456789", "OpenAI-Beta": "assistants=v2", "X-Custom": "kept",
        "Accept": "application/json", "User-Agent": "my-app/1",
        "cf-aig-metadata": '{"a":1}', "cf-aig-event-id": "e", "cf-connecting-ip": "1.2.3.4", "cf-ray": "abc",
        "X-Forwarded-For": "1.2.3.4", "TE": "trailers", "Connection": "keep-alive, X-Hop", "X-Hop": "gone",
        "Proxy-Authorization": "Basic abc", "Cookie": "session=1", "x-byok-openai": "sk-other",
    }  # fmt: skip
    answer = actor.host("default", "/openai/chat/completions", native(f"mark:{mark}"), headers=sent)
    assert answer.status_code == 200, answer.text
    seen = fields_of(upstream.arrival(mark).head)
    assert seen["authorization"] == "Bearer sk-their-own-0123456789"
    assert seen["openai-beta"] == "assistants=v2" and seen["x-custom"] == "kept" and seen["user-agent"] == "my-app/1"
    assert seen["host"] == f"127.0.0.1:{upstream.port}"
    assert not [name for name in seen if name.startswith(("cf-", "x-aig-", "x-byok-", "x-forwarded-"))], seen
    assert not {"te", "x-hop", "proxy-authorization", "cookie", "transfer-encoding"} & set(seen)
    # What is paid with a key of one's own costs nothing here.
    row = actor.log("default", answer)
    assert (row["byok"], row["wholesale"]) == (True, False)
    assert actor.balance_cents() == 9_500


def test_keys_of_this_gateway_reach_no_vendor(actor: Tenant, upstream: FaultyUpstream) -> None:
    ways: list[dict[str, str]] = [
        {"Authorization": f"Bearer {actor.key}", "cf-aig-authorization": ""},
        {"cf-aig-authorization": f"Bearer {actor.key}"},
        {"cf-aig-authorization": actor.key},
        {"x-api-key": actor.key, "cf-aig-authorization": f"Bearer {actor.key}"},
    ]
    for headers in ways:
        mark = new_id()
        answer = actor.host("default", "/openai/chat/completions", native(f"mark:{mark}"), headers=headers)
        assert answer.status_code == 200, (headers, answer.text)
        head = upstream.arrival(mark).head
        assert actor.key.encode() not in head and b"Bearer sk-vendor-secret" in head, headers


@pytest.mark.parametrize(
    ("fault", "status", "message"),
    [
        ("status-400", 400, "temperature must be at most 2"),
        ("status-422", 422, "unknown tool name"),
        ("status-409", 409, "somebody else is at it"),
        ("status-429-bare", 429, "slow down"),
        ("status-500", 500, "the vendor fell over"),
        ("status-503", 503, "the vendor is full"),
    ],
)
def test_a_vendors_refusal_passes_as_it_is(actor: Tenant, fault: str, status: int, message: str) -> None:
    before = actor.balance_cents()
    answer = actor.host("default", "/openai/chat/completions", native(f"fault:{fault}"))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["error"]["message"] == message and "success" not in answer.json()
    row = actor.log("default", answer)
    assert (row["status_code"], row["success"], row["tokens_out"]) == (status, False, 0)
    assert actor.balance_cents() == before


@pytest.mark.parametrize("fault", ["reset", "nothing", "not-http"])
def test_a_vendor_that_does_not_answer(actor: Tenant, fault: str) -> None:
    answer = actor.host("default", "/openai/chat/completions", native(f"fault:{fault}"))
    assert answer.status_code >= 500
    assert answer.json()["error"][0]["code"] == 2005 and answer.json()["name"] == "AiGatewayError"


def test_paths_lead_nowhere_else(actor: Tenant, upstream: FaultyUpstream) -> None:
    for path in ("/openai/../files", "/openai/%2e%2e/files", "/openai/v1/..%2ffiles", "/openai/v1\\files"):
        answer = actor.http.request(
            "GET", f"/gateway/v1/{actor.id}/default{path}", headers={"cf-aig-authorization": f"Bearer {actor.key}"}
        )
        assert answer.status_code in (400, 404), (path, answer.text)


@pytest.mark.parametrize("name", ["no-such-vendor", "custom-none", "Custom-x", "%F0%9F%9A%80"])
def test_a_vendor_that_nobody_knows(tenant: Tenant, name: str) -> None:
    gateway_refusal(tenant.host("default", f"/{name}/chat/completions", native()), 400, 2005)


# The wire that all share.


def test_the_openai_client_at_the_shared_wire(tenant: Tenant) -> None:
    base = f"{tenant.gateway.base_url}/gateway/v1/{tenant.id}/default/compat"
    with openai.OpenAI(base_url=base, api_key=tenant.key, max_retries=0, timeout=20) as client:
        for model in (MODEL, "anthropic/claude-sonnet-4.6", "grok/grok-4.3", "google-ai-studio/gemini-2.5-flash"):
            answer = client.chat.completions.create(model=model, messages=messages("Hi")["messages"])
            assert answer.object == "chat.completion" and answer.choices[0].message.content, model
        parts = list(client.chat.completions.create(model=MODEL, messages=messages("Hi")["messages"], stream=True))
        assert parts[-1].choices[0].finish_reason == "stop"
        with pytest.raises(openai.APIStatusError):
            client.chat.completions.create(model="openai/none", messages=messages("Hi")["messages"])
    rows = tenant.awaited_logs("default", 6)
    assert [row["model"] for row in rows][:3] == [MODEL, "anthropic/claude-sonnet-4.6", "xai/grok-4.3"]
    assert all(row["compatibilityMode"] for row in rows)


def test_the_shared_wire_is_for_posts(tenant: Tenant) -> None:
    answer = tenant.host("default", "/compat/chat/completions", method="GET")
    gateway_refusal(answer, 405, 7001)
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "status", "code", "name"),
    [
        ({"messages": []}, 400, 7000, "AiGatewayError"),
        (chat(model="nobody/none"), 404, 7003, "AiError"),
        (chat(temperature=3), 400, 7003, "AiError"),
        ([1], 400, 7000, "AiGatewayError"),
    ],
    ids=str,
)
def test_errors_of_the_shared_wire(tenant: Tenant, body: Any, status: int, code: int, name: str) -> None:
    answer = tenant.host("default", "/compat/chat/completions", body)
    assert answer.status_code == status and answer.json()["error"][0]["code"] == code, answer.text
    assert answer.json()["errors"] == answer.json()["error"] and answer.json()["internalCode"] == code


# Who is let in.


def test_a_gateway_asks_for_a_key(tenant: Tenant) -> None:
    name = tenant.make(authentication=True)
    for headers in ({"cf-aig-authorization": ""}, {"cf-aig-authorization": "Bearer sk-aig-wrong"},
                    {"cf-aig-authorization": "Bearer x", "Authorization": "Bearer sk-vendor"}):  # fmt: skip
        answer = tenant.host(name, "/openai/chat/completions", native(), headers=headers)
        told = gateway_refusal(answer, 401, 2009)
        assert told["message"] and "sk-aig-wrong" not in answer.text
    assert tenant.host(name, "/openai/chat/completions", native()).status_code == 200


def test_a_key_of_another_account_opens_nothing(tenant: Tenant) -> None:
    name = tenant.make(authentication=True)
    other = Tenant(tenant.gateway)
    answer = tenant.host(name, "/openai/chat/completions", native(), headers={"cf-aig-authorization": f"Bearer {other.key}"})
    assert answer.status_code in (400, 401, 403), answer.text
    assert other.balance_cents() == tenant.balance_cents() == 9_500
    other.close()


def test_an_open_gateway_takes_calls_that_bring_their_own_vendor_key(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make(authentication=False)
    mark = new_id()
    own = {"cf-aig-authorization": "", "Authorization": "Bearer sk-their-own-0123456789"}
    answer = actor.host(name, "/openai/chat/completions", native(f"mark:{mark}"), headers=own)
    assert answer.status_code == 200, answer.text
    assert b"sk-their-own-0123456789" in upstream.arrival(mark).head
    [row] = actor.awaited_logs(name, 1)
    assert (row["authentication"], row["byok"]) == (False, True)
    # Nobody spends an account's money who has no key of it.
    gateway_refusal(actor.host(name, "/openai/chat/completions", native(), headers={"cf-aig-authorization": ""}), 401, 2009)
    assert actor.balance_cents() == 9_500


def test_stored_keys_are_for_those_with_a_key_of_the_gateway(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make(authentication=False)
    kept = {"provider_slug": "openai", "alias": "default", "default_config": True, "secret": "sk-stored-0123456789"}
    result(actor.rest("POST", f"/ai-gateway/gateways/{name}/provider_configs", json=kept))
    gateway_refusal(actor.host(name, "/openai/chat/completions", native(), headers={"cf-aig-authorization": ""}), 401, 2009)
    mark = new_id()
    assert actor.host(name, "/openai/chat/completions", native(f"mark:{mark}")).status_code == 200
    assert b"Bearer sk-stored-0123456789" in upstream.arrival(mark).head
    assert actor.balance_cents() == 9_500


def test_default_is_made_when_it_is_first_needed_by_somebody_known(tenant: Tenant) -> None:
    listed = tenant.rest("GET", "/ai-gateway/gateways").json()["result"]
    assert listed == []
    stranger = tenant.host("default", "/openai/chat/completions", native(), headers={"cf-aig-authorization": ""})
    assert stranger.status_code in (400, 401), stranger.text
    assert tenant.rest("GET", "/ai-gateway/gateways").json()["result"] == []
    assert tenant.host("default", "/openai/chat/completions", native()).status_code == 200
    [made] = tenant.rest("GET", "/ai-gateway/gateways").json()["result"]
    assert (made["id"], made["is_default"], made["authentication"], made["collect_logs"]) == ("default", True, True, True)
    assert (made["cache_ttl"], made["rate_limiting_limit"]) == (0, 0)
    # Deleted, it comes again.
    assert tenant.rest("DELETE", "/ai-gateway/gateways/default").status_code == 200
    assert tenant.host("default", "/openai/chat/completions", native()).status_code == 200
    assert len(tenant.awaited_logs("default", 1)) == 1


@pytest.mark.parametrize("path", ["", "/openai/chat/completions", "/compat/chat/completions", "/run"])
def test_any_other_gateway_must_be_there(tenant: Tenant, path: str) -> None:
    body: Any = [step("openai", native())] if path == "" else {"model": MODEL, "input": messages()} if path == "/run" else native()
    gateway_refusal(tenant.host("no-such-gateway", path, body), 400, 2001)


def test_a_foreign_account_means_the_callers_own(tenant: Tenant) -> None:
    answer = tenant.http.post(
        f"/gateway/v1/{FOREIGN_ACCOUNT}/default/openai/chat/completions", json=native(),
        headers={"cf-aig-authorization": f"Bearer {tenant.key}"},
    )  # fmt: skip
    assert answer.status_code == 200 and tenant.log("default", answer)["success"]


def test_a_host_of_its_own(start: Callable[..., Gateway]) -> None:
    gateway = start(sandbox="on", config="gateways:\n  host: gateway.ai.example.com\n")
    tenant = Tenant(gateway)
    headers = {"Host": "gateway.ai.example.com", "cf-aig-authorization": f"Bearer {tenant.key}"}
    answer = tenant.http.post(f"/v1/{tenant.id}/default/openai/chat/completions", json=native(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert tenant.log("default", answer)["model"] == MODEL
    # Under any other name the same path is something else.
    assert tenant.http.post(f"/v1/{tenant.id}/default/openai/chat/completions", json=native()).status_code == 404
    tenant.close()


def test_addresses_are_told_with_the_public_one(start: Callable[..., Gateway]) -> None:
    gateway = start(sandbox="on", config="server:\n  public_url: https://ai.example.com\n")
    tenant = Tenant(gateway)
    name = tenant.make()
    base = f"https://ai.example.com/gateway/v1/{tenant.id}/{name}/"
    for provider, url in (("universal", base), ("openai", f"{base}openai"), ("compat", f"{base}compat")):
        assert result(tenant.rest("GET", f"/ai-gateway/gateways/{name}/url/{provider}")) == url
        told = tenant.http.get(f"/binding/ai-gateway/gateways/{name}/url/{provider}")
        assert result(told) == {"url": url}
    refusal(tenant.rest("GET", "/ai-gateway/gateways/none/url/openai"), 404, 7002)
    tenant.close()


# Steps.


@pytest.mark.parametrize("slash", ["", "/"])
def test_steps_may_be_one(tenant: Tenant, slash: str) -> None:
    for body in ([step("openai", native())], step("openai", native())):
        answer = tenant.host("default", slash, body)
        assert answer.status_code == 200 and answer.headers["cf-aig-step"] == "0", answer.text
        assert answer.json()["model"] == "o4-mini"


def test_older_clients_send_the_key_beside_the_step(actor: Tenant, upstream: FaultyUpstream) -> None:
    mark = new_id()
    one = {"provider": "openai", "endpoint": "chat/completions", "authorization": "Bearer sk-older-0123456789",
           "query": native(f"mark:{mark}")}  # fmt: skip
    assert actor.host("default", "", [one]).status_code == 200
    assert b"Authorization: Bearer sk-older-0123456789" in upstream.arrival(mark).head


def test_the_path_of_a_step_may_have_a_query(actor: Tenant, upstream: FaultyUpstream) -> None:
    mark = new_id()
    answer = actor.steps("default", step("openai", native(f"mark:{mark}"), "v1/chat/completions?tier=flex"))
    assert answer.status_code == 200
    assert b"POST /v1/chat/completions?tier=flex HTTP/1.1" in upstream.arrival(mark).head


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], 7001), ("steps", 7000), ([1], 7000), ([{}], 7001), ([{"provider": "openai"}], 7001),
        ([step("openai", native(), headers=[1])], 7001), ([step("openai", native(), headers={"a b": "c"})], 7001),
        ([step("openai", native(), headers={"a": "b\r\nc: d"})], 7001),
        ([step("openai", native(), config=1)], 7001), ([step("openai", native(), config={"maxAttempts": 6})], 7001),
        ([step("openai", native(), config={"requestTimeout": "1s"})], 7001),
        ([step("openai", native(), endpoint=7)], 7001), ([step("openai", native())] * 17, 7001),
        ([step("openai", native(), headers={"cf-aig-cache-ttl": "7"})], 7001),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_steps_that_are_none(tenant: Tenant, body: Any, code: int) -> None:
    answer = tenant.host("default", "", body)
    # One who is asked for no vendor hears it with the number of an order that cannot be read.
    assert answer.status_code == 400 and answer.json()["error"][0]["code"] == code, answer.text


def test_a_step_may_take_the_shared_wire_or_a_hosted_model(tenant: Tenant) -> None:
    shared = tenant.steps("default", step("compat", chat()))
    assert shared.status_code == 200 and shared.json()["object"] == "chat.completion"
    for endpoint in ("@cf/openai/gpt-oss-20b", "run/@cf/openai/gpt-oss-20b"):
        hosted = tenant.steps("default", step("workers-ai", {"prompt": "Hello"}, endpoint))
        assert hosted.status_code == 200 and result(hosted)["response"], hosted.text
    wire = tenant.steps("default", step("workers-ai", chat("Hello", "@cf/openai/gpt-oss-20b"), "v1/chat/completions"))
    assert wire.status_code == 200 and wire.json()["object"] == "chat.completion"


@pytest.mark.parametrize("path", ["workers-ai/@cf/openai/gpt-oss-20b", "workers-ai/run/@cf/openai/gpt-oss-20b"])
def test_a_hosted_model_at_the_gateway_host(tenant: Tenant, path: str) -> None:
    answer = tenant.host("default", f"/{path}", {"prompt": "Hello"})
    assert answer.status_code == 200 and result(answer)["response"]
    row = tenant.log("default", answer)
    assert (row["provider"], row["model"]) == ("workers-ai", "@cf/openai/gpt-oss-20b")


# The run API's preview.


def test_the_preview_of_the_run_api(tenant: Tenant) -> None:
    answer = tenant.host("default", "/run", {"model": MODEL, "input": messages()})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert set(told) == {"state", "result", "provider", "model"}
    assert (told["state"], told["provider"], told["model"]) == ("Completed", "openai", MODEL)
    assert told["result"]["object"] == "chat.completion"
    streaming = tenant.host("default", "/run", {"model": MODEL, "input": messages(stream=True)})
    assert streaming.status_code == 400 and streaming.json()["error"][0]["code"] == 7001


def test_a_failure_in_the_preview(actor: Tenant) -> None:
    answer = actor.host("default", "/run", {"model": MODEL, "input": messages("fault:status-500")})
    assert answer.status_code >= 500
    told = answer.json()
    assert (told["state"], told["model"], told["error"]["code"]) == ("Failed", MODEL, "provider_unavailable")
    assert told["error"]["message"] and set(told) == {"state", "error", "model"}


# Providers of one's own.


def custom(tenant: Tenant, upstream: FaultyUpstream, **more: Any) -> dict[str, Any]:
    slug = new_name("mine")
    fields = {"name": slug, "slug": slug, "base_url": f"http://127.0.0.1:{upstream.port}/api/v2", "enable": True, **more}
    return result(tenant.rest("POST", "/ai-gateway/custom-providers", json=fields))


def test_a_provider_of_ones_own(actor: Tenant, upstream: FaultyUpstream) -> None:
    made = custom(actor, upstream, headers='{"X-Team":"red"}')
    mark = new_id()
    answer = actor.host(
        "default", f"/custom-{made['slug']}/talk/now?x=1", native(f"mark:{mark}"), headers={"Authorization": "Bearer sk-mine-0123456789"}
    )
    assert answer.status_code == 200, answer.text
    head = upstream.arrival(mark).head
    assert head.startswith(b"POST /api/v2/talk/now?x=1 HTTP/1.1")
    assert fields_of(head)["x-team"] == "red" and fields_of(head)["authorization"] == "Bearer sk-mine-0123456789"
    row = actor.log("default", answer)
    assert row["provider"] == f"custom-{made['slug']}" and actor.balance_cents() == 9_500

    mark = new_id()
    model = f"custom-{made['slug']}/any-model"
    shared = actor.host("default", "/compat/chat/completions", chat(f"mark:{mark}", model))
    assert shared.status_code == 200, shared.text
    seen = upstream.arrival(mark)
    assert seen.head.startswith(b"POST /api/v2/chat/completions HTTP/1.1") and json.loads(seen.body)["model"] == "any-model"

    assert actor.rest("PATCH", f"/ai-gateway/custom-providers/{made['id']}", json={"enable": False}).status_code == 200
    gateway_refusal(actor.host("default", f"/custom-{made['slug']}/talk", native()), 400, 2005)


def test_providers_belong_to_their_account(actor: Tenant, upstream: FaultyUpstream) -> None:
    made = custom(actor, upstream)
    other = Tenant(actor.gateway)
    gateway_refusal(other.host("default", f"/custom-{made['slug']}/talk", native()), 400, 2005)
    refusal(other.rest("GET", f"/ai-gateway/custom-providers/{made['id']}"), 404, 7002)
    other.close()


@pytest.mark.parametrize(
    "address",
    ["http://example.com", "https://127.0.0.1", "https://localhost", "https://10.1.2.3/v1", "https://[::1]/", "ftp://x.dev",
     "https://169.254.169.254/latest", "https://user:pw@example.com", "https://example.com/?q=1", "nonsense", ""],
)  # fmt: skip
def test_providers_are_not_inside_networks_of_the_operator(tenant: Tenant, address: str) -> None:
    fields = {"name": "x", "slug": new_name("x"), "base_url": address}
    error = refusal(tenant.rest("POST", "/ai-gateway/custom-providers", json=fields), 400, 7001)
    assert error["source"]["pointer"] == "/base_url"


# Stored keys.


def store(tenant: Tenant, gateway: str, alias: str, secret: str, **more: Any) -> dict[str, Any]:
    fields = {"provider_slug": "openai", "alias": alias, "default_config": False, "secret": secret, **more}
    return result(tenant.rest("POST", f"/ai-gateway/gateways/{gateway}/provider_configs", json=fields))


def test_which_of_the_stored_keys_is_taken(actor: Tenant, upstream: FaultyUpstream) -> None:
    name = actor.make()
    store(actor, name, "first", "sk-first-0123456789", default_config=True)
    store(actor, name, "second", "sk-second-0123456789")

    def used(**headers: str) -> bytes:
        mark = new_id()
        answer = actor.host(name, "/openai/chat/completions", native(f"mark:{mark}"), headers=headers)
        assert answer.status_code == 200, answer.text
        found = re.search(rb"Authorization: Bearer (\S+)", upstream.arrival(mark).head, re.I)
        assert found
        return found.group(1)

    assert used() == b"sk-first-0123456789"
    assert used(**{"cf-aig-byok-alias": "second"}) == b"sk-second-0123456789"
    # The request's own comes before them all.
    assert used(Authorization="Bearer sk-sent-0123456789", **{"cf-aig-byok-alias": "second"}) == b"sk-sent-0123456789"
    unknown = actor.host(name, "/openai/chat/completions", native(), headers={"cf-aig-byok-alias": "third"})
    told = gateway_refusal(unknown, 400, 2040)
    assert "first" in told["message"] and "second" in told["message"]
    assert actor.balance_cents() == 9_500
    # Through the other surfaces too.
    run = actor.run(MODEL, messages(), name)
    assert result(run)["gatewayMetadata"] == {"keySource": "BYOK"}
    refusal(actor.run(MODEL, messages(), name, headers={"cf-aig-byok-alias": "third"}), 400, 2040)


def test_secrets_are_never_told(actor: Tenant) -> None:
    name = actor.make()
    made = store(actor, name, "default", "sk-stored-secret-0123456789", default_config=True)
    listed = actor.rest("GET", f"/ai-gateway/gateways/{name}/provider_configs")
    assert [one["id"] for one in listed.json()["result"]] == [made["id"]]
    assert "sk-stored-secret-0123456789" not in listed.text + json.dumps(made)
    assert made["secret_preview"] and made["secret_id"]
    for path in actor.gateway.data.rglob("*"):
        if path.is_file():
            assert b"sk-stored-secret-0123456789" not in path.read_bytes(), path
    assert b"sk-stored-secret-0123456789" not in actor.gateway.log_path.read_bytes()


def test_with_own_keys_only_nobody_pays_from_the_wallet(actor: Tenant) -> None:
    name = actor.make(byok_only=True)
    refused = actor.host(name, "/openai/chat/completions", native())
    assert refused.status_code == 400 and refused.json()["success"] is False
    assert actor.run(MODEL, messages(), name).status_code == 400
    # A request cannot relax it.
    relaxed = actor.host(name, "/openai/chat/completions", native(), headers={"cf-aig-no-wholesale": "false"})
    assert relaxed.status_code == 400
    own = actor.host(name, "/openai/chat/completions", native(), headers={"Authorization": "Bearer sk-own-0123456789"})
    assert own.status_code == 200
    # And a request can ask for the same where its gateway does not.
    asked = actor.host(actor.make(), "/openai/chat/completions", native(), headers={"cf-aig-no-wholesale": "true"})
    assert asked.status_code == 400
    assert actor.balance_cents() == 9_500


# What a gateway allows.


@pytest.mark.parametrize("technique", ["fixed", "sliding"])
def test_a_gateway_counts_its_requests(tenant: Tenant, technique: str) -> None:
    # So long a window that no test meets its end: it begins at a multiple of itself.
    name = tenant.make(rate_limiting_limit=3, rate_limiting_interval=86_400 * 365, rate_limiting_technique=technique)
    surfaces: list[Callable[[], Any]] = [
        lambda: tenant.host(name, "/openai/chat/completions", native()),
        lambda: tenant.run(MODEL, messages(), name),
        lambda: tenant.binding(MODEL, messages(), {"id": name}),
    ]
    assert [call().status_code for call in surfaces] == [200, 200, 200]
    refused = tenant.host(name, "/openai/chat/completions", native())
    told = gateway_refusal(refused, 429, 2003)
    assert told["message"].startswith("Rate limited") and int(refused.headers["retry-after"]) >= 1
    assert refusal(tenant.run(MODEL, messages(), name), 429, 2003)
    gateway_refusal(tenant.binding(MODEL, messages(), {"id": name}), 429, 2003)
    # Refusals are written down, other gateways untouched, and a change counts at once.
    assert [row["status_code"] for row in tenant.awaited_logs(name, 6)] == [200] * 3 + [429] * 3
    assert tenant.run(MODEL, messages()).status_code == 200
    tenant.change(name, rate_limiting_limit=0)
    assert tenant.run(MODEL, messages(), name).status_code == 200


def test_a_gateway_spends_no_more_than_its_limit(tenant: Tenant) -> None:
    rule = {"limit": 0.000001, "limitType": "cost", "window": 31_536_000, "technique": "fixed"}
    name = tenant.make(spend_limits={"enabled": True, "rules": [rule]})
    answers = [tenant.run(MODEL, messages(f"Hello {n}"), name) for n in range(4)]
    # The call that crosses the limit may pass, and one more; then it is over.
    assert answers[-1].status_code == 429
    told = refusal(answers[-1], 429, 2045)
    assert told["message"] and sum(answer.status_code == 200 for answer in answers) <= 2
    gateway_refusal(tenant.host(name, "/openai/chat/completions", native()), 429, 2045)
    assert tenant.run(MODEL, messages()).status_code == 200


def test_a_limit_for_each_value_of_metadata(tenant: Tenant) -> None:
    rule = {
        "limit": 0.000001, "limitType": "cost", "window": 31_536_000, "technique": "fixed",
        "metadata": {"user": {"mode": "partition"}}, "model": {"mode": "filter", "values": [MODEL]},
    }  # fmt: skip
    name = tenant.make(spend_limits={"enabled": True, "rules": [rule]})

    def spent(user: str) -> bool:
        for _ in range(4):
            answer = tenant.run(MODEL, messages(), name, headers={"cf-aig-metadata": json.dumps({"user": user})})
            if answer.status_code == 429:
                return True
        return False

    assert spent("ada")
    bob = tenant.run(MODEL, messages(), name, headers={"cf-aig-metadata": '{"user":"bob"}'})
    other = tenant.run("openai/gpt-4.1-mini", messages(), name, headers={"cf-aig-metadata": '{"user":"ada"}'})
    # Another user has a limit of her own, and another model none.
    assert other.status_code == 200
    assert bob.status_code in (200, 429) and spent("bob")


def test_a_gateway_changes_while_it_is_used(tenant: Tenant) -> None:
    name = tenant.make(authentication=False, collect_logs=True)
    assert "cf-aig-log-id" in tenant.run(MODEL, messages(), name).headers
    changed = tenant.change(name, collect_logs=False)
    # What was not said stays as it is.
    assert (changed["collect_logs"], changed["authentication"]) == (False, False)
    assert "cf-aig-log-id" not in tenant.run(MODEL, messages(), name).headers
    assert tenant.rest("DELETE", f"/ai-gateway/gateways/{name}").json()["result"]["id"] == name
    refusal(tenant.run(MODEL, messages(), name), 400, 2001)
    refusal(tenant.rest("GET", f"/ai-gateway/gateways/{name}"), 404, 7002)


def test_logs_have_room_and_no_more(tenant: Tenant) -> None:
    refused = tenant.rest("PUT", f"/ai-gateway/gateways/{tenant.make()}", json={"log_management": 9_999})
    assert refusal(refused, 400, 7001)["source"]["pointer"] == "/log_management"


def test_pages_of_others_may_read_what_answers_tell(tenant: Tenant) -> None:
    answer = tenant.host("default", "/openai/chat/completions", native(), headers={"Origin": "https://app.example.com"})
    exposed = {name.strip() for name in answer.headers["access-control-expose-headers"].lower().split(",")}
    assert {"cf-aig-log-id", "cf-aig-step", "cf-aig-cache-status", "cf-aig-dlp", "cf-ai-req-id"} <= exposed


# Sockets.


@pytest.mark.xfail(reason="sockets (8.21) are not served")
def test_a_socket_of_steps(tenant: Tenant) -> None:
    """8.21: the universal endpoint over a WebSocket."""
    headers = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "cf-aig-authorization": f"Bearer {tenant.key}",
    }  # fmt: skip
    answer = tenant.http.get(f"/gateway/v1/{tenant.id}/default/", headers=headers)
    assert answer.status_code == 101, answer.text


@pytest.mark.parametrize("path", ["/gateway/v1/acc_root/default/", "/gateway/v1/acc_root/default/openai?model=x", "/binding/run"])
def test_who_asks_for_a_socket_is_told_there_is_none(tenant: Tenant, path: str) -> None:
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    answer = tenant.http.get(path, headers=headers)
    assert answer.status_code == 426 and answer.json()["success"] is False


def test_chunks_of_the_shared_wire_carry_usage_once(tenant: Tenant) -> None:
    body = chat("Hello", stream=True, stream_options={"include_usage": True})
    parts = chunks(tenant.host("default", "/compat/chat/completions", body))
    assert [bool(part["choices"]) for part in parts] == [True] * (len(parts) - 1) + [False]
    assert all(part["usage"] is None for part in parts[:-1]) and parts[-1]["usage"]["total_tokens"] > 0
    whole = tenant.host("default", "/compat/chat/completions", chat("Hello")).json()
    assert "".join(c["delta"].get("content") or "" for p in parts for c in p["choices"]) == text_of(whole)
