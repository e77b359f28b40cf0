"""Every method of `client.ai` and `client.ai_gateway` of Cloudflare's Python SDK, its answers held to its own types."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import cloudflare
import pytest
from cloudflare.types.ai_gateway.log_list_params import Filter

from gateway_process import Gateway
from support.cloudflare import MODEL, Tenant, eventually, messages, new_name, refusal, result, text_of
from support.stripe_api import SECRET, StripeAPI, event, saving_charge, saving_payment, session, signature
from support.stripe_api import new_id as stripe_id

HOSTED = "@cf/openai/gpt-oss-20b"
# A gateway as the SDK asks for it: these it will not do without.
PLAIN: dict[str, Any] = {
    "cache_invalidate_on_update": False, "cache_ttl": 0, "collect_logs": True, "rate_limiting_interval": 0,
    "rate_limiting_limit": 0,
}  # fmt: skip

# All there is in this release; a method more or less is told by a test.
METHODS = {
    "ai.run", "ai.authors.list", "ai.tasks.list", "ai.models.list", "ai.models.schema.get", "ai.to_markdown.supported",
    "ai.to_markdown.transform", "ai.finetunes.create", "ai.finetunes.list", "ai.finetunes.assets.create",
    "ai.finetunes.public.list",
    "ai_gateway.create", "ai_gateway.update", "ai_gateway.list", "ai_gateway.get", "ai_gateway.delete",
    "ai_gateway.urls.get", "ai_gateway.evaluation_types.list",
    *(f"ai_gateway.custom_providers.{name}" for name in ("create", "list", "get", "delete")),
    *(f"ai_gateway.provider_configs.{name}" for name in ("create", "list")),
    *(f"ai_gateway.logs.{name}" for name in ("list", "delete", "edit", "get", "request", "response")),
    *(f"ai_gateway.datasets.{name}" for name in ("create", "update", "list", "delete", "get")),
    *(f"ai_gateway.evaluations.{name}" for name in ("create", "list", "delete", "get")),
    *(f"ai_gateway.dynamic_routing.{name}" for name in (
        "create", "get", "update", "delete", "list", "create_version", "get_version", "list_versions",
        "create_deployment", "list_deployments",
    )),
    *(f"ai_gateway.billing.{name}" for name in (
        "credit_balance", "invoice_history", "invoice_preview", "usage_history", "topup.create", "topup.status",
        "topup.config.create", "topup.config.get", "topup.config.delete", "spending_limit.create",
        "spending_limit.get", "spending_limit.delete",
    )),
}  # fmt: skip


def methods(resource: Any, path: str) -> Iterator[str]:
    for name in dir(resource):
        if name.startswith(("_", "with_")):
            continue
        member = getattr(resource, name)
        if inspect.ismethod(member):
            yield f"{path}.{name}"
        elif type(member).__name__.endswith("Resource"):
            yield from methods(member, f"{path}.{name}")


@pytest.fixture
def sdk(tenant: Tenant) -> Iterator[cloudflare.Cloudflare]:
    """Refuses answers that are not of its types."""
    with tenant.sdk() as client:
        yield client


@pytest.fixture
def loose(tenant: Tenant) -> Iterator[cloudflare.Cloudflare]:
    with tenant.sdk(strict=False) as client:
        yield client


def test_this_release_has_the_methods_that_are_tested_here(sdk: cloudflare.Cloudflare) -> None:
    assert set(methods(sdk.ai, "ai")) | set(methods(sdk.ai_gateway, "ai_gateway")) == METHODS


# Runs.


@pytest.mark.parametrize("model", [MODEL, "openai/o3-mini"])
def test_run(tenant: Tenant, sdk: cloudflare.Cloudflare, model: str) -> None:
    said: Any = sdk.ai.run(model, account_id=tenant.id, **messages("Hello"))
    assert tenant.asked[0].url.raw_path.decode().endswith(f"/ai/run/openai%2F{model.partition('/')[2]}")
    assert said["object"] == "chat.completion" and text_of(said)
    assert said["gatewayMetadata"] == {"keySource": "Unified"}
    assert text_of(said) == text_of(result(tenant.run(model, messages("Hello"))))


def test_run_with_more_than_the_methods_own_words(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    name = tenant.make()
    said: Any = sdk.ai.run(
        MODEL, account_id=tenant.id, **messages("Count"), extra_body={"max_completion_tokens": 20, "tool_choice": None},
        extra_headers={"cf-aig-gateway-id": name, "cf-aig-metadata": '{"team":"red"}'},
    )  # fmt: skip
    assert said["choices"][0]["finish_reason"] == "length"
    [row] = tenant.awaited_logs(name, 1)
    assert row["metadata"] == {"team": "red"} and row["tokens_out"] == 20


def test_run_of_a_hosted_model(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    said: Any = sdk.ai.run(HOSTED, account_id=tenant.id, prompt="Hello")
    text = said["response"] if isinstance(said, dict) else said.response
    assert isinstance(text, str) and text


def test_run_never_streams_through_this_client(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    """It asks for JSON whatever it wants, and the server goes by the body alone."""
    with sdk.with_options(_extra_kwargs={}) as client:
        raw = client.ai.with_raw_response.run(MODEL, account_id=tenant.id, **messages("Hello"), extra_body={"stream": True})
    assert tenant.asked[0].headers["accept"] == "application/json"
    assert raw.headers["content-type"].startswith("text/event-stream") and raw.text().endswith("data: [DONE]\n\n")


@pytest.mark.parametrize(
    ("call", "error", "code"),
    [
        (lambda c, a: c.ai.run("openai/none", account_id=a, **messages()), cloudflare.NotFoundError, 7003),
        (lambda c, a: c.ai.run("@cf/no/such", account_id=a, prompt="x"), cloudflare.BadRequestError, 5007),
        (lambda c, a: c.ai.run(MODEL, account_id=a, **messages(temperature=2.01)), cloudflare.BadRequestError, 7003),
        (lambda c, a: c.ai_gateway.get("none", account_id=a), cloudflare.NotFoundError, 7002),
        (lambda c, a: c.ai_gateway.create(account_id=a, id="Not An Id", **PLAIN), cloudflare.BadRequestError, 7001),
        (lambda c, a: c.ai_gateway.logs.get("01JNONE", gateway_id="default", account_id=a), cloudflare.NotFoundError, 7002),
        (lambda c, a: c.ai_gateway.urls.get("openai", gateway_id="none", account_id=a), cloudflare.NotFoundError, 7002),
        (lambda c, a: c.ai_gateway.custom_providers.get("none", account_id=a), cloudflare.NotFoundError, 7002),
    ],
    ids=["model", "hosted", "input", "gateway", "id", "log", "url", "provider"],
)
def test_errors_are_of_their_classes(
    tenant: Tenant, sdk: cloudflare.Cloudflare, call: Callable[[Any, str], Any], error: type[cloudflare.APIStatusError],
    code: int,
) -> None:  # fmt: skip
    with pytest.raises(error) as caught:
        call(sdk, tenant.id)
    assert [one.code for one in caught.value.errors] == [code] and caught.value.errors[0].message


def test_wrong_keys_and_empty_wallets_are_of_their_classes(gateway: Gateway) -> None:
    poor = Tenant(gateway, 0)
    with poor.sdk() as client:
        with pytest.raises(cloudflare.APIStatusError) as caught:
            client.ai.run(MODEL, account_id=poor.id, **messages())
        assert caught.value.status_code == 402 and caught.value.errors[0].code == 2021
        with pytest.raises(cloudflare.AuthenticationError):
            client.with_options(api_token="sk-aig-wrong").ai_gateway.get("default", account_id=poor.id)
    poor.close()


def test_a_client_that_is_told_to_wait_tries_again(tenant: Tenant) -> None:
    name = tenant.make(rate_limiting_limit=1, rate_limiting_interval=31_536_000)
    headers = {"cf-aig-gateway-id": name}
    with tenant.sdk() as client:
        client.ai.run(MODEL, account_id=tenant.id, **messages(), extra_headers=headers)
        with pytest.raises(cloudflare.RateLimitError) as caught:
            client.ai.run(MODEL, account_id=tenant.id, **messages(), extra_headers=headers)
        assert int(caught.value.response.headers["retry-after"]) > 0 and caught.value.errors[0].code == 2003


# The catalogue.


def test_models_list(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    found: list[Any] = list(sdk.ai.models.list(account_id=tenant.id, per_page=50))
    names = [one["name"] for one in found]
    assert {MODEL, "openai/o3-mini", HOSTED} <= set(names) and len(names) == len(set(names))
    # Pages of 50, and an empty one at the end.
    assert len(tenant.asked) == -(-len(found) // 50) + 1
    [o4] = [one for one in found if one["name"] == MODEL]
    assert {"id", "source", "name", "description", "task", "tags", "properties", "created_at"} <= set(o4)
    assert o4["source"] == 2 and set(o4["task"]) == {"id", "name", "description"} and o4["task"]["name"] == "Text Generation"
    properties = {one["property_id"]: one["value"] for one in o4["properties"]}
    assert str(properties["context_window"]) == "200000"
    assert all({"unit", "price", "currency"} <= set(price) for price in properties["price"])


def test_models_are_filtered(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    def names(**query: Any) -> list[str]:
        return [one["name"] for one in sdk.ai.models.list(account_id=tenant.id, per_page=100, **query)]  # type: ignore

    everything = names()
    assert names(search="o4-mini") and all("o4-mini" in name.lower() for name in names(search="o4-mini"))
    assert set(names(author="openai")) == {name for name in everything if name.startswith(("openai/", "@cf/openai/"))}
    hosted, others = names(source=1), names(source=2)
    assert set(hosted) == {name for name in everything if name.startswith("@cf/")} and set(hosted) | set(others) == set(everything)
    chatting = names(task="Text Generation")
    assert MODEL in chatting and "openai/text-embedding-3-small" not in chatting
    assert names(search="no model is called so") == []


def test_models_in_the_form_of_a_marketplace(tenant: Tenant) -> None:
    answer = tenant.rest("GET", "/ai/models/search", params={"format": "openrouter"})
    assert answer.status_code == 200
    [o4] = [one for one in answer.json()["data"] if one["id"] == MODEL]
    assert {"id", "name", "created", "context_length", "pricing"} <= set(o4) and o4["context_length"] == 200_000
    assert {"prompt", "completion"} <= set(o4["pricing"])


def test_models_schema(tenant: Tenant, loose: cloudflare.Cloudflare) -> None:
    """Its types were made of one example of a schema; there are others."""
    schema = loose.ai.models.schema.get(account_id=tenant.id, model=MODEL)
    assert b"model=openai%2Fo4-mini" in tenant.asked[0].url.query
    sides = json.loads(schema.to_json())
    assert sides["input"]["properties"]["messages"]["type"] == "array"
    assert sides["output"]["properties"]["choices"]["type"] == "array"


def test_tasks_and_authors(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    tasks: list[Any] = list(sdk.ai.tasks.list(account_id=tenant.id))
    assert "Text Generation" in [task["name"] for task in tasks]
    authors: list[Any] = list(sdk.ai.authors.list(account_id=tenant.id))
    assert any("openai" in json.dumps(author).lower() for author in authors)


def test_markdown_supported(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    """None is; the list says so."""
    assert list(sdk.ai.to_markdown.supported(account_id=tenant.id)) == []


def test_finetunes(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    """Nothing is trained here: lists are empty, and the rest is refused."""
    assert list(sdk.ai.finetunes.public.list(account_id=tenant.id)) == []
    assert tenant.rest("GET", "/ai/finetunes").json()["result"] == []
    with pytest.raises(cloudflare.BadRequestError) as caught:
        sdk.ai.finetunes.create(account_id=tenant.id, model=HOSTED, name="mine")
    assert caught.value.errors[0].message
    file = {"file": ("adapter_config.json", b"{}")}
    refusal(tenant.rest("POST", "/ai/finetunes/x/finetune-assets", files=file), 400, 7001)


# Gateways.


def test_gateways(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    name = new_name("gateway")
    full: dict[str, Any] = {
        "cache_invalidate_on_update": True, "cache_ttl": 300, "collect_logs": True, "rate_limiting_interval": 60,
        "rate_limiting_limit": 50, "rate_limiting_technique": "sliding", "authentication": True, "byok_only": False,
        "zdr": False, "log_management": 10_000, "log_management_strategy": "STOP_INSERTING", "log_classification": True,
        "logpush": False, "retry_max_attempts": 3, "retry_delay": 100, "retry_backoff": "linear",
        "guardrails": {"prompt": {"S1": "BLOCK", "P1": "FLAG"}, "response": {"S10": "FLAG"}},
        "dlp": {"enabled": True, "action": "FLAG", "profiles": ["credit_cards"]},
        "otel": [{"url": "https://collector.example.com/v1/traces", "headers": {"x-team": "red"},
                  "authorization": "Bearer of-the-collector", "content_type": "json"}],
        "spend_limits": {"enabled": True, "rules": [{
            "limit": 10, "limitType": "cost", "window": 3600, "technique": "fixed",
            "model": {"mode": "filter", "values": [MODEL]}, "metadata": {"user": {"mode": "partition"}},
        }]},
        "workers_ai_billing_mode": "postpaid",
    }  # fmt: skip
    made = sdk.ai_gateway.create(account_id=tenant.id, id=name, **full)
    assert made.id == name and made.is_default is False
    assert isinstance(made.created_at, datetime) and made.created_at.tzinfo is not None
    for field in ("cache_ttl", "rate_limiting_technique", "log_management", "retry_backoff", "workers_ai_billing_mode"):
        assert getattr(made, field) == full[field], field
    assert "of-the-collector" not in made.to_json()
    document = json.loads(made.to_json())
    assert document["guardrails"] == full["guardrails"] and document["dlp"] == full["dlp"]
    assert document["spend_limits"]["rules"][0]["limit"] == 10

    assert sdk.ai_gateway.get(name, account_id=tenant.id).to_json() == made.to_json()
    changed = sdk.ai_gateway.update(name, account_id=tenant.id, **PLAIN | {"cache_ttl": None, "guardrails": None})
    assert changed.cache_ttl in (0, None) and changed.guardrails is None and changed.collect_logs is True
    assert changed.modified_at >= made.modified_at and changed.created_at == made.created_at
    # What was not named is as it was.
    assert changed.retry_max_attempts == 3 and changed.authentication is True

    with pytest.raises(cloudflare.ConflictError):
        sdk.ai_gateway.create(account_id=tenant.id, id=name, **PLAIN)
    gone = sdk.ai_gateway.delete(name, account_id=tenant.id)
    assert gone.id == name
    with pytest.raises(cloudflare.NotFoundError):
        sdk.ai_gateway.get(name, account_id=tenant.id)


def test_gateways_are_listed_and_searched(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    names = [tenant.make() for _ in range(7)]
    tenant.asked.clear()
    found = [one.id for one in sdk.ai_gateway.list(account_id=tenant.id, per_page=3)]
    assert sorted(found) == sorted(names)
    # Three pages, and the empty one.
    assert [request.url.params.get("page", "1") for request in tenant.asked] == ["1", "2", "3", "4"]
    assert [one.id for one in sdk.ai_gateway.list(account_id=tenant.id, search=names[3])] == [names[3]]
    info = tenant.rest("GET", "/ai-gateway/gateways", params={"per_page": 3, "page": 2}).json()["result_info"]
    assert info == {"page": 2, "per_page": 3, "count": 3, "total_count": 7, "total_pages": 3}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""}, {"id": "x" * 65}, {"id": "With-Capitals"}, {"id": "double--dash"}, {"id": "-x"}, {"id": "a b"},
        {"cache_ttl": -1}, {"cache_ttl": 1.5}, {"rate_limiting_limit": -1}, {"rate_limiting_technique": "wild"},
        {"log_management": 9_999}, {"log_management": 10_000_001}, {"retry_max_attempts": 0}, {"retry_max_attempts": 6},
        {"retry_delay": 60_001}, {"retry_backoff": "never"}, {"logpush_public_key": "short"},
        {"guardrails": {"prompt": {"S99": "BLOCK"}}}, {"guardrails": {"prompt": {"S1": "ALLOW"}}},
        {"dlp": {"enabled": True, "action": "BLOCK", "profiles": ["no such"]}}, {"otel": [{"url": 1}]},
        {"spend_limits": {"enabled": True, "rules": [{}] * 21}}, {"collect_logs": "yes"},
        {"workers_ai_billing_mode": "free"},
    ],
    ids=str,
)  # fmt: skip
def test_gateways_keep_within_their_bounds(tenant: Tenant, sdk: cloudflare.Cloudflare, wrong: dict[str, Any]) -> None:
    with pytest.raises(cloudflare.BadRequestError) as caught:
        sdk.ai_gateway.create(account_id=tenant.id, **{"id": new_name("g"), **PLAIN, **wrong})
    assert caught.value.errors[0].code == 7001
    assert list(sdk.ai_gateway.list(account_id=tenant.id)) == []


def test_an_account_has_so_many_gateways(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    for _ in range(20):
        tenant.make()
    with pytest.raises(cloudflare.APIStatusError) as caught:
        sdk.ai_gateway.create(account_id=tenant.id, id="one-more", **PLAIN)
    assert 400 <= caught.value.status_code < 500 and caught.value.errors[0].message


def test_urls(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    name = tenant.make()
    url = sdk.ai_gateway.urls.get("openai", gateway_id=name, account_id=tenant.id)
    assert isinstance(url, str) and url.endswith(f"/gateway/v1/{tenant.id}/{name}/openai")
    universal = sdk.ai_gateway.urls.get("universal", gateway_id=name, account_id=tenant.id)
    assert universal.endswith(f"/gateway/v1/{tenant.id}/{name}/")


# Providers.


def test_custom_providers(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    slug = new_name("mine")
    made = sdk.ai_gateway.custom_providers.create(
        account_id=tenant.id, name="My models", slug=slug, base_url="https://models.example.com/api", enable=True,
        beta=True, description="Ours", link="https://example.com", headers='{"x-team":"red"}', position=3,
        curl_example="curl …", js_example="fetch(…)",
    )  # fmt: skip
    assert (made.name, made.slug, made.base_url) == ("My models", slug, "https://models.example.com/api")
    assert (made.enable, made.beta, made.position, made.description) == (True, True, 3, "Ours")
    assert isinstance(made.created_at, datetime) and isinstance(made.headers, str)
    assert sdk.ai_gateway.custom_providers.get(made.id, account_id=tenant.id).to_json() == made.to_json()
    usual = sdk.ai_gateway.custom_providers.create(
        account_id=tenant.id, name="Other", slug=new_name("other"), base_url="https://other.example.com"
    )
    assert usual.enable is False

    def listed(**query: Any) -> list[str]:
        return [one.id for one in sdk.ai_gateway.custom_providers.list(account_id=tenant.id, **query)]

    assert listed() == [made.id, usual.id] or sorted(listed()) == sorted([made.id, usual.id])
    assert listed(enable=True) == [made.id] and listed(beta=False) == [usual.id] and listed(search=slug) == [made.id]
    with pytest.raises(cloudflare.ConflictError):
        sdk.ai_gateway.custom_providers.create(account_id=tenant.id, name="x", slug=slug, base_url="https://x.example.com")
    assert sdk.ai_gateway.custom_providers.delete(made.id, account_id=tenant.id).id == made.id
    assert listed() == [usual.id]


def test_57_things_on_pages_of_20(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    for number in range(57):
        fields = {"name": f"p{number}", "slug": f"p{number}", "base_url": "https://p.example.com"}
        result(tenant.rest("POST", "/ai-gateway/custom-providers", json=fields))
    found = [one.slug for one in sdk.ai_gateway.custom_providers.list(account_id=tenant.id, per_page=20)]
    assert sorted(found) == sorted(f"p{number}" for number in range(57))
    assert len(tenant.asked) == 4
    past = tenant.rest("GET", "/ai-gateway/custom-providers", params={"page": 4, "per_page": 20}).json()
    assert past["result"] == [] and past["success"] is True
    assert past["result_info"] == {"page": 4, "per_page": 20, "count": 0, "total_count": 57, "total_pages": 3}


def test_provider_configs(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    name = tenant.make()
    made = sdk.ai_gateway.provider_configs.create(
        gateway_id=name, account_id=tenant.id, provider_slug="openai", alias="default", default_config=True,
        secret="sk-stored-0123456789abcdef", rate_limit=10, rate_limit_period=60,
    )  # fmt: skip
    assert (made.provider_slug, made.alias, made.default_config, made.gateway_id) == ("openai", "default", True, name)
    assert made.secret_id and made.secret_preview and "0123456789abcdef" not in made.to_json()
    assert (made.rate_limit, made.rate_limit_period) == (10, 60) and isinstance(made.modified_at, datetime)
    for number in range(4):
        sdk.ai_gateway.provider_configs.create(
            gateway_id=name, account_id=tenant.id, provider_slug="openai", alias=f"a{number}", default_config=False, secret="sk-x"
        )
    listed = list(sdk.ai_gateway.provider_configs.list(gateway_id=name, account_id=tenant.id, per_page=2))
    assert sorted(one.alias for one in listed) == ["a0", "a1", "a2", "a3", "default"]
    assert [one.alias for one in listed if one.default_config] == ["default"]
    with pytest.raises(cloudflare.ConflictError):
        sdk.ai_gateway.provider_configs.create(
            gateway_id=name, account_id=tenant.id, provider_slug="openai", alias="a0", default_config=False, secret="sk-y"
        )
    # Beyond the SDK: a config is changed and taken away.
    path = f"/ai-gateway/gateways/{name}/provider_configs/{made.id}"
    assert result(tenant.rest("PUT", path, json={"alias": "renamed"}))["alias"] == "renamed"
    assert result(tenant.rest("DELETE", path))["id"] == made.id


# Logs. The SDK's types say that metadata is a text; it is an object on the wire, so these are not held to them.


def spoken(tenant: Tenant, name: str) -> list[dict[str, Any]]:
    """Calls of different kinds: 0 and 1 good ones of two models, 2 a streamed one, 3 one that is refused."""
    sent = [
        (MODEL, messages("zero"), {"user": "ada", "n": 1}),
        ("openai/gpt-4.1-mini", messages("one two three four five"), {"user": "bob"}),
        (MODEL, messages("two", stream=True), {"plan": "ada"}),
        (MODEL, messages("three", temperature=9), {}),
    ]
    for model, given, metadata in sent:
        headers = {"cf-aig-metadata": json.dumps(metadata), "cf-aig-event-id": f"event-{given['messages'][0]['content'][:3]}"}
        assert tenant.run(model, given, name, headers=headers).status_code in (200, 400)
    return tenant.awaited_logs(name, 4)


def test_logs(tenant: Tenant, loose: cloudflare.Cloudflare) -> None:
    name = tenant.make()
    rows = spoken(tenant, name)
    place: dict[str, Any] = {"gateway_id": name, "account_id": tenant.id}
    listed = list(loose.ai_gateway.logs.list(**place, per_page=3, order_by="created_at", order_by_direction="asc"))
    assert sorted(one.id for one in listed) == sorted(row["id"] for row in rows)
    for one in listed:
        assert isinstance(one.created_at, datetime) and isinstance(one.duration, int) and isinstance(one.cached, bool)
        assert isinstance(one.success, bool) and one.path and one.provider == "openai" and isinstance(one.metadata, dict)
    ada = next(one for one in listed if one.metadata == {"user": "ada", "n": 1})
    assert ada.cost and ada.tokens_in and ada.tokens_out and ada.status_code == 200 and ada.ai_model_type == "text"

    single = loose.ai_gateway.logs.get(ada.id, **place)
    assert single.request_head and single.request_head_complete and single.response_head_complete
    assert single.request_size and single.response_size and json.loads(single.request_head)["messages"]
    assert loose.ai_gateway.logs.edit(ada.id, **place, feedback=1, score=50, metadata={"seen": "yes"}) is not None
    again: Any = loose.ai_gateway.logs.get(ada.id, **place)
    assert (again.feedback, again.score, again.metadata) == (1, 50, {"seen": "yes"})
    request: Any = loose.ai_gateway.logs.request(ada.id, **place)
    assert request["messages"] == messages("zero")["messages"]
    response: Any = loose.ai_gateway.logs.response(ada.id, **place)
    assert response["object"] == "chat.completion"
    streamed = next(one for one in listed if one.metadata == {"plan": "ada"})
    events: Any = loose.ai_gateway.logs.response(streamed.id, **place)
    assert events["streamed_data"][0]["object"] == "chat.completion.chunk"

    deleted = loose.ai_gateway.logs.delete(**place, filters=[{"key": "id", "operator": "eq", "value": [ada.id]}])
    assert deleted.success is True
    assert sorted(one.id for one in loose.ai_gateway.logs.list(**place)) == sorted(r["id"] for r in rows if r["id"] != ada.id)
    assert loose.ai_gateway.logs.delete(**place, limit=2, order_by="created_at", order_by_direction="asc").success
    assert len(list(loose.ai_gateway.logs.list(**place))) == 1
    assert loose.ai_gateway.logs.delete(**place).success and list(loose.ai_gateway.logs.list(**place)) == []


def test_logs_are_told_apart(tenant: Tenant, loose: cloudflare.Cloudflare) -> None:
    name = tenant.make()
    rows = spoken(tenant, name)
    tag = {json.dumps(row["metadata"], sort_keys=True): row["id"] for row in rows}
    zero, one, two, three = (tag[key] for key in ('{"n": 1, "user": "ada"}', '{"user": "bob"}', '{"plan": "ada"}', "{}"))
    place: dict[str, Any] = {"gateway_id": name, "account_id": tenant.id}

    def found(*filters: Filter, **query: Any) -> set[str]:
        return {row.id for row in loose.ai_gateway.logs.list(**place, filters=filters or cloudflare.NOT_GIVEN, **query)}

    def by(key: str, operator: str, *value: Any) -> Filter:
        return {"key": key, "operator": operator, "value": list(value)}  # type: ignore

    everything = {zero, one, two, three}
    assert found() == everything
    assert found(success=False) == {three} and found(success=True) == everything - {three}
    assert found(cached=True) == set() and found(model="openai/gpt-4.1-mini") == {one}
    assert found(provider="openai") == everything and found(provider="anthropic") == set()
    assert found(start_date=datetime.now(UTC) + timedelta(days=1)) == set()
    assert found(end_date=datetime.now(UTC) + timedelta(days=1)) == everything
    assert found(search="bob") == {one} and found(min_cost=0.0000001, success=True) == {zero, one, two}
    assert found(max_tokens_out=0) == {three} and found(min_total_tokens=1, max_total_tokens=10**6) == everything - {three}
    # Filters: one, one with several values, several of which all must hold.
    assert found(by("success", "eq", False)) == {three}
    assert found(by("model", "eq", "openai/gpt-4.1-mini", "openai/none")) == {one}
    assert found(by("model", "neq", "openai/gpt-4.1-mini")) == everything - {one}
    assert found(by("model", "contains", "4.1")) == {one}
    assert found(by("tokens_out", "gt", 0), by("model", "contains", "o4")) == {zero, two}
    assert found(by("event_id", "eq", "event-zer")) == {zero}
    assert found(by("metadata.key", "eq", "user")) == {zero, one}
    assert found(by("metadata.value", "eq", "ada")) == {zero, two}
    # Both at once mean one entry that has both.
    assert found(by("metadata.key", "eq", "user"), by("metadata.value", "eq", "ada")) == {zero}
    assert loose.ai_gateway.logs.edit(one, **place, feedback=-1) is not None
    assert found(by("feedback", "eq", -1)) == {one} and found(feedback=0) == {one} and found(feedback=1) == set()
    # The same as one JSON text, which older clients send.
    raw = tenant.logs(name, filters=json.dumps([by("model", "contains", "4.1"), by("success", "eq", True)]))
    assert [row["id"] for row in raw] == [one]
    lost = tenant.rest("GET", f"/ai-gateway/gateways/{name}/logs", params=[
        ("filters.key", "model"), ("filters.key", "success"), ("filters.operator", "eq"), ("filters.operator", "eq"),
        ("filters.value", "x"),
    ])  # fmt: skip
    assert lost.status_code == 400 and lost.json()["errors"][0]["code"] == 7001


def test_logs_tell_their_ranges(tenant: Tenant) -> None:
    name = tenant.make()
    rows = spoken(tenant, name)
    answer = tenant.rest("GET", f"/ai-gateway/gateways/{name}/logs", params={"meta_info": "true", "per_page": 2})
    info = answer.json()["result_info"]
    assert info["count"] == 2 and info["total_count"] == 4
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    assert (info["min_cost"], info["max_cost"]) == (min(costs), max(costs))
    assert info["max_tokens_out"] == max(row["tokens_out"] for row in rows)
    assert info["min_total_tokens"] == min(row["tokens_in"] + row["tokens_out"] for row in rows)
    assert {"min_duration", "max_duration", "min_tokens_in", "max_tokens_in", "min_timestamp", "max_timestamp"} <= set(info)


@pytest.mark.parametrize("order", ["created_at", "provider", "model", "model_type", "success", "cached"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_logs_are_sorted(tenant: Tenant, loose: cloudflare.Cloudflare, order: Any, direction: Any) -> None:
    name = tenant.make()
    for model in ("openai/gpt-4.1-mini", MODEL, "openai/none"):
        tenant.run(model, messages(), name)
    tenant.awaited_logs(name, 3)
    found = list(loose.ai_gateway.logs.list(
        gateway_id=name, account_id=tenant.id, order_by=order, order_by_direction=direction, per_page=2
    ))  # fmt: skip
    assert len({row.id for row in found}) == 3
    values = [getattr(row, {"model_type": "ai_model_type"}.get(order, order)) for row in found]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=direction == "desc")


# Datasets and evaluations.


def test_datasets(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    name = tenant.make()
    place: dict[str, Any] = {"gateway_id": name, "account_id": tenant.id}
    filters: list[Any] = [
        {"key": "model", "operator": "contains", "value": ["o4"]}, {"key": "cost", "operator": "gt", "value": [0]},
        {"key": "success", "operator": "eq", "value": [True]},
    ]  # fmt: skip
    made = sdk.ai_gateway.datasets.create(**place, name="cheap", enable=True, filters=filters)
    assert (made.name, made.enable, made.gateway_id) == ("cheap", True, name) and made.id
    assert [one.to_dict() for one in made.filters] == filters
    assert sdk.ai_gateway.datasets.get(made.id, **place).to_json() == made.to_json()
    changed = sdk.ai_gateway.datasets.update(made.id, **place, name="dear", enable=False, filters=filters[:1])
    assert (changed.id, changed.name, changed.enable, len(changed.filters)) == (made.id, "dear", False, 1)
    assert changed.created_at == made.created_at
    others = [sdk.ai_gateway.datasets.create(**place, name=f"d{n}", enable=True, filters=[]).id for n in range(3)]
    assert sorted(one.id for one in sdk.ai_gateway.datasets.list(**place, per_page=2)) == sorted([made.id, *others])
    assert [one.id for one in sdk.ai_gateway.datasets.list(**place, enable=False)] == [made.id]
    assert [one.id for one in sdk.ai_gateway.datasets.list(**place, name="d1")] == [others[1]]
    assert [one.id for one in sdk.ai_gateway.datasets.list(**place, search="dea")] == [made.id]
    assert sdk.ai_gateway.datasets.delete(made.id, **place).id == made.id
    with pytest.raises(cloudflare.NotFoundError):
        sdk.ai_gateway.datasets.get(made.id, **place)
    for wrong in ({"key": "event_id", "operator": "eq", "value": ["x"]}, {"key": "model", "operator": "neq", "value": ["x"]}):
        with pytest.raises(cloudflare.BadRequestError):
            sdk.ai_gateway.datasets.create(**place, name="wrong", enable=True, filters=[wrong])  # type: ignore


def test_evaluations(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    types = {one.type: one for one in sdk.ai_gateway.evaluation_types.list(account_id=tenant.id, per_page=2)}
    assert len(types) == 3 and all(one.id and one.name and isinstance(one.enable, bool) for one in types.values())
    backwards = list(sdk.ai_gateway.evaluation_types.list(account_id=tenant.id, order_by="name", order_by_direction="desc"))
    assert [one.name for one in backwards] == sorted((one.name for one in types.values()), reverse=True)

    name = tenant.make()
    place: dict[str, Any] = {"gateway_id": name, "account_id": tenant.id}
    rows = spoken(tenant, name)
    for row, feedback in ((rows[0], 1), (rows[1], 1), (rows[2], -1)):
        path = f"/ai-gateway/gateways/{name}/logs/{row['id']}"
        assert tenant.rest("PATCH", path, json={"feedback": feedback}).status_code == 200
    filters: list[Any] = [{"key": "success", "operator": "eq", "value": [True]}]
    dataset = sdk.ai_gateway.datasets.create(**place, name="good", enable=True, filters=filters)
    made = sdk.ai_gateway.evaluations.create(
        **place, name="first", dataset_ids=[dataset.id], evaluation_type_ids=[one.id for one in types.values()]
    )
    assert made.name == "first" and made.gateway_id == name and [one.id for one in made.datasets] == [dataset.id]
    assert made.datasets[0].account_id and made.datasets[0].account_tag

    done = eventually(
        lambda: (lambda one: one if one.processed else None)(sdk.ai_gateway.evaluations.get(made.id, **place)),
        "the evaluation",
    )
    assert done.total_logs == 3
    results = {one.evaluation_type_id: one for one in done.results}
    assert set(results) == {one.id for one in types.values()}
    for one in results.values():
        assert one.evaluation_id == made.id and one.status == 2 and one.status_description and isinstance(one.result, str)
    good = [row for row in rows if row["success"]]
    by_type = {kind: results[one.id].result for kind, one in types.items()}
    [cost] = [value for kind, value in by_type.items() if "cost" in kind]
    assert float(cost) == pytest.approx(sum(row["cost"] for row in good) / len(good), rel=1e-3)
    [liked] = [value for kind, value in by_type.items() if "feedback" in kind]
    judged = {rows[0]["id"]: 1, rows[1]["id"]: 1, rows[2]["id"]: -1}
    marks = [judged[row["id"]] for row in good if row["id"] in judged]
    assert float(liked) == pytest.approx(100 * marks.count(1) / len(marks), abs=0.1)

    assert [one.id for one in sdk.ai_gateway.evaluations.list(**place, processed=True)] == [made.id]
    assert [one.id for one in sdk.ai_gateway.evaluations.list(**place, name="first")] == [made.id]
    assert list(sdk.ai_gateway.evaluations.list(**place, search="nothing is called so")) == []
    assert sdk.ai_gateway.evaluations.delete(made.id, **place).id == made.id
    with pytest.raises(cloudflare.NotFoundError):
        sdk.ai_gateway.evaluations.get(made.id, **place)


# Money.


def test_credit_balance(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    before = sdk.ai_gateway.billing.credit_balance(account_id=tenant.id)
    assert before.balance == 9_500 and before.has_default_payment_method is False and before.payment_method is None
    assert before.first_topup_success is True and before.topup_config.amount is None
    tenant.run(MODEL, messages("Hello"))
    after = sdk.ai_gateway.billing.credit_balance(account_id=tenant.id)
    assert after.balance == float(tenant.balance_cents()) < before.balance


def test_invoice_history(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    history = sdk.ai_gateway.billing.invoice_history(account_id=tenant.id)
    [invoice] = history.invoices
    assert (invoice.amount_due, invoice.amount_paid, invoice.amount_remaining, invoice.currency) == (10_000, 10_000, 0, "usd")
    assert invoice.status == "paid" and invoice.id and invoice.created
    assert (history.pagination.has_more, history.pagination.page, history.pagination.total_count) == (False, 1, 1)
    for kind, count in (("all", 1), ("manual", 1), ("auto", 0)):
        assert len(sdk.ai_gateway.billing.invoice_history(account_id=tenant.id, type=kind).invoices) == count  # type: ignore


def test_invoice_preview(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    tenant.run(MODEL, messages("Hello"))
    cost = 9_500 - tenant.balance_cents()

    def look() -> Any:
        preview = sdk.ai_gateway.billing.invoice_preview(account_id=tenant.id)
        return preview if preview.invoice_lines else None

    preview = eventually(look, "a line")
    [line] = preview.invoice_lines
    assert line.amount == pytest.approx(float(cost)) and line.quantity == 1 and line.currency == "usd"
    assert preview.amount_due == pytest.approx(float(cost)) and preview.status == "draft" and preview.id
    assert preview.period_start < preview.period_end


@pytest.mark.parametrize("window", ["day", "hour"])
def test_usage_history(tenant: Tenant, sdk: cloudflare.Cloudflare, window: Any) -> None:
    tenant.run(MODEL, messages("Hello"))
    cost = float(9_500 - tenant.balance_cents())
    history = sdk.ai_gateway.billing.usage_history(account_id=tenant.id, value_grouping_window=window).history
    assert sum(one.aggregated_value for one in history) == pytest.approx(cost)
    length = (86_400 if window == "day" else 3_600) * 1_000
    assert all(one.end_time - one.start_time == length and one.id for one in history)
    first = history[-1].start_time
    only = sdk.ai_gateway.billing.usage_history(
        account_id=tenant.id, value_grouping_window=window, start_time=first, end_time=first + length - 1
    ).history
    assert [one.start_time for one in only] == [first]


def test_spending_limit(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    none = sdk.ai_gateway.billing.spending_limit.get(account_id=tenant.id)
    assert none.enabled is False and none.config.amount is None
    # An account that could lift its own limit would have none: who stands above it sets it.
    above = sdk.with_options(api_token=tenant.gateway.key).ai_gateway.billing.spending_limit
    with pytest.raises(cloudflare.PermissionDeniedError):
        sdk.ai_gateway.billing.spending_limit.create(account_id=tenant.id, amount=100, duration="daily", strategy="fixed")
    for duration in ("daily", "monthly"):
        above.create(account_id=tenant.id, amount=100, duration=duration, strategy="fixed")  # type: ignore
        held = sdk.ai_gateway.billing.spending_limit.get(account_id=tenant.id)
        assert (held.enabled, held.config.amount, held.config.duration, held.config.strategy) == (True, 100, duration, "fixed")
    with pytest.raises(cloudflare.BadRequestError):
        above.create(account_id=tenant.id, amount=99, duration="daily", strategy="fixed")
    above.delete(account_id=tenant.id)
    assert sdk.ai_gateway.billing.spending_limit.get(account_id=tenant.id).enabled is False


@pytest.mark.xfail(reason="weekly and sliding limits (10.2) are refused: accounts are held to calendar days and months")
@pytest.mark.parametrize(("duration", "strategy"), [("weekly", "fixed"), ("daily", "sliding")])
def test_spending_limits_of_other_kinds(tenant: Tenant, sdk: cloudflare.Cloudflare, duration: Any, strategy: Any) -> None:
    above = sdk.with_options(api_token=tenant.gateway.key).ai_gateway.billing.spending_limit
    above.create(account_id=tenant.id, amount=500, duration=duration, strategy=strategy)
    held = above.get(account_id=tenant.id)
    assert (held.config.amount, held.config.duration, held.config.strategy) == (500, duration, strategy)


@pytest.fixture(scope="module")
def stripe_api() -> Iterator[StripeAPI]:
    with StripeAPI() as api:
        yield api


@pytest.fixture
def payer(paying: Gateway) -> Iterator[Tenant]:
    made = Tenant(paying)
    yield made
    made.close()


@pytest.fixture(scope="module")
def paying(start: Callable[..., Gateway], stripe_api: StripeAPI) -> Gateway:
    """Takes payments, by itself too."""
    environment = {
        "AIGATEWAY_STRIPE_WEBHOOK_SECRET": SECRET, "AIGATEWAY_STRIPE_SECRET_KEY": "sk_test_of_the_tests",
        "AIGATEWAY_STRIPE_API_BASE": stripe_api.address, "AIGATEWAY_BILLING_AUTO_RELOAD": "true",
    }  # fmt: skip
    return start(sandbox="on", environment=environment)


def tell(tenant: Tenant, kind: str, data: dict[str, Any]) -> None:
    """What Stripe's webhook says."""
    body = event(kind, data)
    headers = {"Stripe-Signature": signature(body), "Content-Type": "application/json"}
    assert tenant.http.post("/v1/stripe/webhook", content=body, headers=headers).status_code == 200


