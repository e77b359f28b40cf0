"""Every secret there is, used in good and in bad ways: none is found again where it does not belong."""

from __future__ import annotations

import base64
import json
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from gateway_process import Gateway
from support import upstream as faults
from support.cli import Cli
from support.money import MODEL
from support.stripe_api import StripeAPI, event, new_id, session, signature
from support.upstream import FaultyUpstream, chunk, vendor_error

SOURCES = Path(__file__).resolve().parents[2] / "Sources"
# Where a secret belongs: these are kept, and nobody else may read them.
KEY_FILES = ["root.key", "hash.key"]
# What is shown of a key on purpose, at its begin and at its end.
SHOWN_AT_BEGIN, SHOWN_AT_END = 12, 4


def made_up(prefix: str) -> str:
    """Looks different in every way of writing it."""
    return f"{prefix}{secrets.token_hex(8)}/+~={secrets.token_hex(6)}"


MASTER = secrets.token_bytes(32)
VENDOR, ATTACHED, CHANGED, PER_CALL, REFUSED = (
    made_up(prefix) for prefix in ("sk-vendor-env-", "sk-attached-", "sk-changed-", "sk-per-call-", "sk-refused-")
)
STRIPE_KEY = "sk_test_of_the_tests"  # which the stand-in for Stripe repeats in an error
WEBHOOK, WEBHOOK_BEFORE = made_up("whsec_"), made_up("whsec_before_")
SENT_TO_VENDOR = {"env": VENDOR, "attached": ATTACHED, "changed": CHANGED, "per-call": PER_CALL}

CONFIG = f"""
log:
  level: debug
  format: json
upstream:
  first_byte_timeout: 1s
  idle_timeout: 1s
vault:
  master_key: {MASTER.hex()}
stripe:
  secret_key: ${{STRIPE_KEY_OF_TEST}}
  webhook_secret: ${{WEBHOOK_OF_TEST}}
  previous_webhook_secret: {WEBHOOK_BEFORE}
"""


def _echo_faults() -> None:
    """A vendor that repeats the key it was sent, as some do; each key has its own ways."""
    for name, key in SENT_TO_VENDOR.items():
        words = f"Incorrect API key provided: {key}. (Authorization: Bearer {key})"
        for status in ("400 Bad Request", "401 Unauthorized", "403 Forbidden", "429 Too Many Requests",
                       "500 Internal Server Error"):  # fmt: skip
            faults._says(f"echo-{status[:3]}-{name}", vendor_error(status, words, "invalid_request_error"))
        broken = json.dumps({"error": {"message": words, "type": "server_error", "code": key}}).encode()
        begun = chunk(faults.event({"content": "one "})) + chunk(b"data: " + broken + b"\n\n") + b"0\r\n\r\n"
        faults._says(f"echo-stream-{name}", faults.STREAM_HEAD + begun)
        faults._says(f"echo-header-{name}", vendor_error("401 Unauthorized", "no", "x", f"WWW-Authenticate: {key}"))


WAYS = ["echo-400", "echo-401", "echo-403", "echo-429", "echo-500", "echo-stream", "echo-header"]


@dataclass(frozen=True)
class Seen:
    """What somebody was told, and by which question."""

    what: str
    data: bytes
    shows: str | None = None


