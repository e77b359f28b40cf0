"""`env.AI` of JavaScript, and every code sample of the model pages with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway_process import Gateway
from support.models import MODELS
from support.node import PACKAGE, run_node, run_node_tests
from test_seed_pages import DETECTIVE, PYTHON, RECURSION, TRIP

JS = Path(__file__).parent / "js"
RUNNER = PACKAGE / "examples" / "run-sample.mjs"
# What the samples ask, which is the same on every page.
ASKED: dict[str, list[dict[str, Any]]] = {
    "usage": [{"role": "user", "content": "What are the three laws of thermodynamics?"}],
    "with-system-message": [
        {"role": "system", "content": PYTHON},
        {"role": "user", "content": "How do I read a JSON file in Python?"},
    ],
    "multi-turn-conversation": TRIP,
    "creative-writing": [{"role": "user", "content": DETECTIVE}],
    "streaming-response": [{"role": "user", "content": RECURSION}],
}
GATEWAY = "{\ngateway: { id: 'default' },\n}\n"
WITHOUT_GATEWAY = "openai/o3-mini"


def sample_path(model: str, name: str) -> Path:
    return JS / "samples" / model.removeprefix("openai/") / f"{name}.ts"


def with_the_other_call(sample: str) -> str:
    """The same call without its gateway, or with one when it has none."""
    if sample.count(GATEWAY) == 1:
        return sample.replace(GATEWAY, "")
    assert "gateway" not in sample and sample.count("},\n)\n") == 1
    return sample.replace("},\n)\n", "},\n" + GATEWAY + ")\n")


def environment(gateway: Gateway, **more: str) -> dict[str, str]:
    return {"AIGATEWAY_BASE_URL": gateway.base_url, "AIGATEWAY_API_KEY": gateway.key, **more}


def answer(gateway: Gateway, model: str, messages: list[dict[str, Any]]) -> str:
    reply = httpx.post(
        f"{gateway.base_url}/v1/chat/completions", headers={"Authorization": f"Bearer {gateway.key}"},
        json={"model": model, "messages": messages},
    )  # fmt: skip
    assert reply.status_code == 200, reply.text
    return reply.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize("model", MODELS)
def test_samples_are_those_of_the_page(model: str) -> None:
    assert {path.stem for path in sample_path(model, "usage").parent.iterdir()} == set(ASKED)
    for name in ASKED:
        sample = sample_path(model, name).read_text()
        assert (GATEWAY in sample) == (model != WITHOUT_GATEWAY)
        assert f"'{model}',\n" in sample and sample.endswith(")\nconsole.log(response)\n")


@pytest.mark.parametrize("call", ["as it stands", "the other call"])
@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("model", MODELS)
def test_sample(gateway: Gateway, model: str, name: str, call: str, tmp_path: Path) -> None:
    path = sample_path(model, name)
    if call == "the other call":
        changed = tmp_path / "sample.ts"
        changed.write_text(with_the_other_call(path.read_text()))
        path = changed
    done = run_node(RUNNER, path, **environment(gateway))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == answer(gateway, model, ASKED[name]) + "\n" != "\n"


@pytest.mark.parametrize("name", ["usage", "streaming-response"])
@pytest.mark.parametrize("transport", ["tunnel", "rest"])
def test_sample_by_another_transport(gateway: Gateway, name: str, transport: str) -> None:
    path = sample_path(MODELS[0], name)
    done = run_node(RUNNER, path, **environment(gateway, AIGATEWAY_TRANSPORT=transport))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == answer(gateway, MODELS[0], ASKED[name]) + "\n"


@pytest.mark.parametrize("transport", ["native", "tunnel", "rest"])
def test_binding(gateway: Gateway, transport: str) -> None:
    run_node_tests(JS / "binding.mjs", **environment(gateway, AIGATEWAY_TRANSPORT=transport))


def test_readme(gateway: Gateway, tmp_path: Path) -> None:
    [example] = re.findall(r"```js\n(.*?)```", (PACKAGE / "README.md").read_text(), re.S)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "aigateway").symlink_to(PACKAGE)
    (tmp_path / "example.mjs").write_text(example)
    done = run_node(tmp_path / "example.mjs", **environment(gateway))
    assert (done.returncode, done.stderr) == (0, "")
    texts = [answer(gateway, model, ASKED["usage"]) for model in ("openai/o4-mini", "openai/o3-mini")]
    expected = [texts[0], "true true", texts[1], "200", "404 7003"]
    assert done.stdout == "\n".join(expected) + "\n"


def test_package() -> None:
    """The package's own tests, which need no gateway."""
    run_node_tests(*sorted((PACKAGE / "test").glob("*.test.mjs")))
