"""The catalogue through the product's own published client."""

from __future__ import annotations

from collections.abc import Iterator

import aigateway
import pytest

from gateway_process import Gateway
from support.models import MODELS

WINDOWS = dict(zip(MODELS, [200_000, 200_000, 1_047_576, 128_000]))


@pytest.fixture
def own(gateway: Gateway) -> Iterator[aigateway.AIgateway]:
    with aigateway.AIgateway(gateway.key, base_url=gateway.base_url, media_base_url=gateway.base_url, tag="t") as made:
        yield made


def test_list(own: aigateway.AIgateway) -> None:
    models = {model["id"]: model for model in own.models.list()}
    assert {id_: models[id_]["context_window"] for id_ in MODELS} == WINDOWS
    assert all(models[id_]["modality"] == "text" and models[id_]["owned_by"] == "openai" for id_ in MODELS)


@pytest.mark.parametrize("filters", [{"modality": "text"}, {"provider": "openai"}])
def test_list_takes_filters(own: aigateway.AIgateway, filters: dict[str, str]) -> None:
    assert set(MODELS) <= {model["id"] for model in own.models.list(**filters)}


@pytest.mark.parametrize("filters", [{"modality": "embedding"}, {"provider": "nobody"}])
def test_list_keeps_to_filters(own: aigateway.AIgateway, filters: dict[str, str]) -> None:
    assert not set(MODELS) & {model["id"] for model in own.models.list(**filters)}


@pytest.mark.parametrize("id_", MODELS)
def test_get(own: aigateway.AIgateway, id_: str) -> None:
    model = own.models.get(id_)
    assert (model["id"], model["object"], model["context_window"]) == (id_, "model", WINDOWS[id_])


def test_get_the_model_of_the_page(own: aigateway.AIgateway) -> None:
    model = own.models.get("openai/o4-mini")
    assert (model["max_output"], model["released"], model["family"]) == (100_000, "2026-05-22", "o-series")
    assert model["pricing"]["input_per_1m"] == 1.10 and model["pricing"]["output_per_1m"] == 4.40
    assert {"tools", "streaming", "vision", "json", "reasoning"} == set(model["capabilities"])


@pytest.mark.parametrize("id_", ["openai/nothing", "nothing"])
def test_get_unknown(own: aigateway.AIgateway, id_: str) -> None:
    with pytest.raises(aigateway.AIgatewayError) as caught:
        own.models.get(id_)
    assert (caught.value.status_code, caught.value.type) == (404, "not_found")
    assert str(caught.value)


def test_sub_accounts(own: aigateway.AIgateway) -> None:
    made = own.sub_accounts.create(name="of the SDK", external_ref="crm-7", spend_cap_cents=500, rate_limit_rpm=60)
    assert made["key"].startswith("sk-aig-") and made["scoped_key"] == made["key"]
    record = own.sub_accounts.get(made["id"])
    assert (record["name"], record["external_ref"], record["spend_cap_cents"]) == ("of the SDK", "crm-7", 500)
    assert "key" not in record
    assert made["id"] in {account["id"] for account in own.sub_accounts.list()}
    assert own.sub_accounts.delete(made["id"])["status"] == "ok"
    with pytest.raises(aigateway.AIgatewayError) as caught:
        own.sub_accounts.get("acc_nobody")
    assert (caught.value.status_code, caught.value.type) == (404, "not_found")


@pytest.mark.parametrize("call", ["evals", "replays"])
def test_what_is_not_there_yet_is_an_error_it_can_read(own: aigateway.AIgateway, call: str) -> None:
    with pytest.raises(aigateway.AIgatewayError) as caught:
        getattr(own, call).list()
    assert (caught.value.status_code, caught.value.type) == (404, "not_found")


@pytest.mark.anyio
async def test_async(gateway: Gateway) -> None:
    async with aigateway.AsyncAIgateway(gateway.key, base_url=gateway.base_url) as own:
        assert set(MODELS) <= {model["id"] for model in await own.models.list()}
        assert (await own.models.get("openai/o4-mini"))["name"] == "O4-Mini"