@dataclass
class House:
    """One gateway, its secrets by name, and everything it said."""

    gateway: Gateway
    cli: Cli
    upstream: FaultyUpstream
    secrets: dict[str, str] = field(default_factory=dict)
    said: list[Seen] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)
    marks: int = 0

    def ask(
        self, method: str, path: str, *, key: str | None = None, status: int | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.gateway.key}"} | more.pop("headers", {})
        answer = httpx.request(method, f"{self.gateway.base_url}{path}", headers=headers, timeout=20, **more)
        assert status in (None, answer.status_code), f"{method} {path}: {answer.status_code} {answer.text}"
        head = "".join(f"{name}: {value}\n" for name, value in answer.headers.multi_items())
        self.said.append(Seen(f"{method} {path} ({answer.status_code})", head.encode() + answer.content))
        return answer

    def make(self, name: str, path: str, /, **body: object) -> dict:
        """The one answer that shows a key, which must be shown in it once."""
        answer = self.ask("POST", path, json=body, status=201).json()
        self.secrets[name] = answer["key"]
        self.said[-1] = Seen(self.said[-1].what, self.said[-1].data, shows=answer["key"])
        return answer

    def chat(self, key: str, words: str, **more: Any) -> httpx.Response:
        self.marks += 1
        text = f"{words} mark:secrets-{self.marks}"
        stream = {"stream": True} if "stream" in words else {}
        body = {"model": MODEL, "messages": [{"role": "user", "content": text}], **stream}
        return self.ask("POST", "/v1/chat/completions", key=key, json=body, **more)

    def run(self, *arguments: str, shows: bool = False, **environment: str) -> str:
        done = self.cli.run(*arguments, **environment)
        shown = done.stdout.strip() if shows else None
        self.said.append(Seen(f"aigateway {' '.join(arguments[:2])}", (done.stdout + done.stderr).encode(), shown))
        return done.stdout.strip()


def get_routes() -> set[str]:
    """As the sources list them, so that one that comes later is asked as well."""
    table = (SOURCES / "Doors/AccountDoor/RouteTable.swift").read_text()
    found = set(re.findall(r'Route\("GET", "([^"]+)"', table))
    door = (SOURCES / "Doors/OpenAIDoor/OpenAIDoor.swift").read_text()
    found |= set(re.findall(r'case "([^"]+)": only\("GET"', door))
    health = (SOURCES / "Doors/HealthDoor/HealthDoor.swift").read_text()
    found |= set(re.findall(r'case "([^"]+)": onlyGet', health))
    assert len(found) > 20, f"the tables of routes are written otherwise now: {found}"
    return found | {"/v1/models/{id}"}


def use_keys(house: House) -> dict[str, str]:
    """Makes every kind of key and calls with it. Returns ids by the part of the path that takes them."""
    account = house.make("account's key", "/v1/accounts", name="customer", plan="payg")
    house.ask("POST", f"/v1/accounts/{account['id']}/top-ups", json={"paid_cents": 10_000, "reference": "first"})
    owner = account["key"]
    made = house.make("made key", "/v1/keys", name="made")
    turned = house.make("rotated key", f"/v1/keys/{made['id']}/rotate")
    for key in (made["key"], turned["key"], turned["key"], made["key"]):
        house.chat(key, "hello")
    team = house.ask("POST", "/v1/sub-accounts", key=owner, json={"name": "team"}, status=201).json()
    house.secrets["sub-account's key"] = team["key"]
    house.said[-1] = Seen(house.said[-1].what, house.said[-1].data, shows=team["key"])
    house.chat(team["key"], "hello")
    house.ask("GET", "/v1/usage", key=team["key"], status=200)
    house.secrets["key of the command line"] = house.run(
        "key", "create", "--data", str(house.gateway.data), shows=True
    )
    budget = house.ask("POST", "/v1/budgets", json={"tag": "blue", "limit_cents": 5_000}, status=201).json()
    use_vendor_keys(house, owner)
    spoil(house, owner)
    return {
        "keys": turned["id"], "sub-accounts": team["id"], "accounts": account["id"], "models": MODEL,
        "budgets": budget["id"], "statements": "2026-01", "account": account["id"], "owner": owner,
    }  # fmt: skip


def use_vendor_keys(house: House, owner: str) -> None:
    """Each of them works, and then is repeated by the vendor in every way."""

    def provoke(name: str, **more: Any) -> None:
        assert house.chat(owner, "hello", **more).status_code == 200
        sent = house.upstream.arrival(f"secrets-{house.marks}").head
        assert SENT_TO_VENDOR[name].encode() in sent, f"the vendor was not sent the key {name}: {sent!r}"
        for way in WAYS:
            house.chat(owner, f"fault:{way}-{name}", **more)

    provoke("env")
    provoke("per-call", headers={"x-byok-openai": PER_CALL})
    attached = house.ask("POST", "/v1/vendor-keys", key=owner, json={"provider": "openai", "key": ATTACHED}, status=201)
    house.ask("GET", "/v1/vendor-keys", key=owner, status=200)
    provoke_when_known(house, owner, ATTACHED)
    provoke("attached")
    path = f"/v1/vendor-keys/{attached.json()['id']}"
    house.ask("PATCH", path, key=owner, json={"key": CHANGED}, status=200)
    provoke_when_known(house, owner, CHANGED)
    provoke("changed")
    house.ask("POST", "/v1/explain", key=owner, json={"model": MODEL, "messages": []},
              headers={"x-byok-openai": PER_CALL})  # fmt: skip