def test_topup_status(payer: Tenant) -> None:
    with payer.sdk() as client:
        billing = client.ai_gateway.billing
        payment = stripe_id("pi")
        before = billing.topup.status(account_id=payer.id, payment_intent_id=payment)
        assert (before.payment_intent_id, before.status) == (payment, "pending")
        tell(payer, "checkout.session.completed", session(payment, 2_000, payer.id))
        after = eventually(
            lambda: (lambda one: one if one.status == "completed" else None)(
                billing.topup.status(account_id=payer.id, payment_intent_id=payment)
            ),
            "the payment",
        )
        assert after.payment_intent_id == payment
        newest, oldest = billing.invoice_history(account_id=payer.id).invoices
        assert (newest.amount_paid, oldest.amount_paid) == (2_000, 10_000)
        assert eventually(lambda: billing.credit_balance(account_id=payer.id).balance == 11_400 or None, "the credit")
    other = Tenant(payer.gateway)
    with other.sdk() as client:
        seen = client.ai_gateway.billing.topup.status(account_id=other.id, payment_intent_id=payment)
        assert seen.status == "pending"
    other.close()


def test_topup_config(payer: Tenant) -> None:
    tell(payer, "payment_intent.succeeded", saving_payment(payer.id))
    tell(payer, "charge.succeeded", saving_charge(payer.id))
    with payer.sdk() as client:
        billing = client.ai_gateway.billing

        def method() -> Any:
            balance = billing.credit_balance(account_id=payer.id)
            return balance if balance.payment_method and balance.payment_method.last4 else None

        known = eventually(method, "the payment method")
        assert known.has_default_payment_method is True
        assert (known.payment_method.brand, known.payment_method.last4) == ("visa", "4242")
        none = billing.topup.config.get(account_id=payer.id)
        assert none.amount is None and none.threshold is None and none.disabled_reason
        for amount, threshold in ((999, 500), (1_000, 499)):
            with pytest.raises(cloudflare.BadRequestError):
                billing.topup.config.create(account_id=payer.id, amount=amount, threshold=threshold)
        made = billing.topup.config.create(account_id=payer.id, amount=2_000, threshold=500)
        assert (made.amount, made.threshold) == (2_000, 500)
        held = billing.topup.config.get(account_id=payer.id)
        assert (held.amount, held.threshold, held.disabled_reason, held.error) == (2_000, 500, None, None)
        assert billing.credit_balance(account_id=payer.id).topup_config.amount == 2_000
        billing.topup.config.delete(account_id=payer.id)
        assert billing.topup.config.get(account_id=payer.id).disabled_reason


