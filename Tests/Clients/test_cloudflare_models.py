"""The catalogue as Cloudflare's clients search it, and the data that pages about models are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway_process import Gateway
from support.cloudflare import MODEL, Tenant, messages, refusal, result
from support.models import MODELS

# As the pages print them.
CONTEXT = {
    "openai/o4-mini": "200,000 tokens", "openai/o3-mini": "200,000 tokens", "openai/gpt-4.1-mini": "1,047,576 tokens",
    "openai/gpt-5.4-mini": "128,000 tokens",
}  # fmt: skip
PARAMETERS = {
    "temperature": {"minimum": 0, "maximum": 2}, "max_tokens": {"exclusiveMinimum": 0},
    "max_completion_tokens": {"exclusiveMinimum": 0}, "top_p": {"minimum": 0, "maximum": 1},
    "frequency_penalty": {"minimum": -2, "maximum": 2}, "presence_penalty": {"minimum": -2, "maximum": 2},
}  # fmt: skip
EXAMPLES = ["Usage", "With System Message", "Multi-turn Conversation", "Creative Writing", "Streaming Response"]


@pytest.fixture
def anybody(gateway: Gateway) -> Iterator[httpx.Client]:
    """Somebody without a key."""
    with httpx.Client(base_url=gateway.base_url, trust_env=False, verify=False) as made:
        yield made


def page(anybody: httpx.Client, path: str, **query: Any) -> Any:
    answer = anybody.get(f"/ai/models{path}", params=query)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/json"), answer.text
    return answer.json()


# Pages.


@pytest.mark.parametrize("model", MODELS)
def test_the_data_of_a_models_page(anybody: httpx.Client, model: str) -> None:
    told = page(anybody, f"/{model}")
    assert (told["model_id"], told["provider_id"], told["author"], told["task"]) == (model, "openai", "OpenAI", "Text Generation")
    assert told["name"] and told["description"] and told["badge"] == "Proxied"
    rows = {row["name"]: row for row in told["model_info"]}
    assert list(rows)[:3] == ["Context Window", "Terms and License", "More information"]
    # What is not known has no row.
    assert ("Pricing" in rows) == bool(told["pricing"]) and ("Pricing" not in rows or list(rows)[-1] == "Pricing")
    assert rows["Context Window"]["value"] == CONTEXT[model]
    assert rows["Terms and License"]["url"].startswith("https://") and rows["More information"]["url"].startswith("https://")
    examples = [told["default_example"], *told["examples"]]
    names = list(dict.fromkeys(example["name"] for example in examples))
    assert names == EXAMPLES
    for example in examples:
        assert example["input"]["messages"] and example["output"]["text"]
        labels = {snippet["label"] for snippet in example["code_snippets"]}
        assert labels == {"typescript", "curl"} and all(model in snippet["code"] for snippet in example["code_snippets"])


@pytest.mark.parametrize("model", MODELS)
def test_what_examples_send_is_what_models_take(tenant: Tenant, anybody: httpx.Client, model: str) -> None:
    told = page(anybody, f"/{model}")
    for example in [told["default_example"], *told["examples"]]:
        assert tenant.binding(model, example["input"]).status_code == 200, example["name"]


@pytest.mark.parametrize("model", MODELS)
def test_the_schemas_of_a_model(anybody: httpx.Client, tenant: Tenant, model: str) -> None:
    given, answered = (page(anybody, f"/{model}/schema-{side}.json") for side in ("input", "output"))
    assert given["type"] == "object" and given["required"] == ["messages"]
    message = given["properties"]["messages"]["items"]
    assert message["required"] == ["role", "content"]
    assert message["properties"]["role"]["enum"] == ["system", "developer", "user", "assistant", "tool"]
    for name, bounds in PARAMETERS.items():
        assert given["properties"][name] == {"type": "number", **bounds}, name
    options = given["properties"]["stream_options"]
    assert options["properties"] == {"include_usage": {"type": "boolean"}} and options["additionalProperties"] is False
    assert given["properties"]["tool_choice"] == given["properties"]["response_format"] == {}
    assert answered["required"] == ["id", "object", "created", "model", "choices"]
    assert result(tenant.rest("GET", "/ai/models/schema", params={"model": model})) == {"input": given, "output": answered}


def test_what_is_not_there(anybody: httpx.Client, tenant: Tenant) -> None:
    for path in ("/openai/none", "/openai/o4-mini/schema-none.json", "/openai", "/../../etc/passwd"):
        assert anybody.get(f"/ai/models{path}").status_code == 404, path
    refused = tenant.rest("GET", "/ai/models/schema", params={"model": "openai/none"})
    assert refused.status_code == 404 and refused.json()["errors"][0]["code"] == 7003
    refusal(tenant.rest("GET", "/ai/models/schema"), 400, 7001)


def test_the_list_is_searched_and_sorted(anybody: httpx.Client) -> None:
    def names(**query: Any) -> list[str]:
        return [one["model_id"] for one in page(anybody, "", **query)["models"]]

    everything = names()
    assert set(MODELS) <= set(everything) and len(everything) == len(set(everything))
    # Every word must be there, wherever it is.
    assert MODEL in names(search="OPENAI o4") and names(search="o4-mini nonsense") == []
    authored = names(authors="openai")
    assert set(authored) == {name for name in everything if name.startswith(("openai/", "@cf/openai/"))}
    # Any of one facet, all of several.
    both = names(authors=["openai", "anthropic"])
    assert set(both) > set(authored) and any(name.startswith("anthropic/") for name in both)
    assert set(names(authors="openai", capabilities="reasoning")) < set(authored)
    assert all(name.startswith("@cf/") for name in names(providers="cloudflare-hosted"))
    dated = [one["created_at"] for one in page(anybody, "", sort="oldest")["models"] if one["created_at"]]
    assert dated == sorted(dated)
    assert anybody.get("/ai/models", params={"sort": "best"}).status_code == 400


def test_the_list_tells_its_facets(anybody: httpx.Client) -> None:
    told = page(anybody, "")
    assert told["total_count"] == len(told["models"]) and told["sort"] == "newest"
    labels = {choice["id"]: choice["label"] for choice in told["facets"]["capabilities"]}
    assert labels["function_calling"] == "Function calling" and labels["reasoning"] == "Reasoning" and labels["vision"] == "Vision"
    assert {choice["id"] for choice in told["facets"]["providers"]} == {"cloudflare-hosted", "third-party"}
    assert all(choice["count"] >= 0 and choice["selected"] is False for choices in told["facets"].values() for choice in choices)


# Searches.


def test_pages_of_50_are_50_long(tenant: Tenant) -> None:
    """One client takes a shorter page for the last."""
    total = tenant.rest("GET", "/ai/models/search", params={"per_page": 50}).json()["result_info"]["total_count"]
    assert total > 50
    sizes = [
        len(result_of(tenant.rest("GET", "/ai/models/search", params={"per_page": 50, "page": number})))
        for number in range(1, total // 50 + 3)
    ]
    assert sizes == [50] * (total // 50) + [total % 50] + [0]


def result_of(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200 and answer.json()["success"] is True, answer.text
    return answer.json()["result"]


def test_who_may_search(tenant: Tenant, anybody: httpx.Client) -> None:
    path = f"/client/v4/accounts/{tenant.id}/ai/models/search"
    refusal(anybody.get(path), 401, 10000)
    assert tenant.http.get(path).status_code == 200


def test_prices_are_those_that_are_paid(tenant: Tenant) -> None:
    [found] = result_of(tenant.rest("GET", "/ai/models/search", params={"search": MODEL}))
    price = next(one["value"] for one in found["properties"] if one["property_id"] == "price")
    rates = {one["unit"]: one["price"] for one in price}
    assert {one["currency"] for one in price} == {"USD"}
    answer = tenant.run(MODEL, messages("Hello"))
    usage = result(answer)["usage"]
    cost = (usage["prompt_tokens"] * rates["per M input tokens"] + usage["completion_tokens"] * rates["per M output tokens"]) / 1e6
    assert tenant.log("default", answer)["cost"] == pytest.approx(cost)
