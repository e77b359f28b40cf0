"""Dynamic routes: graphs that say who is asked, changed while they are used."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from support.cloudflare import (
    Tenant,
    chat,
    cost_dollars,
    eventually,
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

SMALL, LARGE = "o4-mini", "gpt-4.1-mini"
# So long a window that no test meets its end: it begins at a multiple of itself.
LONG = 2_592_000


def to(name: str) -> dict[str, str]:
    return {"elementId": name}


def start(target: str) -> dict[str, Any]:
    return {"id": "start", "type": "start", "outputs": {"next": to(target)}}


def end(name: str = "end") -> dict[str, Any]:
    return {"id": name, "type": "end", "outputs": {}}


def model(
    name: str, of: str, success: str = "end", fallback: str | None = None, *, provider: str = "openai",
    timeout: int | None = None, retries: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    properties: dict[str, Any] = {"provider": provider, "model": of}
    if timeout is not None:
        properties["timeout"] = timeout
    if retries is not None:
        properties["retries"] = retries
    outputs = {key: to(value) for key, value in (("success", success), ("fallback", fallback)) if value}
    return {"id": name, "type": "model", "properties": properties, "outputs": outputs}


def conditional(name: str, conditions: Any, yes: str, no: str) -> dict[str, Any]:
    outputs = {"true": to(yes), "false": to(no)}
    return {"id": name, "type": "conditional", "properties": {"conditions": conditions}, "outputs": outputs}


def percentage(name: str, **shares: str) -> dict[str, Any]:
    return {"id": name, "type": "percentage", "outputs": {f"{key[1:]}%": to(target) for key, target in shares.items()}}


def rate(name: str, kind: str, limit: float, success: str, fallback: str | None, key: str = "metadata.user") -> dict[str, Any]:
    outputs = {"success": to(success)} | ({"fallback": to(fallback)} if fallback else {})
    properties = {"limitType": kind, "key": key, "limit": limit, "window": LONG}
    return {"id": name, "type": "rate", "properties": properties, "outputs": outputs}


def just(of: str, **more: Any) -> list[dict[str, Any]]:
    """A route that asks one model."""
    return [start("only"), model("only", of, **more), end()]


def choice(condition: Any) -> list[dict[str, Any]]:
    """Large where the condition holds, else small."""
    return [start("if"), conditional("if", condition, "large", "small"), model("large", LARGE), model("small", SMALL), end()]


class Routes:
    """The routes of one gateway."""

    def __init__(self, tenant: Tenant, gateway: str | None = None) -> None:
        self.tenant = tenant
        self.gateway = gateway or tenant.make()
        self.path = f"/ai-gateway/gateways/{self.gateway}/routes"

    def send(self, method: str, path: str = "", **body: Any) -> httpx.Response:
        return self.tenant.rest(method, self.path + path, json=body or None)

    def create(self, elements: list[dict[str, Any]], name: str | None = None) -> dict[str, Any]:
        return result(self.send("POST", name=name or new_name("route"), elements=elements))

    def draft(self, route: str, elements: list[dict[str, Any]]) -> dict[str, Any]:
        """The newest version of a route once it is made."""
        result(self.send("POST", f"/{route}/versions", elements=elements))
        return self.send("GET", f"/{route}/versions").json()["data"]["versions"][0]

    def deploy(self, route: str, version: str) -> None:
        result(self.send("POST", f"/{route}/deployments", version_id=version))

    def ask(self, route: dict[str, Any], text: str = "Hello", *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        body = chat(text, f"dynamic/{route['name']}", **more)
        return self.tenant.host(self.gateway, "/compat/chat/completions", body, headers=headers or {})

    def served(self, route: dict[str, Any], **options: Any) -> str:
        """Which model answered."""
        answer = self.ask(route, **options)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cf-aig-provider"] == "openai"
        return answer.headers["cf-aig-model"].removeprefix("openai/")


def about(**metadata: Any) -> dict[str, str]:
    return {"cf-aig-metadata": json.dumps(metadata)}


@pytest.fixture
def routes(tenant: Tenant) -> Routes:
    return Routes(tenant)


@pytest.fixture
def staged(actor: Tenant) -> Routes:
    return Routes(actor)


@pytest.fixture(scope="module")
def dead_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def provider(tenant: Tenant, port: int) -> str:
    slug = new_name("at")
    fields = {"name": slug, "slug": slug, "base_url": f"http://127.0.0.1:{port}/v1", "enable": True}
    result(tenant.rest("POST", "/ai-gateway/custom-providers", json=fields))
    return f"custom-{slug}"


# Shapes, to the byte.

TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"


def test_shapes(routes: Routes) -> None:
    elements = just(SMALL)
    name = new_name("route")
    answer = routes.send("POST", name=name, elements=elements)
    made = result(answer)
    assert list(answer.json()) == ["result", "success", "errors", "messages"]
    brief = {"id", "name", "gateway_id", "created_at", "modified_at", "elements"}
    full = brief | {"deployment", "version"}
    assert set(made) == full and (made["name"], made["gateway_id"], made["elements"]) == (name, routes.gateway, elements)
    assert set(made["deployment"]) == {"deployment_id", "version_id", "created_at"}
    assert set(made["version"]) == {"version_id", "active", "created_at", "data", "is_valid"}
    assert made["version"]["active"] == "true" and made["version"]["is_valid"] is True
    assert isinstance(made["version"]["data"], str) and json.loads(made["version"]["data"]) == elements
    assert made["deployment"]["version_id"] == made["version"]["version_id"]
    for moment in (made["created_at"], made["modified_at"], made["version"]["created_at"], made["deployment"]["created_at"]):
        assert re.match(TIME, moment), moment
    path = f"/{made['id']}"
    assert result(routes.send("GET", path)) == made

    renamed = routes.send("PATCH", path, name=f"{name}-2").json()
    assert renamed["success"] is True and renamed["route"] == renamed["result"] and full <= set(renamed["route"])
    assert renamed["route"]["name"] == f"{name}-2" and renamed["route"]["version"] == made["version"]

    versioned = result(routes.send("POST", f"{path}/versions", elements=just(LARGE)))
    assert set(versioned) == brief and versioned["elements"] == just(LARGE)
    versions = routes.send("GET", f"{path}/versions").json()
    assert versions["success"] is True and versions["data"] == versions["result"]
    assert set(versions["data"]) == {"versions", "order_by", "order_by_direction", "page", "per_page"}
    assert [one["active"] for one in versions["data"]["versions"]] == ["false", "true"]
    draft = versions["data"]["versions"][0]
    assert set(draft) == {"version_id", "active", "created_at", "data", "is_valid"} and json.loads(draft["data"]) == just(LARGE)

    single = result(routes.send("GET", f"{path}/versions/{draft['version_id']}"))
    assert set(single) == brief | {"version_id", "active", "data", "is_valid"}
    assert (single["version_id"], single["active"], single["data"]) == (draft["version_id"], "false", draft["data"])

    deployed = result(routes.send("POST", f"{path}/deployments", version_id=draft["version_id"]))
    assert set(deployed) == brief and deployed["elements"] == just(LARGE)
    deployments = routes.send("GET", f"{path}/deployments").json()
    assert deployments["success"] is True and deployments["data"] == deployments["result"]
    assert set(deployments["data"]) == {"deployments", "order_by", "order_by_direction", "page", "per_page"}
    assert all(set(one) == {"deployment_id", "version_id", "created_at"} for one in deployments["data"]["deployments"])

    listed = routes.send("GET").json()
    assert listed["success"] is True and listed["data"] == listed["result"]
    assert set(listed["data"]) == {"routes", "order_by", "order_by_direction", "page", "per_page"}
    [one] = listed["data"]["routes"]
    assert full <= set(one) and one["version"]["version_id"] == draft["version_id"]
    gone = result(routes.send("DELETE", path))
    assert set(gone) == brief
    refusal(routes.send("GET", path), 404, 7002)


# What a graph must be.

WRONG = {
    "nothing": [],
    "no start": [model("a", SMALL), end()],
    "two starts": [start("a"), {**start("a"), "id": "again"}, model("a", SMALL), end()],
    "twice the same id": [start("a"), model("a", SMALL), model("a", LARGE), end()],
    "a target that is not there": [start("nowhere"), model("a", SMALL), end()],
    "a circle": [start("a"), model("a", SMALL, success="b"), model("b", LARGE, success="a"), end()],
    "an element nobody reaches": [start("a"), model("a", SMALL), model("b", LARGE), end()],
    "an unknown type": [start("a"), {"id": "a", "type": "wizard", "outputs": {"next": to("end")}}, end()],
    "an end without outputs": [start("a"), model("a", SMALL), {"id": "end", "type": "end"}],
    "condition for conditions": [
        start("if"), {"id": "if", "type": "conditional", "properties": {"condition": {"model": {"$eq": "x"}}},
                      "outputs": {"true": to("a"), "false": to("a")}}, model("a", SMALL), end()],
    "an unknown operator": choice({"metadata.a": {"$like": 1}}),
    "an unknown path": choice({"weather.today": {"$eq": 1}}),
    "a pattern that is none": choice({"metadata.a": {"$regex": "("}}),
    "shares of 90": [start("p"), percentage("p", _10="a", _80="b"), model("a", SMALL), model("b", LARGE), end()],
    "shares with else": [
        start("p"), {"id": "p", "type": "percentage", "outputs": {"10%": to("a"), "else": to("b")}}, model("a", SMALL),
        model("b", LARGE), end()],
    "six shares": [
        start("p"), {"id": "p", "type": "percentage", "outputs": {f"{n}%": to("a") for n in (10, 11, 12, 13, 14, 40)}},
        model("a", SMALL), end()],
    "a limit of another kind": [start("r"), rate("r", "tokens", 1, "a", "end"), model("a", SMALL), end()],
    "a limit with a technique": [
        start("r"), {**rate("r", "count", 1, "a", "end"), "properties": {
            "limitType": "count", "key": "metadata.user", "limit": 1, "window": 60, "technique": "fixed"}},
        model("a", SMALL), end()],
    "a model without a name": [start("a"), {"id": "a", "type": "model", "properties": {"provider": "openai"}, "outputs": {"success": to("end")}}, end()],
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_graph_that_is_none_is_refused(routes: Routes, name: str) -> None:
    refusal(routes.send("POST", name="wrong", elements=WRONG[name]), 400, 7001)
    assert routes.send("GET").json()["data"]["routes"] == []


@pytest.mark.parametrize("name", ["a circle", "no start", "shares of 90"])
def test_a_draft_may_be_wrong_but_is_not_put_to_work(routes: Routes, name: str) -> None:
    route = routes.create(just(SMALL))
    draft = routes.draft(route["id"], WRONG[name])
    assert (draft["is_valid"], draft["active"]) == (False, "false")
    refusal(routes.send("POST", f"/{route['id']}/deployments", version_id=draft["version_id"]), 400, 7001)
    assert routes.served(route) == SMALL
    assert result(routes.send("GET", f"/{route['id']}"))["version"]["version_id"] == route["version"]["version_id"]


def test_names_are_there_once(routes: Routes) -> None:
    route = routes.create(just(SMALL))
    assert routes.send("POST", name=route["name"], elements=just(LARGE)).status_code == 409
    other = routes.create(just(LARGE))
    assert routes.send("PATCH", f"/{other['id']}", name=route["name"]).status_code == 409
    for wrong in ("", "a/b", "x" * 300, "a b"):
        assert routes.send("POST", name=wrong, elements=just(SMALL)).status_code == 400, wrong
    refusal(routes.send("POST", f"/{route['id']}/deployments", version_id="none"), 404, 7002)


# Who is asked.


def test_every_way_to_ask(routes: Routes) -> None:
    tenant = routes.tenant
    route = routes.create(just(LARGE))
    named = f"dynamic/{route['name']}"
    plain = result(tenant.run(f"openai/{LARGE}", messages()))
    body = chat("Hello", named)
    for answer in (
        routes.ask(route),
        tenant.rest("POST", "/ai/v1/chat/completions", json=body, headers={"cf-aig-gateway-id": routes.gateway}),
        tenant.binding(named, messages(), {"id": routes.gateway}),
        tenant.steps(routes.gateway, step("compat", body)),
    ):
        assert answer.status_code == 200, answer.text
        assert text_of(answer.json()) == text_of(plain)
        assert (answer.headers["cf-aig-provider"], answer.headers["cf-aig-model"]) == ("openai", f"openai/{LARGE}")
    assert text_of(result(tenant.run(named, messages(), routes.gateway))) == text_of(plain)
    streamed = routes.ask(route, stream=True)
    assert streamed_text(streamed) == text_of(plain)
    rows = tenant.awaited_logs(routes.gateway, 6)
    assert {(row["provider"], row["model"]) for row in rows} == {("openai", f"openai/{LARGE}")}
    assert len({row["cost"] for row in rows}) == 1


def test_a_route_is_one_gateways(routes: Routes) -> None:
    route = routes.create(just(SMALL))
    tenant = routes.tenant
    body = chat("Hello", f"dynamic/{route['name']}")
    gateway_refusal(tenant.host(tenant.make(), "/compat/chat/completions", body), 404, 7003, "AiError")
    other = Tenant(tenant.gateway)
    theirs = other.make()
    assert other.host(theirs, "/compat/chat/completions", body).status_code == 404
    assert other.rest("GET", f"{routes.path}/{route['id']}").status_code == 404
    other.close()
    # Without a gateway in its name it is looked for in `default`.
    refusal(tenant.run(f"dynamic/{route['name']}", messages()), 404, 7003)


def test_a_name_counts_as_soon_as_it_is_given_and_no_longer(routes: Routes) -> None:
    route = routes.create(just(SMALL))
    assert routes.served(route) == SMALL
    renamed = {"name": new_name("other")}
    assert routes.send("PATCH", f"/{route['id']}", **renamed).status_code == 200
    assert routes.served(renamed) == SMALL
    assert routes.ask(route).status_code == 404
    result(routes.send("DELETE", f"/{route['id']}"))
    assert routes.ask(renamed).status_code == 404


CONDITIONS: list[tuple[Any, dict[str, Any], bool]] = [
    ({"metadata.plan": {"$eq": "free"}}, {"plan": "free"}, True),
    ({"metadata.plan": {"$eq": "free"}}, {"plan": "paid"}, False),
    ({"metadata.plan": {"$eq": "free"}}, {}, False),
    ({"metadata.plan": {"$ne": "free"}}, {"plan": "paid"}, True),
    ({"metadata.seats": {"$gt": 3}}, {"seats": 4}, True),
    ({"metadata.seats": {"$gt": 3}}, {"seats": 3}, False),
    ({"metadata.seats": {"$gte": 3}}, {"seats": 3}, True),
    ({"metadata.seats": {"$lt": 3}}, {"seats": 2.5}, True),
    ({"metadata.seats": {"$lte": 3}}, {"seats": 3.5}, False),
    ({"metadata.plan": {"$in": ["a", "b"]}}, {"plan": "b"}, True),
    ({"metadata.plan": {"$nin": ["a", "b"]}}, {"plan": "c"}, True),
    ({"metadata.plan": {"$exists": True}}, {"plan": "c"}, True),
    ({"metadata.plan": {"$exists": True}}, {"other": "c"}, False),
    ({"metadata.mail": {"$regex": "@example\\.com$"}}, {"mail": "ada@example.com"}, True),
    ({"metadata.mail": {"$regex": "@example\\.com$"}}, {"mail": "ada@example.org"}, False),
    ({"metadata.beta": {"$eq": True}}, {"beta": True}, True),
    ({"$and": [{"metadata.a": {"$eq": 1}}, {"metadata.b": {"$eq": 2}}]}, {"a": 1, "b": 2}, True),
    ({"$and": [{"metadata.a": {"$eq": 1}}, {"metadata.b": {"$eq": 2}}]}, {"a": 1}, False),
    ({"$or": [{"metadata.a": {"$eq": 1}}, {"metadata.b": {"$eq": 2}}]}, {"b": 2}, True),
    ({"$not": {"metadata.a": {"$eq": 1}}}, {"a": 2}, True),
]


def test_conditions_on_metadata(routes: Routes) -> None:
    for condition, metadata, holds in CONDITIONS:
        route = routes.create(choice(condition))
        headers = about(**metadata) if metadata else {}
        assert routes.served(route, headers=headers) == (LARGE if holds else SMALL), (condition, metadata)


def test_conditions_on_the_request_itself(routes: Routes) -> None:
    by_field = routes.create(choice({"headers.x-tier": {"$eq": "gold"}}))
    assert routes.served(by_field, headers={"X-Tier": "gold"}) == LARGE
    assert routes.served(by_field, headers={"X-Tier": "tin"}) == SMALL
    by_body = routes.create(choice({"body.max_completion_tokens": {"$gt": 100}}))
    assert routes.served(by_body, max_completion_tokens=200) == LARGE
    assert routes.served(by_body, max_completion_tokens=50) == SMALL
    by_name = routes.create(choice({"model": {"$regex": "^dynamic/"}}))
    assert routes.served(by_name) == LARGE


def test_shares(routes: Routes) -> None:
    half = routes.create([
        start("p"), percentage("p", _49="a", _51="b"), model("a", SMALL), model("b", LARGE), end(),
    ])  # fmt: skip
    counted = Counter(routes.served(half) for _ in range(60))
    assert set(counted) == {SMALL, LARGE}, counted
    whole = routes.create([start("p"), percentage("p", _100="a"), model("a", SMALL), end()])
    assert {routes.served(whole) for _ in range(5)} == {SMALL}


def test_a_limit_on_requests_for_each_value(routes: Routes) -> None:
    route = routes.create([
        start("r"), rate("r", "count", 2, "a", "b"), model("a", SMALL), model("b", LARGE), end(),
    ])  # fmt: skip
    assert [routes.served(route, headers=about(user="ada")) for _ in range(4)] == [SMALL, SMALL, LARGE, LARGE]
    assert [routes.served(route, headers=about(user="bob")) for _ in range(3)] == [SMALL, SMALL, LARGE]


def test_a_limit_without_anything_behind_it(routes: Routes) -> None:
    route = routes.create([start("r"), rate("r", "count", 1, "a", None), model("a", SMALL), end()])
    assert routes.served(route, headers=about(user="ada")) == SMALL
    gateway_refusal(routes.ask(route, headers=about(user="ada")), 429, 2003)


def test_a_limit_on_money(routes: Routes) -> None:
    route = routes.create([
        start("r"), rate("r", "cost", 0.000001, "a", "b"), model("a", SMALL), model("b", LARGE), end(),
    ])  # fmt: skip
    served = [routes.served(route, headers=about(user="ada")) for _ in range(4)]
    # The call that crosses it may pass, and one more.
    assert served[0] == SMALL and served[2:] == [LARGE, LARGE]
    assert routes.served(route, headers=about(user="bob")) == SMALL


# When somebody fails.


def test_a_model_that_fails_makes_room_for_the_next(
    staged: Routes, upstream: FaultyUpstream, dead_port: int
) -> None:
    actor = staged.tenant
    nobody, mine = provider(actor, dead_port), provider(actor, upstream.port)
    route = staged.create([
        start("a"), model("a", "x", "end", "b", provider=nobody), model("b", SMALL, "end", "c", retries=1),
        model("c", "any", provider=mine), end(),
    ])  # fmt: skip
    mark = new_id()
    answer = staged.ask(route, f"fault:status-500,status-500,none mark:{mark}")
    assert answer.status_code == 200, answer.text
    assert (answer.headers["cf-aig-provider"], answer.headers["cf-aig-model"]) == (mine, f"{mine}/any")
    assert len(upstream.attempts(mark)) == 3
    rows = actor.awaited_logs(staged.gateway, 3)
    assert sorted((row["provider"], row["success"]) for row in rows) == sorted([(nobody, False), ("openai", False), (mine, True)])
    assert actor.balance_cents() == 9_500


def test_a_model_that_fails_with_nothing_behind_it_ends_the_route(staged: Routes) -> None:
    route = staged.create([start("a"), model("a", SMALL, "end", None), end()])
    answer = staged.ask(route, "fault:status-422")
    assert answer.status_code == 422 and answer.json()["error"]["message"] == "unknown tool name"


def test_an_end_after_failures_tells_the_last_of_them(staged: Routes) -> None:
    route = staged.create([
        start("a"), model("a", SMALL, "end", "b"), model("b", LARGE, "end", "end"), end(),
    ])  # fmt: skip
    mark = new_id()
    answer = staged.ask(route, f"fault:status-500,status-409 mark:{mark}")
    assert answer.status_code == 409, answer.text
    assert staged.tenant.balance_cents() == 9_500


@pytest.mark.parametrize(("retries", "served"), [(0, LARGE), (1, SMALL)])
def test_a_model_that_is_slow_makes_room_for_the_next(
    staged: Routes, upstream: FaultyUpstream, retries: int, served: str
) -> None:
    """But the last of several attempts has all the time."""
    route = staged.create([
        start("a"), model("a", SMALL, "end", "b", timeout=100, retries=retries), model("b", LARGE), end(),
    ])  # fmt: skip
    mark = new_id()
    answer = staged.ask(route, f"fault:late mark:{mark}")
    assert answer.status_code == 200 and answer.headers["cf-aig-model"] == f"openai/{served}", answer.text
    assert len(upstream.attempts(mark)) == 2


def test_a_chain_tells_its_last_answer_and_pays_for_all(staged: Routes, upstream: FaultyUpstream) -> None:
    """A model behind a model: what the first said is not told, but it was asked."""
    route = staged.create([start("a"), model("a", SMALL, "b"), model("b", SMALL, "end"), end()])
    mark = new_id()
    answer = staged.ask(route, f"fault:none,other mark:{mark}")
    assert answer.status_code == 200 and text_of(answer.json()) == "other"
    assert len(upstream.attempts(mark)) == 2
    cost = cost_dollars({"prompt_tokens": 9, "completion_tokens": 3})
    assert staged.tenant.balance_cents() == 9_500 - 2 * cost * 100


def test_keys_of_the_gateway_are_used(staged: Routes, upstream: FaultyUpstream) -> None:
    actor = staged.tenant
    kept = {"provider_slug": "openai", "alias": "default", "default_config": True, "secret": "sk-stored-0123456789"}
    result(actor.rest("POST", f"/ai-gateway/gateways/{staged.gateway}/provider_configs", json=kept))
    mark = new_id()
    assert staged.ask(staged.create(just(SMALL)), f"mark:{mark}").status_code == 200
    assert b"sk-stored-0123456789" in upstream.arrival(mark).head and actor.balance_cents() == 9_500


# While it is used.


def test_a_version_takes_over_at_once(routes: Routes) -> None:
    route = routes.create(just(SMALL))
    versions = [route["version"]["version_id"], routes.draft(route["id"], just(LARGE))["version_id"]]
    for turn in range(1, 11):
        routes.deploy(route["id"], versions[turn % 2])
        assert routes.served(route) == (SMALL, LARGE)[turn % 2]


def test_a_switch_of_versions_is_seen_whole_or_not_at_all(staged: Routes, dead_port: int) -> None:
    """Each version fails first at a provider of its own, so that every call shows twice which one it went by."""
    actor = staged.tenant
    versions = []
    nobodies = [provider(actor, dead_port) for _ in range(2)]
    for nobody, of in zip(nobodies, (SMALL, LARGE), strict=True):
        versions.append([start("a"), model("a", "x", "end", "b", provider=nobody), model("b", of), end()])
    route = staged.create(versions[0])
    ids = [route["version"]["version_id"], staged.draft(route["id"], versions[1])["version_id"]]
    done = threading.Event()
    answers: list[httpx.Response] = []

    def keep_asking() -> None:
        with httpx.Client(base_url=actor.gateway.base_url, trust_env=False, verify=False, timeout=30) as http:
            path = f"/gateway/v1/{actor.id}/{staged.gateway}/compat/chat/completions"
            headers = {"cf-aig-authorization": f"Bearer {actor.key}"}
            while not done.is_set():
                answers.append(http.post(path, json=chat("Hello", f"dynamic/{route['name']}"), headers=headers))

    threads = [threading.Thread(target=keep_asking) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(1, 21):
            staged.deploy(route["id"], ids[turn % 2])
            assert staged.served(route) == (SMALL, LARGE)[turn % 2]
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert len(answers) > 20 and {answer.status_code for answer in answers} == {200}
    assert {answer.headers["cf-aig-model"] for answer in answers} == {f"openai/{SMALL}", f"openai/{LARGE}"}
    # Two rows for each call, both of one version.
    expected = 2 * (len(answers) + 20)

    def rows() -> list[dict[str, Any]] | None:
        found: list[dict[str, Any]] = []
        page = 1
        while batch := actor.logs(staged.gateway, page=page):
            found += batch
            page += 1
        return found if len(found) >= expected else None

    ways: defaultdict[str, set[str]] = defaultdict(set)
    for row in eventually(rows, f"{expected} logs"):
        ways[row["request_id"]].add(row["model"])
    allowed = [{f"{nobody}/x", f"openai/{of}"} for nobody, of in zip(nobodies, (SMALL, LARGE), strict=True)]
    assert len(ways) == len(answers) + 20 and all(way in allowed for way in ways.values())


def test_routes_live_on(start: Any) -> None:
    gateway = start(sandbox="on")
    tenant = Tenant(gateway)
    routes = Routes(tenant)
    route = routes.create(just(LARGE))
    assert gateway.stop() == 0
    gateway.start()
    tenant.http.base_url = gateway.base_url
    assert routes.served(route) == LARGE
    tenant.close()