def test_topup_create_keeps_to_its_least(payer: Tenant) -> None:
    with payer.sdk() as client:
        for amount in (0, 999):
            with pytest.raises(cloudflare.BadRequestError) as caught:
                client.ai_gateway.billing.topup.create(account_id=payer.id, amount=amount)
            assert caught.value.errors[0].code == 7001


@pytest.mark.xfail(reason="payments (10.2) are made on a page of the payment service, not through this route")
def test_topup_create(payer: Tenant) -> None:
    with payer.sdk() as client:
        begun = client.ai_gateway.billing.topup.create(account_id=payer.id, amount=1_000)
        assert begun.payment_intent_id and isinstance(begun.onboarding, bool)


def test_money_is_its_owners_business(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    other = Tenant(tenant.gateway)
    with pytest.raises(cloudflare.PermissionDeniedError):
        sdk.ai_gateway.billing.credit_balance(account_id=other.id)
    other.close()


# Dynamic routes.


def elements(model: str = "o4-mini") -> list[Any]:
    """The SDK's own spelling: it says `element_id` and sends `elementId`."""
    return [
        {"id": "start", "type": "start", "outputs": {"next": {"element_id": "is-free"}}},
        {"id": "is-free", "type": "conditional", "properties": {"conditions": {"metadata.plan": {"$eq": "free"}}},
         "outputs": {"true": {"element_id": "limit"}, "false": {"element_id": "share"}}},
        {"id": "limit", "type": "rate",
         "properties": {"limit_type": "count", "key": "metadata.user", "limit": 2, "window": 2_592_000},
         "outputs": {"success": {"element_id": "share"}, "fallback": {"element_id": "end"}}},
        {"id": "share", "type": "percentage", "outputs": {"10%": {"element_id": "small"}, "90%": {"element_id": "large"}}},
        {"id": "small", "type": "model",
         "properties": {"provider": "openai", "model": model, "timeout": 5_000, "retries": 0},
         "outputs": {"success": {"element_id": "end"}, "fallback": {"element_id": "large"}}},
        {"id": "large", "type": "model",
         "properties": {"provider": "openai", "model": "gpt-4.1-mini", "timeout": 5_000, "retries": 1},
         "outputs": {"success": {"element_id": "end"}, "fallback": {"element_id": "end"}}},
        {"id": "end", "type": "end", "outputs": {}},
    ]  # fmt: skip


def test_dynamic_routing(tenant: Tenant, sdk: cloudflare.Cloudflare) -> None:
    gateway = tenant.make()
    place: dict[str, Any] = {"gateway_id": gateway, "account_id": tenant.id}
    routing = sdk.ai_gateway.dynamic_routing
    name = new_name("route")
    made = routing.create(**place, name=name, elements=elements())
    sent = json.loads(tenant.asked[-1].content)["elements"]
    assert sent[2]["properties"]["limitType"] == "count" and sent[0]["outputs"] == {"next": {"elementId": "is-free"}}
    assert (made.name, made.gateway_id, made.version.active, made.version.is_valid) == (name, gateway, "true", True)
    assert made.deployment.version_id == made.version.version_id and made.deployment.deployment_id
    assert json.loads(made.version.data) == sent and len(made.elements) == 7
    assert made.elements[2].properties.limit_type == "count"  # type: ignore

    assert routing.get(made.id, **place).to_json() == made.to_json()
    renamed = routing.update(made.id, **place, name=f"{name}-2")
    assert renamed.success is True and renamed.route.name == f"{name}-2" and renamed.route.version.active == "true"

    drafted = routing.create_version(made.id, **place, elements=elements("o3-mini"))
    assert drafted.id == made.id and drafted.elements[4].properties.model == "o3-mini"  # type: ignore
    versions = routing.list_versions(made.id, **place)
    assert versions.success is True and [one.active for one in versions.data.versions].count("true") == 1
    [draft] = [one for one in versions.data.versions if one.active == "false"]
    assert json.loads(draft.data)[4]["properties"]["model"] == "o3-mini" and draft.is_valid is True
    single = routing.get_version(draft.version_id, id=made.id, **place)
    assert (single.version_id, single.active, single.data) == (draft.version_id, "false", draft.data)

    assert routing.create_deployment(made.id, **place, version_id=draft.version_id).id == made.id
    assert routing.get(made.id, **place).version.version_id == draft.version_id
    assert routing.get_version(draft.version_id, id=made.id, **place).active == "true"
    deployments = routing.list_deployments(made.id, **place)
    assert deployments.success is True and len(deployments.data.deployments) == 2
    assert {one.version_id for one in deployments.data.deployments} == {draft.version_id, made.version.version_id}
    # Back to the older one.
    routing.create_deployment(made.id, **place, version_id=made.version.version_id)
    assert routing.get(made.id, **place).version.version_id == made.version.version_id

    listed = routing.list(**place, page=1, per_page=10)
    assert listed.success is True and [one.id for one in listed.data.routes] == [made.id]
    assert listed.data.page == 1 and listed.data.per_page == 10 and listed.data.routes[0].account_tag
    assert routing.list(**place, page=2).data.routes == []
    gone = routing.delete(made.id, **place)
    assert gone.id == made.id and gone.elements
    with pytest.raises(cloudflare.NotFoundError):
        routing.get(made.id, **place)
    assert routing.list(**place).data.routes == []
