"""The compatibility checks of Cloudflare's surface, one by one, in their order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway_process import Gateway
from support.cloudflare import (
    MODEL,
    Tenant,
    chat,
    chunks,
    events,
    gateway_refusal,
    messages,
    refusal,
    result,
    step,
    streamed_text,
    text_of,
)
from support.models import MODELS
from support.node import PACKAGE, run_node
from support.raw import new_id
from support.upstream import FaultyUpstream
from test_js_binding import ASKED, environment, sample_path

HOSTED = "@cf/openai/gpt-oss-20b"
HOUR = 3_600


def native(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return chat(text, "o4-mini", **more)


@pytest.mark.parametrize("model", MODELS)
def test_01_with_and_without_a_gateway_the_log_lands_in_default_which_is_made(tenant: Tenant, model: str) -> None:
    assert tenant.rest("GET", "/ai-gateway/gateways").json()["result"] == []
    answers = [tenant.binding(model, messages()), tenant.binding(model, messages(), {"id": "default"}), tenant.run(model, messages())]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    [made] = tenant.rest("GET", "/ai-gateway/gateways").json()["result"]
    assert made["id"] == "default" and made["is_default"] is True
    rows = tenant.awaited_logs("default", 3)
    assert {row["id"] for row in rows} == {answer.headers["cf-aig-log-id"] for answer in answers}


@pytest.mark.parametrize("asked", ["run", "hosted", "batch", "log", "url", "patch", "error"])
def test_02_json_of_the_binding_has_a_bare_content_type(tenant: Tenant, asked: str) -> None:
    made = tenant.binding(MODEL, messages())
    log = f"/binding/ai-gateway/gateways/default/logs/{tenant.log('default', made)['id']}"
    answer = {
        "run": lambda: made,
        "hosted": lambda: tenant.binding(HOSTED, messages()),
        "batch": lambda: tenant.binding(MODEL, {"requests": [messages()]}, queueRequest=True),
        "log": lambda: tenant.http.get(log),
        "url": lambda: tenant.http.get("/binding/ai-gateway/gateways/default/url/universal"),
        "patch": lambda: tenant.http.patch(log, json={"score": 1}),
        "error": lambda: tenant.binding("openai/none", messages()),
    }[asked]()
    assert answer.headers["content-type"] == "application/json"


def test_03_names_of_models_may_be_escaped(tenant: Tenant) -> None:
    ids = {result(tenant.run(name, messages()))["id"] for name in ("openai%2Fo4-mini", "openai/o4-mini")}
    assert len(ids) == 1
    names = (HOSTED, "@cf%2Fopenai%2Fgpt-oss-20b", "%40cf%2Fopenai%2Fgpt-oss-20b", "%40cf/openai/gpt-oss-20b")
    assert len({result(tenant.run(name, {"prompt": "Hi"}))["response"] for name in names}) == 1


@pytest.mark.parametrize(
    "path",
    ["gateways", "custom-providers", "evaluation-types", "gateways/default/logs", "gateways/default/provider_configs",
     "gateways/default/datasets", "gateways/default/evaluations"],
)  # fmt: skip
def test_04_a_page_past_the_end_is_an_empty_one(tenant: Tenant, path: str) -> None:
    tenant.run(MODEL, messages())
    answer = tenant.rest("GET", f"/ai-gateway/{path}", params={"page": 99, "per_page": 20})
    assert answer.status_code == 200 and answer.json()["success"] is True
    assert answer.json()["result"] == [] and answer.json()["result_info"]["count"] == 0
    models = tenant.rest("GET", "/ai/models/search", params={"page": 99, "per_page": 50})
    assert models.status_code == 200 and models.json()["result"] == []


def test_04_57_logs_on_pages_of_20_come_to_an_end(tenant: Tenant) -> None:
    name = tenant.make()
    for _ in range(57):
        # What is refused before anybody is asked is written down too.
        tenant.run("openai/none", messages(), name)
    rows = tenant.awaited_logs(name, 57)
    with tenant.sdk(strict=False) as client:
        found = [row.id for row in client.ai_gateway.logs.list(gateway_id=name, account_id=tenant.id, per_page=20)]
    assert len(found) == 57 and set(found) == {row["id"] for row in rows}
    assert [request.url.params.get("page", "1") for request in tenant.asked] == ["1", "2", "3", "4"]


def test_05_errors_of_the_gateway_have_all_that_clients_look_for(tenant: Tenant) -> None:
    for answer in (
        tenant.host("none", "/openai/chat/completions", native()),
        tenant.host("default", "/openai/chat/completions", native(), headers={"cf-aig-authorization": "Bearer no"}),
        tenant.host("default", "/openai/chat/completions", native(), headers={"cf-aig-byok-alias": "none"}),
    ):
        told = answer.json()
        assert told["error"] == told["errors"] and told["error"][0]["code"] == told["internalCode"]
        assert told["name"] == "AiGatewayError" and told["description"] and told["httpCode"] == answer.status_code


def test_06_addresses_are_a_text_here_and_an_object_there(tenant: Tenant) -> None:
    name = tenant.make()
    text = result(tenant.rest("GET", f"/ai-gateway/gateways/{name}/url/openai"))
    assert isinstance(text, str)
    assert result(tenant.http.get(f"/binding/ai-gateway/gateways/{name}/url/openai")) == {"url": text}
    forwarded = {"X-Forwarded": f"https://workers-binding.ai/ai-gateway/gateways/{name}/url/openai"}
    assert result(tenant.rest("GET", "/ai/run/proxy", headers=forwarded)) == {"url": text}


def test_07_versions_of_routes_are_active_in_words(tenant: Tenant) -> None:
    """Its shapes are held to the byte in test_cloudflare_routes.py."""
    elements = [
        {"id": "s", "type": "start", "outputs": {"next": {"elementId": "m"}}},
        {"id": "m", "type": "model", "properties": {"provider": "openai", "model": "o4-mini", "timeout": 1000, "retries": 0},
         "outputs": {"success": {"elementId": "e"}, "fallback": {"elementId": "e"}}},
        {"id": "e", "type": "end", "outputs": {}},
    ]  # fmt: skip
    path = f"/ai-gateway/gateways/{tenant.make()}/routes"
    answer = tenant.rest("POST", path, json={"name": "first", "elements": elements})
    assert '"active":"true"' in answer.text
    made = result(answer)
    assert isinstance(made["version"]["data"], str) and json.loads(made["version"]["data"]) == elements
    result(tenant.rest("POST", f"{path}/{made['id']}/versions", json={"elements": elements}))
    assert '"active":"false"' in tenant.rest("GET", f"{path}/{made['id']}/versions").text


def test_08_steps_count_from_zero_and_a_slow_one_makes_room(actor: Tenant, upstream: FaultyUpstream) -> None:
    only = actor.steps("default", step("openai", native()))
    assert only.headers["cf-aig-step"] == "0"
    slow = step("openai", native("fault:late"), config={"requestTimeout": 100})
    assert actor.steps("default", slow, step("openai", native())).headers["cf-aig-step"] == "1"


def test_08_the_last_attempt_has_no_timeout_and_a_timeout_ends_with_the_first_byte(
    actor: Tenant, upstream: FaultyUpstream
) -> None:
    mark = new_id()
    config = {"requestTimeout": 100, "maxAttempts": 2, "retryDelay": 0}
    late = actor.steps("default", step("openai", native(f"fault:late mark:{mark}"), config=config))
    assert late.status_code == 200 and len(upstream.attempts(mark)) == 2
    begun = step("openai", native("fault:stream-slow-end", stream=True), config={"requestTimeout": 100})
    streamed = actor.steps("default", begun, step("openai", native()))
    assert streamed.headers["cf-aig-step"] == "0" and streamed_text(streamed) == "one two"


def test_09_a_second_equal_request_is_a_hit_for_nothing_also_where_a_policy_now_blocks(actor: Tenant) -> None:
    name = actor.make(cache_ttl=HOUR)
    body = native("My card is 4111 1111 1111 1111.")

    def ask(given: dict[str, Any] = body, **headers: str) -> httpx.Response:
        return actor.host(name, "/openai/chat/completions", given, headers=headers)

    assert ask().headers["cf-aig-cache-status"] == "MISS"
    paid = actor.balance_cents()
    actor.change(name, dlp={"enabled": True, "action": "BLOCK", "profiles": ["credit_cards"]},
                 guardrails={"prompt": {"S1": "BLOCK"}})  # fmt: skip
    hit = ask()
    assert hit.status_code == 200 and hit.headers["cf-aig-cache-status"] == "HIT"
    row = actor.log(name, hit)
    assert (row["cached"], row["cost"]) == (True, 0) and actor.balance_cents() == paid
    gateway_refusal(ask(native("My card is 4111 1111 1111 1111, too.")), 400, 2029)


def test_09_what_a_skip_brought_is_what_a_plain_request_gets(actor: Tenant) -> None:
    name = actor.make(cache_ttl=HOUR)
    body = native(f"fault:none,other mark:{new_id()}")

    def ask(**headers: str) -> str:
        return text_of(actor.host(name, "/openai/chat/completions", body, headers=headers).json())

    assert [ask(), ask(), ask(**{"cf-aig-skip-cache": "true"}), ask()] == ["fine", "fine", "other", "other"]


def test_10_metadata_does_not_part_what_is_kept(actor: Tenant) -> None:
    name = actor.make(cache_ttl=HOUR)
    statuses = [
        actor.run(MODEL, messages(), name, headers={"cf-aig-metadata": json.dumps({"user": user})}).headers["cf-aig-cache-status"]
        for user in ("ada", "bob")
    ]
    assert statuses == ["MISS", "HIT"]


def test_11_five_entries_of_metadata_are_kept_and_a_null_drops_them_all(tenant: Tenant) -> None:
    def kept(metadata: Any) -> dict[str, Any]:
        answer = tenant.run(MODEL, messages(), headers={"cf-aig-metadata": json.dumps(metadata)})
        assert answer.status_code == 200, answer.text
        return tenant.log("default", answer)["metadata"]

    assert kept({key: number for number, key in enumerate("abcdef")}) == {key: number for number, key in enumerate("abcde")}
    assert kept({"a": 1, "b": None}) == {}
    assert kept({"a": 1, "b": {"c": 2}}) == {}
    assert kept({"a": "x", "b": 1.5, "c": False}) == {"a": "x", "b": 1.5, "c": False}
    through = tenant.binding(MODEL, messages(), {"id": "default", "metadata": {"a": None, "b": 1}})
    assert tenant.log("default", through)["metadata"] == {}


def test_12_a_blocked_prompt(tenant: Tenant) -> None:
    name = tenant.make(guardrails={"prompt": {"S1": "BLOCK", "S9": "FLAG"}})
    bad = "How do I kill my neighbour?"
    for answer in (
        tenant.host(name, "/openai/chat/completions", native(bad)),
        tenant.host(name, "/compat/chat/completions", chat(bad)),
        tenant.steps(name, step("openai", native(bad)), step("openai", native("Hello"))),
    ):
        gateway_refusal(answer, 424, 2016)
        assert tenant.log(name, answer)["success"] is False
    refusal(tenant.run(MODEL, messages(bad), name), 422, 2017)
    gateway_refusal(tenant.binding(MODEL, messages(bad), {"id": name}), 422, 2017)
    # What is only flagged goes on, and so does what is harmless.
    assert tenant.run(MODEL, messages("How do I build a pipe bomb?"), name).status_code == 200
    assert tenant.run(MODEL, messages("Hello"), name).status_code == 200
    assert tenant.balance_cents() < 9_500


def test_12_a_blocked_answer(tenant: Tenant) -> None:
    name = tenant.make(guardrails={"response": {"S1": "BLOCK"}})
    bad = "sandbox:echo How do I kill my neighbour?"
    gateway_refusal(tenant.host(name, "/openai/chat/completions", native(bad)), 424, 2017)
    refusal(tenant.run(MODEL, messages(bad), name), 422, 2017)


def test_12_with_guards_of_answers_a_stream_at_the_host_comes_whole(tenant: Tenant) -> None:
    name = tenant.make(guardrails={"response": {"S1": "BLOCK"}})
    answer = tenant.host(name, "/openai/chat/completions", native("Hello", stream=True))
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/json")
    assert answer.json()["object"] == "chat.completion"
    bad = tenant.host(name, "/openai/chat/completions", native("sandbox:echo How do I kill my neighbour?", stream=True))
    gateway_refusal(bad, 424, 2017)
    # The run surface judges streams, but lets them go.
    streamed = tenant.run(MODEL, messages("Hello", stream=True), name)
    assert streamed.headers["content-type"].startswith("text/event-stream") and streamed_text(streamed)


@pytest.mark.parametrize("way", ["rest", "host", "compat", "binding", "openai"])
def test_13_usage_comes_once_before_the_end(tenant: Tenant, way: str) -> None:
    more = {"stream": True, "stream_options": {"include_usage": True}}
    answer = {
        "rest": lambda: tenant.run(MODEL, messages(**more)),
        "host": lambda: tenant.host("default", "/openai/chat/completions", native(**more)),
        "compat": lambda: tenant.host("default", "/compat/chat/completions", chat(**more)),
        "binding": lambda: tenant.binding(MODEL, messages(**more)),
        "openai": lambda: tenant.rest("POST", "/ai/v1/chat/completions", json=chat(**more)),
    }[way]()
    parts = chunks(answer)
    assert [bool(part["choices"]) for part in parts].count(False) == 1 and parts[-1]["choices"] == []
    assert parts[-1]["usage"]["total_tokens"] > 0 and all(part["usage"] is None for part in parts[:-1])
    assert events(answer)[-1] == "[DONE]"
    assert parts[0]["choices"][0]["delta"]["role"] == "assistant"


def test_13_without_the_wish_there_is_no_such_chunk(tenant: Tenant) -> None:
    assert all(part["choices"] for part in chunks(tenant.run(MODEL, messages(stream=True))))


@pytest.mark.parametrize("model", MODELS)
def test_14_the_bounds_of_inputs(tenant: Tenant, model: str) -> None:
    for surface in (tenant.run, tenant.binding):
        assert surface(model, messages(temperature=2)).status_code == 200
        for wrong in (
            {"temperature": 2.01}, {"max_completion_tokens": 0},
            {"stream": True, "stream_options": {"include_usage": True, "more": 1}},
        ):  # fmt: skip
            answer = surface(model, messages(**wrong))
            assert answer.status_code == 400 and answer.json()["errors"][0]["code"] == 7003, (wrong, answer.text[:200])


def test_15_a_patch_is_answered_with_200_and_what_is_not_there_with_404(tenant: Tenant) -> None:
    row = tenant.log("default", tenant.binding(MODEL, messages()))
    path = "/binding/ai-gateway/gateways/default/logs/"
    assert tenant.http.patch(path + row["id"], json={"feedback": 1}).status_code == 200
    for method in ("GET", "PATCH"):
        assert tenant.http.request(method, f"{path}01JNONE", json={"score": 1}).status_code == 404
    # The error class that clients make of it, by our own: theirs does the same.
    script = "import { AI } from './index.js'; await new AI().gateway('default').getLog('01JNONE').catch((e) => console.log(e.name))"
    done = run_node("--input-type=module", "-e", script.replace("./index.js", f"{PACKAGE}/src/index.js"), **environment(tenant.gateway))
    assert (done.stderr, done.stdout) == ("", "AiGatewayLogNotFound\n")


def test_16_filters_in_both_forms(tenant: Tenant) -> None:
    name = tenant.make()
    for model in (MODEL, "openai/gpt-4.1-mini"):
        tenant.run(model, messages(), name)
    tenant.awaited_logs(name, 2)
    filters = [{"key": "model", "operator": "contains", "value": ["4.1"]}, {"key": "success", "operator": "eq", "value": [True]}]
    by_json = tenant.logs(name, filters=json.dumps(filters))
    with tenant.sdk(strict=False) as client:
        by_sdk = list(client.ai_gateway.logs.list(gateway_id=name, account_id=tenant.id, filters=filters))  # type: ignore
    assert "filters=" in str(tenant.asked[0].url) or "filters.key" in str(tenant.asked[0].url)
    assert [row["id"] for row in by_json] == [row.id for row in by_sdk] and len(by_json) == 1


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("model", MODELS)
def test_17_the_samples_run_through_the_tunnel(tenant: Tenant, model: str, name: str) -> None:
    """Sent as a local development runtime sends them."""
    more = {"stream": True, "stream_options": {"include_usage": True}} if name == "streaming-response" else {}
    gateway = {} if model == "openai/o3-mini" else {"gateway": {"id": "default"}}
    meant = f"https://workers-binding.ai/{'ai-gateway/' if gateway else ''}run?version=3"
    headers = {"X-Forwarded": meant, "cf-consn-model-id": model, "cf-consn-sdk-version": "2.0.0", "content-type": "application/json"}
    body = {"inputs": {"messages": ASKED[name], **more}, "options": gateway}
    answer = tenant.rest("POST", "/ai/run/proxy", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    plain = text_of(result(tenant.run(model, {"messages": ASKED[name]})))
    assert (streamed_text(answer) if more else text_of(answer.json())) == plain != ""


def test_17_the_samples_themselves_through_the_tunnel(gateway: Gateway, tmp_path: Path) -> None:
    runner = PACKAGE / "examples" / "run-sample.mjs"
    done = run_node(runner, sample_path(MODEL, "usage"), **environment(gateway, AIGATEWAY_TRANSPORT="tunnel"))
    assert (done.returncode, done.stderr) == (0, "") and "entropy" in done.stdout.lower()


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/plain"])
def test_18_only_the_body_says_whether_to_stream(tenant: Tenant, accept: str) -> None:
    streamed = tenant.run(MODEL, messages(stream=True), headers={"Accept": accept})
    assert streamed.headers["content-type"].startswith("text/event-stream") and streamed_text(streamed)
    whole = tenant.run(MODEL, messages(), headers={"Accept": "text/event-stream"})
    assert whole.headers["content-type"].startswith("application/json")


def test_19_no_key_no_alias_no_money(actor: Tenant, stage: Gateway) -> None:
    name = actor.make(byok_only=True)
    assert actor.run(MODEL, messages(), name).status_code == 400
    assert actor.host(name, "/openai/chat/completions", native()).status_code == 400
    refusal(actor.run(MODEL, messages(), headers={"cf-aig-byok-alias": "none"}), 400, 2040)
    gateway_refusal(actor.host("default", "/openai/chat/completions", native(), headers={"cf-aig-byok-alias": "none"}), 400, 2040)
    poor = Tenant(stage, 0)
    refusal(poor.run(MODEL, messages()), 402, 2021)
    gateway_refusal(poor.host("default", "/openai/chat/completions", native()), 402, 2021)
    gateway_refusal(poor.binding(MODEL, messages()), 402, 2021)
    poor.close()


def test_20_who_will_not_wait_and_who_wants_to_be_told_without_waiting(actor: Tenant) -> None:
    refusal(actor.run(MODEL, messages("fault:status-503", options={"rejectIfBusy": True})), 429, 3040)
    gateway_refusal(actor.binding(MODEL, messages("fault:status-503"), rejectIfBusy=True), 429, 3040)
    wish = {"model": MODEL, "input": messages(), "options": {"webhookUrl": "https://example.com/"}}
    assert actor.rest("POST", "/ai/run", json=wish).status_code == 400


def test_21_a_hosted_model_leaves_a_log_only_where_a_gateway_is_named(tenant: Tenant) -> None:
    bare = tenant.run(HOSTED, messages())
    assert bare.status_code == 200 and "cf-aig-log-id" not in bare.headers
    named = tenant.run(HOSTED, messages(), "default")
    assert [row["id"] for row in tenant.awaited_logs("default", 1)] == [named.headers["cf-aig-log-id"]]


def test_22_where_the_key_came_from(actor: Tenant) -> None:
    def source(name: str = "default", **headers: str) -> str:
        return result(actor.run(MODEL, messages(), name, headers=headers))["gatewayMetadata"]["keySource"]

    assert source() == "Unified"
    name = actor.make()
    kept = {"provider_slug": "openai", "alias": "mine", "default_config": False, "secret": "sk-mine-0123456789"}
    result(actor.rest("POST", f"/ai-gateway/gateways/{name}/provider_configs", json=kept))
    assert (source(name), source(name, **{"cf-aig-byok-alias": "mine"})) == ("Unified", "BYOK")
    rows = actor.awaited_logs(name, 2)
    assert [(row["byok"], row["wholesale"]) for row in rows] == [(False, True), (True, False)]
    # In answers of Responses, embeddings and hosted models it stands where it can.
    responses = actor.binding(MODEL, messages(), {"id": name})
    assert responses.json()["gatewayMetadata"] == {"keySource": "Unified"}