def provoke_when_known(house: House, owner: str, key: str) -> None:
    """Whoever changed a key is answered when calls use it."""
    house.chat(owner, "hello")
    assert key.encode() in house.upstream.arrival(f"secrets-{house.marks}").head


def spoil(house: House, owner: str) -> None:
    """Secrets in requests that are wrong."""
    for key in [owner + "x", owner[:-1], owner.upper(), house.gateway.key[:-2] + "zz", VENDOR, STRIPE_KEY]:
        house.ask("GET", "/v1/keys", key=key, status=401)
        house.chat(key, "hello")
    for header in (f"Basic {owner}", owner, f"Bearer {owner} {owner}", f"Bearer\t{owner}"):
        house.ask("GET", "/v1/balance", headers={"Authorization": header})
    for path in ("/v1/nowhere", "/v1/keys/none", "/nowhere", f"/v1/balance?account_id=acc_x&key={owner}"):
        house.ask("GET", path, key=owner)
    for method in ("GET", "DELETE"):
        house.ask(method, "/v1/keys/" + quote(house.secrets["made key"], safe=""), key=owner)
    attach = {"provider": "openai", "key": REFUSED}
    for body in [
        {**attach, "provider": "opena"}, {**attach, "key": [REFUSED]}, {**attach, "key": REFUSED + "\n"},
        {**attach, "key": REFUSED * 300}, {**attach, "alias": 7}, {**attach, "weight": -1}, {"key": REFUSED},
    ]:  # fmt: skip
        house.ask("POST", "/v1/vendor-keys", key=owner, json=body, status=400)
    for text in [json.dumps(attach)[:-2], json.dumps(attach) + "}", f'{{"key": {REFUSED}}}', REFUSED]:
        house.ask("POST", "/v1/vendor-keys", key=owner, content=text, status=400)
    house.ask("POST", "/v1/chat/completions", key=owner, content=f'{{"user": "{REFUSED}"')
    for value in ("", PER_CALL * 300):
        house.chat(owner, "hello", headers={"x-byok-openai": value})
    house.chat(owner, "hello", headers={"x-byok-openia": PER_CALL, "x-byok-anthropic": PER_CALL})
    house.chat(owner, "fault:nothing", headers={"x-byok-openai": PER_CALL})
    house.chat(owner, "fault:silent", headers={"x-byok-openai": PER_CALL})
    for way in ("stream-closes", "stream-resets", "half-json", "not-http", "redirect"):
        house.chat(owner, f"fault:{way}", headers={"x-byok-openai": PER_CALL})


def use_stripe(house: House) -> None:
    body = event("checkout.session.completed", session(new_id("pi")))
    for secret, status in [(WEBHOOK, 200), (WEBHOOK_BEFORE, 200), (WEBHOOK[:-1], 400)]:
        header = {"Stripe-Signature": signature(body, secret)}
        house.ask("POST", "/v1/stripe/webhook", content=body, headers=header, status=status)
    house.ask("POST", "/v1/stripe/webhook", content=body, headers={"Stripe-Signature": WEBHOOK}, status=400)
    for cents, status in [(2_000, 200), (66_600, 400), (1, 400)]:
        house.ask("POST", "/v1/top-ups/checkout", json={"amount_cents": cents}, status=status)


