"""Runs over the REST surface: `…/ai/run`, `…/ai/v1/…`, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from conftest import with_upstream
from gateway_process import Gateway
from support.cloudflare import (
    FOREIGN_ACCOUNT,
    MODEL,
    Tenant,
    chat,
    chunks,
    cost_dollars,
    events,
    eventually,
    messages,
    refusal,
    result,
    streamed_text,
    text_of,
)
from support.hooks import Hooks
from support.models import MODELS
from support.money import customer, root
from support.raw import new_id
from support.upstream import FaultyUpstream

HOSTED = "@cf/openai/gpt-oss-20b"
TOOL = {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object", "properties": {}}}}


# The ways to name a model.


@pytest.mark.parametrize("model", MODELS)
def test_a_run_gives_the_chat_answer_in_the_envelope(tenant: Tenant, model: str) -> None:
    answer = tenant.run(model, messages("What are the three laws of thermodynamics?"))
    given = result(answer)
    assert set(answer.json()) == {"result", "success", "errors", "messages"}
    assert {"id", "object", "created", "model", "choices", "usage"} <= set(given)
    assert given["object"] == "chat.completion" and isinstance(given["created"], int)
    [choice] = given["choices"]
    assert choice["index"] == 0 and choice["finish_reason"] == "stop" and choice["message"]["role"] == "assistant"
    assert "entropy" in text_of(given).lower()
    assert given["gatewayMetadata"] == {"keySource": "Unified"}
    assert {"prompt_tokens", "completion_tokens", "total_tokens"} <= set(given["usage"])


@pytest.mark.parametrize("name", ["openai/o4-mini", "openai%2Fo4-mini", "openai%2fo4%2Dmini"])
def test_the_model_of_the_path_may_be_escaped(tenant: Tenant, name: str) -> None:
    plain = result(tenant.run(MODEL, messages()))
    # Sent as it stands here: httpx would not escape what is escaped already.
    named = result(tenant.run(name, messages()))
    assert (named["id"], named["choices"]) == (plain["id"], plain["choices"])


def test_the_model_may_stand_in_the_body(tenant: Tenant) -> None:
    plain = result(tenant.run(MODEL, messages()))
    named = result(tenant.rest("POST", "/ai/run", json={"model": MODEL, "input": messages(), "provider": "openai"}))
    assert (named["id"], named["choices"]) == (plain["id"], plain["choices"])
    assert named["gatewayMetadata"] == {"keySource": "Unified"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"input": messages()}, 7000),
        ({"model": MODEL}, 7001),
        ({"model": MODEL, "input": "Hello"}, 7001),
        ({"model": MODEL, "input": messages(), "provider": "anthropic"}, 7001),
        ({"model": MODEL, "input": messages(), "options": 1}, 7001),
    ],
)
def test_a_body_that_names_no_run_is_refused(tenant: Tenant, body: dict[str, Any], code: int) -> None:
    refusal(tenant.rest("POST", "/ai/run", json=body), 400, code)


# Who calls, for whom.


def test_an_account_that_is_none_of_ours_means_the_callers_own(tenant: Tenant) -> None:
    answer = tenant.http.post(f"/client/v4/accounts/{FOREIGN_ACCOUNT}/ai/run/{MODEL}", json=messages())
    assert result(answer)["object"] == "chat.completion"
    [row] = tenant.awaited_logs("default", 1)
    assert row["id"] == answer.headers["cf-aig-log-id"]


def test_nobody_acts_for_another_account(tenant: Tenant) -> None:
    other = customer(tenant.gateway)
    for path in (f"ai/run/{MODEL}", "ai-gateway/gateways"):
        answer = tenant.http.post(f"/client/v4/accounts/{other.id}/{path}", json=messages())
        refusal(answer, 403, 10000)


def test_a_parent_and_root_act_for_a_sub_account(tenant: Tenant) -> None:
    made = tenant.http.post("/v1/sub-accounts", json={"name": "team"})
    assert made.status_code == 201, made.text
    child = made.json()["id"]
    for key in (tenant.key, root(tenant.gateway).key):
        answer = tenant.http.post(
            f"/client/v4/accounts/{child}/ai/run/{MODEL}", json=messages(), headers={"Authorization": f"Bearer {key}"}
        )
        assert answer.status_code == 200, answer.text
        found = tenant.http.get(
            f"/client/v4/accounts/{child}/ai-gateway/gateways/default/logs/{answer.headers['cf-aig-log-id']}"
        )
        assert found.status_code == 200, found.text


@pytest.mark.parametrize("field", ["Authorization", "X-Auth-Key", "X-Auth-User-Service-Key"])
def test_each_way_to_say_who_one_is(tenant: Tenant, field: str) -> None:
    value = f"Bearer {tenant.key}" if field == "Authorization" else tenant.key
    headers = {field: value, "X-Auth-Email": "somebody@example.com"}
    stranger = httpx.Client(base_url=tenant.gateway.base_url, trust_env=False, verify=False)
    answer = stranger.post(f"/client/v4/accounts/{tenant.id}/ai/run/{MODEL}", json=messages(), headers=headers)
    assert result(answer)["object"] == "chat.completion"


@pytest.mark.parametrize("key", [None, "wrong", "sk-aig-wrong"])
@pytest.mark.parametrize("path", [f"ai/run/{MODEL}", "ai-gateway/gateways", "ai/v1/chat/completions"])
def test_without_a_good_key_nobody_is_let_in(gateway: Gateway, path: str, key: str | None) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    stranger = httpx.Client(base_url=gateway.base_url, trust_env=False, verify=False)
    answer = stranger.post(f"/client/v4/accounts/{FOREIGN_ACCOUNT}/{path}", json={}, headers=headers)
    refusal(answer, 401, 10000)


# What is wrong with a call.


@pytest.mark.parametrize("model", ["openai/no-such-model", "openai/o4-mini-2025-04-16x", "nobody/model", "o4"])
def test_a_model_of_others_that_nobody_has(tenant: Tenant, model: str) -> None:
    refusal(tenant.run(model, messages()), 404, 7003)
    # Its name is looked up before anybody looks at its input, or at the money.
    refusal(tenant.run(model, {"messages": 1}), 404, 7003)


@pytest.mark.parametrize("model", ["@cf/no/such-model", "@cf%2Fno%2Fsuch-model", "@hf/x"])
def test_a_hosted_model_that_nobody_has(tenant: Tenant, model: str) -> None:
    refusal(tenant.run(model, {"prompt": "Hello"}), 400, 5007)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"1", b"\xff", b'{"messages": [}'])
def test_a_body_that_is_no_object(tenant: Tenant, content: bytes) -> None:
    refusal(tenant.rest("POST", f"/ai/run/{MODEL}", content=content), 400, 7000)


WRONG_INPUTS: list[tuple[dict[str, Any], str]] = [
    ({}, "/messages"),
    ({"messages": 1}, "/messages"),
    ({"messages": [{"role": "wizard", "content": "x"}]}, "/messages/0/role"),
    ({"messages": [{"role": "user"}]}, "/messages/0/content"),
    (messages(temperature=2.01), "/temperature"),
    (messages(temperature=-0.01), "/temperature"),
    (messages(temperature="1"), "/temperature"),
    (messages(top_p=1.01), "/top_p"),
    (messages(frequency_penalty=2.01), "/frequency_penalty"),
    (messages(presence_penalty=-2.01), "/presence_penalty"),
    (messages(max_tokens=0), "/max_tokens"),
    (messages(max_completion_tokens=0), "/max_completion_tokens"),
    (messages(max_completion_tokens=-1), "/max_completion_tokens"),
    (messages(stream="yes"), "/stream"),
    (messages(stream=True, stream_options={"include_usage": 1}), "/stream_options/include_usage"),
    (messages(stream=True, stream_options={"include_usage": True, "surprise": 1}), "/stream_options/surprise"),
    (messages(input="Hello"), "/messages"),
]


@pytest.mark.parametrize(("given", "pointer"), WRONG_INPUTS, ids=lambda value: value if isinstance(value, str) else "")
def test_an_input_outside_its_schema_is_refused_with_its_place(
    tenant: Tenant, given: dict[str, Any], pointer: str
) -> None:
    error = refusal(tenant.run("openai/gpt-4.1-mini", given), 400, 7003)
    assert error["source"]["pointer"] == pointer


@pytest.mark.parametrize(
    "more",
    [
        {"temperature": 0}, {"temperature": 2}, {"top_p": 0}, {"top_p": 1}, {"frequency_penalty": -2},
        {"presence_penalty": 2}, {"max_tokens": 2048}, {"max_completion_tokens": 2048.0}, {"max_tokens": 64.5},
        {"tool_choice": "auto", "tools": [TOOL]}, {"response_format": {"type": "text"}}, {"stream": False},
        {"a_key_nobody_knows": {"deep": [1]}},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("model", ["openai/gpt-4.1-mini", "openai/o4-mini"])
def test_an_input_at_the_edge_of_its_schema_is_taken(tenant: Tenant, model: str, more: dict[str, Any]) -> None:
    assert result(tenant.run(model, messages(**more)))["object"] == "chat.completion"


def test_a_limit_of_tokens_holds_under_either_name_and_is_cut_to_a_whole_number(tenant: Tenant) -> None:
    for name in ("max_tokens", "max_completion_tokens"):
        for limit in (7, 7.0, 7.9):
            given = result(tenant.run("openai/gpt-4.1-mini", messages("sandbox:tokens=50", **{name: limit})))
            assert given["usage"]["completion_tokens"] == 7, (name, limit)
            assert given["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", f"/ai/run/{MODEL}"), ("DELETE", "/ai/run"), ("PUT", "/ai-gateway/gateways"), ("GET", "/ai/v1/responses")],
)
def test_a_method_that_is_not_there(tenant: Tenant, method: str, path: str) -> None:
    answer = tenant.rest(method, path)
    refusal(answer, 405, 7001)
    assert answer.headers["allow"]


@pytest.mark.parametrize("path", ["/ai/nothing", "/ai-gateway/nothing", "/ai-gateway/gateways/default/nothing", "/x"])
def test_a_path_that_is_not_there(tenant: Tenant, path: str) -> None:
    refusal(tenant.rest("GET", path), 404, 7002)


def test_too_poor_for_a_call(gateway: Gateway) -> None:
    poor = Tenant(gateway, 0)
    refused = poor.run(MODEL, messages())
    refusal(refused, 402, 2021)
    # What was refused is written down all the same.
    [row] = poor.awaited_logs("default", 1)
    assert (row["id"], row["status_code"], row["success"]) == (refused.headers["cf-aig-log-id"], 402, False)
    poor.close()


# What it costs, and what is written down of it.


def test_a_run_costs_what_its_log_says(tenant: Tenant) -> None:
    before = tenant.balance_cents()
    answer = tenant.run(MODEL, messages("Tell me about rivers."))
    usage = result(answer)["usage"]
    cost = cost_dollars(usage)
    row = tenant.log("default", answer)
    assert Decimal(str(row["cost"])) == cost > 0
    assert (row["tokens_in"], row["tokens_out"]) == (usage["prompt_tokens"], usage["completion_tokens"])
    assert tenant.balance_cents() == before - cost * 100
    assert (row["provider"], row["model"], row["status_code"], row["success"], row["cached"]) == (
        "openai", MODEL, 200, True, False,
    )  # fmt: skip
    assert (row["wholesale"], row["byok"], row["custom_cost"], row["metadata"]) == (True, False, False, {})
    assert answer.headers["cf-aig-model"] == MODEL and answer.headers["cf-aig-provider"] == "openai"


def test_a_streamed_run_costs_the_same_and_is_kept_as_its_events(tenant: Tenant) -> None:
    whole = tenant.run(MODEL, messages("Tell me about clocks."))
    streamed = tenant.run(
        MODEL, messages("Tell me about clocks.", stream=True, stream_options={"include_usage": True})
    )
    assert streamed_text(streamed) == text_of(result(whole))
    rows = [tenant.log("default", answer) for answer in (whole, streamed)]
    assert rows[0]["cost"] == rows[1]["cost"] > 0
    assert [row["response_content_type"].split(";")[0] for row in rows] == ["application/json", "text/event-stream"]
    kept = tenant.rest("GET", f"/ai-gateway/gateways/default/logs/{rows[1]['id']}/response").json()
    assert set(kept) == {"streamed_data"}
    assert [one for one in kept["streamed_data"] if one != "[DONE]"] == chunks(streamed)
    asked = tenant.rest("GET", f"/ai-gateway/gateways/default/logs/{rows[0]['id']}/request").json()
    assert asked["messages"] == messages("Tell me about clocks.")["messages"]
    said = tenant.rest("GET", f"/ai-gateway/gateways/default/logs/{rows[0]['id']}/response").json()
    assert text_of(said) == text_of(result(whole))


def test_header_fields_say_what_is_written_down(tenant: Tenant) -> None:
    headers = {
        "cf-aig-metadata": json.dumps({"team": "search", "tries": 3, "beta": True}), "cf-aig-event-id": "event-1",
        "cf-aig-custom-cost": json.dumps({"per_token_in": 0.5, "per_token_out": 0.25}),
    }  # fmt: skip
    answer = tenant.run(MODEL, messages(), headers=headers)
    usage = result(answer)["usage"]
    assert answer.headers["cf-aig-event-id"] == "event-1"
    row = tenant.log("default", answer)
    assert row["metadata"] == {"team": "search", "tries": 3, "beta": True}
    assert (row["event_id"], row["custom_cost"]) == ("event-1", True)
    assert row["cost"] == usage["prompt_tokens"] * 0.5 + usage["completion_tokens"] * 0.25
    total = tenant.run(MODEL, messages(), headers={"cf-aig-custom-cost": '{"total_cost":0.125,"per_token_in":9}'})
    assert tenant.log("default", total)["cost"] == 0.125


def test_nothing_is_written_down_where_nothing_is_to_be(tenant: Tenant) -> None:
    silent = tenant.run(MODEL, messages(), headers={"cf-aig-collect-log": "false"})
    assert silent.status_code == 200 and "cf-aig-log-id" not in silent.headers
    bare = tenant.run(MODEL, messages(), headers={"cf-aig-collect-log-payload": "false"})
    row = tenant.log("default", bare)
    assert row["request_head"] is None and row["response_head"] is None and row["tokens_out"] > 0
    for side in ("request", "response"):
        refusal(tenant.rest("GET", f"/ai-gateway/gateways/default/logs/{row['id']}/{side}"), 404, 7002)
    off = tenant.make(collect_logs=False)
    assert "cf-aig-log-id" not in tenant.run(MODEL, messages(), off).headers
    # A header field says it for its request alone.
    on = tenant.run(MODEL, messages(), off, headers={"cf-aig-collect-log": "true"})
    assert [row["id"] for row in tenant.awaited_logs(off, 1)] == [on.headers["cf-aig-log-id"]]
    assert len(tenant.awaited_logs("default", 1)) == 1


@pytest.mark.parametrize(
    "field",
    [
        {"cf-aig-skip-cache": "maybe"}, {"cf-aig-cache-ttl": "59"}, {"cf-aig-cache-ttl": "2592001"},
        {"cf-aig-max-attempts": "6"}, {"cf-aig-max-attempts": "0"}, {"cf-aig-retry-delay": "60001"},
        {"cf-aig-backoff": "sometimes"}, {"cf-aig-request-timeout": "soon"}, {"cf-aig-collect-log": "1"},
        {"cf-aig-metadata": "[1]"}, {"cf-aig-custom-cost": "free"}, {"cf-aig-otel-trace-id": "xyz"},
        {"cf-aig-zdr": "2"}, {"cf-aig-no-wholesale": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_header_field_that_says_nothing_sensible(tenant: Tenant, field: dict[str, str]) -> None:
    refusal(tenant.run(MODEL, messages(), headers=field), 400, 7001)


@pytest.mark.parametrize("value", ["true", "TRUE", "False"])
def test_truth_is_written_in_any_case(tenant: Tenant, value: str) -> None:
    assert tenant.run(MODEL, messages(), headers={"cf-aig-skip-cache": value}).status_code == 200


# OpenAI's own wire.


def test_the_openai_client_at_this_address(tenant: Tenant) -> None:
    base = f"{tenant.gateway.base_url}/client/v4/accounts/{tenant.id}/ai/v1"
    with openai.OpenAI(base_url=base, api_key=tenant.key, max_retries=0, timeout=20) as client:
        answer = client.chat.completions.create(model=MODEL, messages=messages("Hi")["messages"])
        assert answer.choices[0].message.content and answer.usage is not None
        *parts, last = client.chat.completions.create(
            model=MODEL, messages=messages("Hi")["messages"], stream=True, stream_options={"include_usage": True}
        )
        assert last.choices == [] and last.usage == answer.usage
        assert "".join(p.choices[0].delta.content or "" for p in parts) == answer.choices[0].message.content
        said = client.responses.create(model=MODEL, input="Hi")
        assert said.object == "response" and said.output_text and said.usage is not None
        vectors = client.embeddings.create(model="openai/text-embedding-3-small", input=["a", "b"])
        assert [len(one.embedding) for one in vectors.data] == [1536, 1536]
        listed = {model.id: model for model in client.models.list()}
        assert set(MODELS) <= set(listed)
        assert (listed[MODEL].object, listed[MODEL].owned_by) == ("model", "openai") and listed[MODEL].created > 0
        with pytest.raises(openai.NotFoundError) as missing:
            client.chat.completions.create(model="openai/none", messages=messages()["messages"])
        assert "openai/none" in missing.value.message
    assert len(tenant.awaited_logs("default", 5)) == 5


def test_the_answers_of_openais_wire_are_bare(tenant: Tenant) -> None:
    answer = tenant.rest("POST", "/ai/v1/chat/completions", json=chat())
    assert answer.status_code == 200 and answer.json()["object"] == "chat.completion"
    assert "success" not in answer.json() and "result" not in answer.json()
    assert answer.headers["cf-aig-log-id"] and answer.headers["cf-aig-provider"] == "openai"
    refused = tenant.rest("POST", "/ai/v1/chat/completions", json=chat(model="openai/none"))
    # Readers of the envelope find its errors too.
    assert refused.status_code == 404 and refused.json()["errors"][0]["code"] == 7003
    assert refused.json()["error"]["message"]


@pytest.mark.parametrize("stream", [False, True])
def test_anthropics_wire(tenant: Tenant, stream: bool) -> None:
    body = chat("Hi", "anthropic/claude-sonnet-4.6", max_tokens=100, stream=stream)
    answer = tenant.rest("POST", "/ai/v1/messages", json=body, headers={"anthropic-version": "2023-06-01"})
    assert answer.status_code == 200, answer.text
    if stream:
        names = [line.removeprefix("event: ") for line in answer.text.splitlines() if line.startswith("event: ")]
        assert names[0] == "message_start" and names[-1] == "message_stop" and "content_block_delta" in names
        return
    said = answer.json()
    assert (said["type"], said["role"], said["content"][0]["type"]) == ("message", "assistant", "text")
    assert said["usage"]["input_tokens"] > 0 and "success" not in said


def test_anthropics_wire_is_not_for_hosted_models(tenant: Tenant) -> None:
    refused = tenant.rest("POST", "/ai/v1/messages", json=chat("Hi", HOSTED, max_tokens=100))
    assert refused.status_code == 400, refused.text


def test_an_input_may_be_one_of_responses(tenant: Tenant) -> None:
    given = result(tenant.run("openai/o3-mini", {"input": "Hi"}))
    assert given["object"] == "response" and given["status"] == "completed" and given["output"]
    assert given["gatewayMetadata"] == {"keySource": "Unified"}


# Hosted models take and give forms of their own.


def test_a_hosted_model_answers_in_its_own_form(tenant: Tenant) -> None:
    by_prompt = result(tenant.run(HOSTED, {"prompt": "Hello"}))
    by_messages = result(tenant.run(HOSTED, messages("Hello")))
    assert by_prompt["response"] == by_messages["response"] and isinstance(by_prompt["response"], str)
    assert set(by_prompt["usage"]) >= {"prompt_tokens", "completion_tokens", "total_tokens"}
    assert "gatewayMetadata" not in by_prompt and "choices" not in by_prompt
    refusal(tenant.run(HOSTED, {}), 400, 5006)
    refusal(tenant.run(HOSTED, {"prompt": "x", **messages()}), 400, 5006)


def test_a_hosted_model_streams_in_its_own_form(tenant: Tenant) -> None:
    answer = tenant.run(HOSTED, {"prompt": "Hello", "stream": True})
    *parts, end = events(answer)
    assert end == "[DONE]"
    read = [json.loads(part) for part in parts]
    assert "".join(part["response"] for part in read) == result(tenant.run(HOSTED, {"prompt": "Hello"}))["response"]
    assert read[-1]["usage"]["total_tokens"] > 0 and read[-1]["response"] == ""


def test_a_hosted_model_answers_in_json(tenant: Tenant) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
              "required": ["city", "people"]}  # fmt: skip
    given = messages("Tell me of Paris.", response_format={"type": "json_schema", "json_schema": schema})
    said = result(tenant.run(HOSTED, given))["response"]
    assert isinstance(said, dict) and isinstance(said["city"], str) and isinstance(said["people"], int)
    assert isinstance(result(tenant.run(HOSTED, messages("Hi", response_format={"type": "json_object"})))["response"], dict)
    refusal(tenant.run(HOSTED, given | {"stream": True}), 400, 5006)


def test_a_hosted_model_calls_tools_in_its_own_form(tenant: Tenant) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    bare = {"name": "get_weather", "description": "Weather of a city", "parameters": schema}
    for tool in (bare, {"type": "function", "function": bare}):
        said = result(tenant.run(HOSTED, messages("What is the weather in Paris?", tools=[tool])))
        [call] = said["tool_calls"]
        assert call["name"] == "get_weather" and call["arguments"] == {"city": "Paris"}
    other = result(tenant.run(MODEL, messages("What is the weather in Paris?", tools=[{"type": "function", "function": bare}])))
    [call] = other["choices"][0]["message"]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"city": "Paris"}


def test_a_hosted_model_of_vectors(tenant: Tenant) -> None:
    for text, count in (("one", 1), (["one", "two"], 2)):
        given = result(tenant.run("@cf/baai/bge-m3", {"text": text}))
        assert given["shape"][0] == count == len(given["data"]) and given["shape"][1] == len(given["data"][0])


def test_hosted_models_in_openais_wire(tenant: Tenant) -> None:
    answer = tenant.rest("POST", "/ai/v1/chat/completions", json=chat("Hello", HOSTED))
    assert answer.status_code == 200 and answer.json()["object"] == "chat.completion"
    assert "cf-aig-log-id" not in answer.headers


def test_the_playgrounds_route(tenant: Tenant) -> None:
    name = tenant.make()
    answer = tenant.rest("POST", f"/ai-gateway/inference/{name}/compat/chat/completions", json=chat())
    assert answer.status_code == 200 and answer.json()["object"] == "chat.completion"
    assert tenant.log(name, answer)["compatibilityMode"] is True


# Nobody waits.


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"webhookUrl": "https://example.com/hook"}, 400),
        ({"background": False, "webhookUrl": "https://example.com/hook"}, 400),
        ({"background": True, "webhookFormat": "chat"}, 400),
        ({"webhookFormat": "raw"}, 400),
        ({"background": True, "webhookUrl": "http://example.com/hook"}, 400),
        ({"background": True, "webhookUrl": "https://127.0.0.1/hook"}, 400),
        ({"background": True, "webhookUrl": "https://[::1]/hook"}, 400),
        ({"background": True, "webhookUrl": "https://192.168.1.1/hook"}, 400),
        ({"background": True, "webhookUrl": "https://localhost/hook"}, 400),
        ({"background": True, "webhookUrl": "https://user:secret@example.com/"}, 400),
        ({"background": True, "webhookUrl": "https://example.com/", "webhookFormat": "xml"}, 400),
        ({"background": "yes"}, 400),
    ],
    ids=str,
)
def test_orders_for_later_that_make_no_sense(tenant: Tenant, options: dict[str, Any], status: int) -> None:
    answer = tenant.rest("POST", "/ai/run", json={"model": MODEL, "input": messages(), "options": options})
    refusal(answer, status, 7001)


def test_a_run_in_the_background_is_answered_at_once_and_done_later(tenant: Tenant) -> None:
    body = {"model": MODEL, "input": messages(), "options": {"background": True}}
    answer = tenant.rest("POST", "/ai/run", json=body)
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert told["success"] is True and told["errors"] == []
    assert set(told["result"]) == {"id", "state", "model"}
    assert (told["result"]["state"], told["result"]["model"]) == ("Queued", MODEL) and told["result"]["id"]
    [row] = tenant.awaited_logs("default", 1)
    assert row["success"] and row["cost"] > 0
    assert eventually(lambda: tenant.balance_cents() < 9_500 or None, "the charge")


@pytest.mark.parametrize("form", [None, "raw", "chat"])
def test_what_was_done_in_the_background_is_reported(reporting: Gateway, hooks: Hooks, form: str | None) -> None:
    tenant = Tenant(reporting)
    options = {"background": True, "webhookUrl": hooks.address()} | ({"webhookFormat": form} if form else {})
    queued = tenant.rest("POST", "/ai/run", json={"model": MODEL, "input": messages(), "options": options})
    assert queued.status_code == 202, queued.text
    report = hooks.received(options["webhookUrl"])
    if form == "chat":
        assert set(report) == {"text"} and "\n" in report["text"]
        report = json.loads(report["text"])
    assert set(report) == {"id", "state", "result", "error", "provider", "model", "usage"}
    assert report["id"] == queued.json()["result"]["id"]
    assert (report["state"], report["error"], report["provider"], report["model"]) == (
        "Completed", None, "openai", MODEL,
    )  # fmt: skip
    assert text_of(report["result"]) == text_of(result(tenant.run(MODEL, messages())))
    assert report["usage"] == report["result"]["usage"]
    tenant.close()


def test_a_failure_in_the_background_is_reported(reporting: Gateway, hooks: Hooks) -> None:
    tenant = Tenant(reporting, 0)
    options = {"background": True, "webhookUrl": hooks.address()}
    queued = tenant.rest("POST", "/ai/run", json={"model": MODEL, "input": messages(), "options": options})
    assert queued.status_code == 202, queued.text
    report = hooks.received(options["webhookUrl"])
    assert (report["state"], report["result"], report["error"]["code"]) == ("Failed", None, 2021)
    tenant.close()


# Many inputs, and no patience.


def test_a_batch_is_queued_and_asked_for(tenant: Tenant) -> None:
    inputs = [messages(f"sandbox:echo {word}", external_reference=word) for word in ("one", "two")]
    path = f"/ai/run/{MODEL}?queueRequest=true"
    queued = result(tenant.rest("POST", path, json={"requests": inputs}))
    assert (queued["status"], queued["model"]) == ("queued", MODEL)
    ask = {"request_id": queued["request_id"]}

    def look() -> dict[str, Any] | None:
        found = result(tenant.rest("POST", path, json=ask))
        if "responses" in found:
            return found
        assert found == {"status": found["status"], "request_id": ask["request_id"]}, found
        assert found["status"] in ("queued", "running")
        return None

    done = eventually(look, "the batch")
    assert [one["external_reference"] for one in done["responses"]] == ["one", "two"]
    assert [text_of(one["result"]) for one in done["responses"]] == ["one", "two"]
    assert all(one["success"] is True and "id" in one for one in done["responses"])
    assert done["usage"]["total_tokens"] == sum(one["result"]["usage"]["total_tokens"] for one in done["responses"])
    tenant.awaited_logs("default", 2)
    other = Tenant(tenant.gateway)
    assert other.rest("POST", path, json=ask).status_code == 404
    other.close()


@pytest.mark.parametrize("fault", ["status-429-bare", "status-503"])
def test_who_will_not_wait_is_told_at_once(actor: Tenant, fault: str) -> None:
    for answer in (
        actor.run(MODEL, messages(f"fault:{fault}", options={"rejectIfBusy": True})),
        actor.rest("POST", "/ai/run", json={
            "model": MODEL, "input": messages(f"fault:{fault}"), "options": {"rejectIfBusy": True},
        }),
    ):  # fmt: skip
        assert refusal(answer, 429, 3040)["message"] == "Capacity temporarily exceeded, please try again."


# Documents.


@pytest.mark.xfail(strict=True, reason="documents are not made Markdown yet")
@pytest.mark.xfail(reason="documents (4.1, 6.3) are not converted")
def test_documents_become_markdown(tenant: Tenant) -> None:
    kinds = result(tenant.rest("GET", "/ai/tomarkdown/supported"))
    assert {".html", ".csv"} <= {kind["extension"] for kind in kinds}
    assert all(set(kind) == {"extension", "mimeType"} for kind in kinds)
    page = b"<html><body><h1>Rivers</h1><p>They <b>flow</b>.</p></body></html>"
    files = [("files", ("rivers.html", page, "text/html")), ("files", ("x.bin", b"\x00\x01", "application/x-none"))]
    good, bad = result(tenant.rest("POST", "/ai/tomarkdown", files=files))
    assert (good["name"], good["mimeType"], good["format"]) == ("rivers.html", "text/html", "markdown")
    assert good["id"] and good["tokens"] > 0 and "# Rivers" in good["data"] and "**flow**" in good["data"]
    assert (bad["name"], bad["format"]) == ("x.bin", "error") and bad["error"]


def test_that_no_documents_are_converted_is_said(tenant: Tenant) -> None:
    assert tenant.rest("GET", "/ai/tomarkdown/supported").json()["result"] == []
    files = [("files", ("a.html", b"<h1>Rivers</h1>", "text/html"))]
    assert refusal(tenant.rest("POST", "/ai/tomarkdown", files=files), 400, 7001)["message"]


def test_own_keys_are_told_apart(start: Callable[..., Gateway], upstream: FaultyUpstream) -> None:
    """A key of the account's own pays nobody here, and is said to be one."""
    tenant = Tenant(start(environment=with_upstream(upstream.port)), 0)
    refusal(tenant.run(MODEL, messages()), 402, 2021)
    kept = tenant.http.post("/v1/vendor-keys", json={"provider": "openai", "key": "sk-attached-0123456789"})
    assert kept.status_code == 201, kept.text
    mark = new_id()
    answer = tenant.run(MODEL, messages(f"mark:{mark}"))
    assert result(answer)["gatewayMetadata"] == {"keySource": "BYOK"}
    assert b"sk-attached-0123456789" in upstream.arrival(mark).head
    assert tenant.balance_cents() == 0
    row = tenant.log("default", answer)
    assert (row["byok"], row["wholesale"]) == (True, False)
    tenant.close()


def test_the_folder_of_this_test_is_no_place_for_keys(tenant: Tenant) -> None:
    """No key of ours stands in what is kept of a call."""
    answer = tenant.run(MODEL, messages(), headers={"cf-aig-authorization": f"Bearer {tenant.key}"})
    row = json.dumps(tenant.log("default", answer))
    assert tenant.key not in row
    for path in Path(tenant.gateway.data).rglob("*"):
        if path.is_file() and path.name != "root.key":
            assert tenant.key.encode() not in path.read_bytes(), path
