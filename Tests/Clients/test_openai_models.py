"""The catalogue, through the SDK and through the two ways of writing an id in a path."""

from __future__ import annotations

import httpx
import openai
import pytest

from gateway_process import Gateway

MODELS = ["openai/o4-mini", "openai/o3-mini", "openai/gpt-4.1-mini", "openai/gpt-5.4-mini"]


def test_list(client: openai.OpenAI) -> None:
    models = {model.id: model for model in client.models.list()}
    assert set(MODELS) <= set(models)
    for id_ in MODELS:
        assert models[id_].object == "model"
        assert models[id_].owned_by == "openai"


@pytest.mark.parametrize("id_", MODELS)
def test_retrieve(client: openai.OpenAI, id_: str) -> None:
    assert client.models.retrieve(id_).id == id_


@pytest.mark.parametrize("path", ["openai/o4-mini", "openai%2Fo4-mini", "openai%2fo4-mini"])
def test_retrieve_by_path(gateway: Gateway, path: str) -> None:
    answer = httpx.get(f"{gateway.base_url}/v1/models/{path}", headers={"Authorization": f"Bearer {gateway.key}"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == "openai/o4-mini"


@pytest.mark.parametrize("id_", ["openai/nothing", "nothing", "openai/o4-mini/more", "%00", "..%2f..%2fetc%2fpasswd"])
def test_unknown_model(gateway: Gateway, id_: str) -> None:
    answer = httpx.get(f"{gateway.base_url}/v1/models/{id_}", headers={"Authorization": f"Bearer {gateway.key}"})
    assert answer.status_code in (400, 404), answer.text
    assert answer.json()["error"]["code"] == answer.status_code


@pytest.mark.parametrize("path", ["healthz", "readyz"])
def test_health_needs_no_key(gateway: Gateway, path: str) -> None:
    assert httpx.get(f"{gateway.base_url}/{path}").status_code == 200