def read_everything(house: House, ids: dict[str, str]) -> None:
    for route in sorted(get_routes()):
        path = route.replace("{id}", ids.get(route.split("/")[2], "none") if route.startswith("/v1/") else "")
        path = path.replace("{month}", ids["statements"])
        house.ask("GET", path, key=ids["owner"])
        answer = house.ask("GET", path)
        if answer.status_code == 404:
            answer = house.ask("GET", path, params={"account_id": ids["account"]})
        assert answer.status_code == 200, f"{path}: {answer.text}"
        house.routes.add(route)


def use_command_line(house: House) -> None:
    data = ["--data", str(house.gateway.data)]
    for verb in ["key list", "account list", "usage", "ledger list", "ledger balances", "ledger verify"]:
        house.run(*verb.split(), *data)
    for group in ("day", "model", "key", "tag", "sub_account"):
        house.run("usage", "--by", group, *data)
    house.run("call", MODEL, "hello", "--url", house.gateway.base_url, *data)
    house.run("call", MODEL, "hello", "--url", house.gateway.base_url, "--key", house.secrets["made key"] + "x")
    config = str(house.gateway.data.parent / "data.yaml")
    known = {"OPENAI_API_KEY": VENDOR, "STRIPE_KEY_OF_TEST": STRIPE_KEY, "WEBHOOK_OF_TEST": WEBHOOK}
    shown = house.run("check", "--show", "--config", config, **known)
    assert "vault.master_key" in shown, shown
    bad = house.cli.directory / "bad.yaml"
    for text in [
        f"vault:\n  master_key: {MASTER.hex()}00\n", f"vault: {MASTER.hex()}\n",
        f"stripe:\n  secret_key: [{REFUSED}]\n", f"stripe:\n  webhook_secret: {{a: {WEBHOOK}}}\n",
        f"providers:\n  openai: {VENDOR}\n", f"providers:\n  openai:\n    api_key: [{VENDOR}]\n",
        f"providers:\n  openai:\n    api_key: \"{VENDOR}\n", f"providers:\n  openai:\n    base_url: {VENDOR}\n",
    ]:  # fmt: skip
        bad.write_text(text)
        house.run("check", "--show", "--config", str(bad), **known)
        house.run("serve", "--config", str(bad), "--listen", "256.0.0.1:0", "--data", str(bad.parent / "none"), **known)
    for name in ("AIGATEWAY_VAULT_MASTER_KEY", "AIGATEWAY_STRIPE_API_BASE"):
        house.run("check", "--show", **{name: REFUSED})


@pytest.fixture(scope="module")
def house(
    start: Callable[..., Gateway], binary: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    _echo_faults()
    with FaultyUpstream() as upstream, StripeAPI() as stripe:
        gateway = start(
            config=CONFIG,
            environment={
                "OPENAI_API_KEY": VENDOR, "OPENAI_BASE_URL": f"http://127.0.0.1:{upstream.port}/v1",
                "STRIPE_KEY_OF_TEST": STRIPE_KEY, "WEBHOOK_OF_TEST": WEBHOOK,
                "AIGATEWAY_STRIPE_API_BASE": stripe.address,
            },
        )  # fmt: skip
        house = House(gateway, Cli(binary.resolve(), tmp_path_factory.mktemp("cli")), upstream)
        house.secrets |= {
            "root key": gateway.key, "vendor key": VENDOR, "attached key": ATTACHED, "changed key": CHANGED,
            "key of a call": PER_CALL, "refused key": REFUSED, "Stripe's key": STRIPE_KEY, "webhook's": WEBHOOK,
            "webhook's before": WEBHOOK_BEFORE, "master key": MASTER.hex(),
        }  # fmt: skip
        ids = use_keys(house)
        use_stripe(house)
        read_everything(house, ids)
        use_command_line(house)
        yield house


def forms(secret: bytes) -> set[bytes]:
    """How it may be written, so that a search finds it at any place in a longer text."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode(), quote(secret, safe="").encode(),
             json.dumps(secret.decode("latin-1"))[1:-1].replace("/", "\\/").encode()}  # fmt: skip
    for before in range(3):
        # The characters at both ends depend on what stands beside the secret.
        code = base64.b64encode(bytes(before) + secret)[-(-before * 8 // 6) :].rstrip(b"=")[:-1]
        found |= {code, code.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def traces(house: House, data: bytes, allowed: str | None = None) -> list[str]:
    """The names of the secrets that are in there, whole or without what may be shown of their ends."""
    names = []
    for name, text in {**house.secrets, "master key's bytes": MASTER.decode("latin-1")}.items():
        secret = text.encode("latin-1")
        core = secret[SHOWN_AT_BEGIN:-SHOWN_AT_END] if len(secret) > 28 else secret
        if text != allowed and any(form in data for form in forms(secret) | {core}):
            names.append(name)
    return names


def test_the_search_finds_what_is_there(house: House) -> None:
    for name, text in house.secrets.items():
        key = text.encode()
        for hidden in (key, key.hex().encode(), quote(text, safe="").encode(), key[3:-1] if len(key) > 28 else key,
                       *(base64.b64encode(b"x" * n + key + b"yy") for n in range(4))):  # fmt: skip
            assert name in traces(house, b"before " + hidden + b" after"), (name, hidden)
    assert traces(house, MASTER) == ["master key's bytes"]
    assert traces(house, base64.b64encode(MASTER)) == ["master key's bytes"]


def test_every_route_was_asked(house: House) -> None:
    assert house.routes == get_routes()
    assert len(house.secrets) == 15, sorted(house.secrets)


def test_no_answer_and_no_output_holds_a_secret(house: House) -> None:
    found = [(seen.what, names) for seen in house.said if (names := traces(house, seen.data, seen.shows))]
    assert not found, "\n".join(f"{what}: {', '.join(names)}" for what, names in found)


def test_a_made_key_is_shown_by_its_making_alone(house: House) -> None:
    shown = [seen for seen in house.said if seen.shows]
    assert len(shown) == 5, [seen.what for seen in shown]
    for seen in shown:
        # A sub-account's has two names.
        times = 2 if "sub-accounts" in seen.what else 1
        assert seen.shows and seen.data.count(seen.shows.encode()) == times, seen.what


def test_the_log_holds_no_secret(house: House) -> None:
    lines = house.gateway.log_path.read_text().splitlines()
    entries = [line for line in lines if line.startswith("{")]
    assert sum('"level":"debug"' in entry for entry in entries) > 3, lines
    found = [(line, names) for line in entries if (names := traces(house, line.encode()))]
    assert not found, "\n".join(f"{', '.join(names)}: {line}" for line, names in found)
    # The first start greets, on standard output, with the first key.
    welcome = "\n".join(line for line in lines if not line.startswith("{"))
    assert traces(house, welcome.encode()) == ["root key"], welcome


def test_the_data_directory_holds_secrets_where_they_belong_alone(house: House) -> None:
    files = {path.relative_to(house.gateway.data).as_posix(): path for path in house.gateway.data.rglob("*")}
    assert {"gateway.db", "gateway.db-wal", "root.key", "hash.key"} <= files.keys(), sorted(files)
    assert "master.key" not in files, "the settings gave a master key, so none was to be made"
    assert (house.gateway.data / "root.key").read_text().strip() == house.gateway.key
    for name in KEY_FILES + ["gateway.db", "gateway.db-wal"]:
        assert stat.S_IMODE(files[name].stat().st_mode) == 0o600, name
    assert stat.S_IMODE(house.gateway.data.stat().st_mode) == 0o700
    hash_key = (house.gateway.data / "hash.key").read_bytes()
    for name, path in files.items():
        if name in KEY_FILES or not path.is_file():
            continue
        data = path.read_bytes()
        assert traces(house, data) == [], name
        assert hash_key not in data and hash_key.hex().encode() not in data, name


def test_the_vendor_is_sent_the_vendors_key_alone(house: House) -> None:
    sent = [(seen.head, seen.body) for mark, seen in house.upstream.seen.items() if mark.startswith("secrets-")]
    assert len(sent) > 20
    for head, body in sent:
        [key] = [name for name in traces(house, head)]
        assert key in ("vendor key", "attached key", "changed key", "key of a call"), head
        assert head.lower().count(b"bearer") == 1 and b"x-byok" not in head.lower(), head
        assert traces(house, body) == []
