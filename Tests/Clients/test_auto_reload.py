"""Automatic top-ups: asked of Stripe when little is left, and credited when its webhook tells of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from decimal import Decimal

import httpx
import pytest

from gateway_process import Gateway
from support.money import Customer, customer
from support.stripe_api import SECRET, StripeAPI, event, new_id, saving_charge, saving_payment, signature

LIMIT_SECONDS = 15.0
# As long as a second look at a wallet takes, and more.
SETTLED_SECONDS = 2.5
PATH = "/v1/balance/auto-reload"
WISH = {"threshold_cents": 500, "amount_cents": 2_000}


@pytest.fixture
def stripe_api() -> Iterator[StripeAPI]:
    with StripeAPI() as api:
        yield api


@pytest.fixture
def reloading(start: Callable[..., Gateway], stripe_api: StripeAPI) -> Gateway:
    environment = {
        "AIGATEWAY_STRIPE_WEBHOOK_SECRET": SECRET,
        "AIGATEWAY_STRIPE_SECRET_KEY": "sk_test_of_the_tests",
        "AIGATEWAY_STRIPE_API_BASE": stripe_api.address,
        "AIGATEWAY_BILLING_AUTO_RELOAD": "true",
    }
    return start(sandbox="on", environment=environment)


def tell(gateway: Gateway, kind: str, data: dict) -> httpx.Response:
    body = event(kind, data)
    headers = {"Stripe-Signature": signature(body)}
    return httpx.post(f"{gateway.base_url}/v1/stripe/webhook", content=body, headers=headers, timeout=20)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def saver(gateway: Gateway, paid_cents: int = 400) -> Customer:
    """An account with a saved card, and with 5 % less than was paid in its wallet."""
    made = customer(gateway, paid_cents)
    assert tell(gateway, "payment_intent.succeeded", saving_payment(made.id)).status_code == 200
    assert tell(gateway, "charge.succeeded", saving_charge(made.id)).status_code == 200
    return made


def switch_on(payer: Customer, **changes: object) -> dict:
    answer = payer.call("PUT", PATH, json={**WISH, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_without_the_operators_consent_there_is_none(start: Callable[..., Gateway], stripe_api: StripeAPI) -> None:
    environment = {"AIGATEWAY_STRIPE_WEBHOOK_SECRET": SECRET, "AIGATEWAY_STRIPE_SECRET_KEY": "sk_test_x",
                   "AIGATEWAY_STRIPE_API_BASE": stripe_api.address}  # fmt: skip
    gateway = start(sandbox="on", environment=environment)
    payer = saver(gateway)
    shown = payer.get(PATH).json()
    assert (shown["available"], shown["enabled"]) == (False, False)
    assert payer.call("PUT", PATH, json=WISH).status_code == 409
    body = {"amount_cents": 2_000, "save_payment_method": True}
    refused = payer.call("POST", "/v1/top-ups/checkout", json=body)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "save_payment_method")
    time.sleep(SETTLED_SECONDS)
    assert stripe_api.forms == []


def test_a_card_is_saved_and_an_empty_wallet_is_filled_once(reloading: Gateway, stripe_api: StripeAPI) -> None:
    payer = customer(reloading, 400)
    assert payer.call("PUT", PATH, json=WISH).status_code == 409, "there is nothing to pay with"
    body = {"amount_cents": 2_000, "save_payment_method": True}
    page = payer.call("POST", "/v1/top-ups/checkout", json=body)
    assert page.status_code == 200, page.text
    form = stripe_api.forms[-1]
    assert form["customer_creation"] == ["always"]
    assert form["payment_intent_data[setup_future_usage]"] == ["off_session"]
    assert tell(reloading, "charge.succeeded", saving_charge(payer.id)).status_code == 200
    assert tell(reloading, "payment_intent.succeeded", saving_payment(payer.id)).status_code == 200

    shown = switch_on(payer)
    assert shown["payment_method"] == {"brand": "visa", "last4": "4242"}
    assert not {"cus_of_the_tests", "pm_of_the_tests"} & set(payer.get(PATH).text.split('"'))
    until(lambda: stripe_api.payments)
    form, headers = stripe_api.forms[-1], stripe_api.headers[-1]
    attempt = form["metadata[aigateway_reload]"][0]
    assert {name: values[0] for name, values in form.items()} == {
        "amount": "2000", "currency": "usd", "customer": "cus_of_the_tests", "payment_method": "pm_of_the_tests",
        "off_session": "true", "confirm": "true", "automatic_payment_methods[enabled]": "true",
        "automatic_payment_methods[allow_redirects]": "never", "metadata[aigateway_account]": payer.id,
        "metadata[aigateway_reload]": attempt,
    }  # fmt: skip
    assert headers["authorization"] == "Bearer sk_test_of_the_tests"
    assert headers["idempotency-key"] == f"aigateway:reload:{payer.id}:{attempt}"

    # Stripe has said that it is paid: nothing is credited before the webhook tells, and nothing more is asked for.
    time.sleep(SETTLED_SECONDS)
    assert (payer.balance_cents(), len(stripe_api.payments)) == (Decimal(380), 1)
    for _ in range(3):
        assert tell(reloading, "payment_intent.succeeded", stripe_api.payments[0]).status_code == 200
    until(lambda: payer.balance_cents() == Decimal(380 + 1_900))
    time.sleep(SETTLED_SECONDS)
    assert (payer.balance_cents(), len(stripe_api.payments)) == (Decimal(380 + 1_900), 1)
    after = payer.get(PATH).json()
    assert (after["enabled"], after["last_error"]) == (True, None)
    assert after["last_attempt_at"] >= int(time.time()) - 60
    # Its refund goes the way of all refunds.
    payment = stripe_api.payments[0]
    refunded = {"id": new_id("ch"), "object": "charge", "amount_refunded": 2_000, "currency": "usd",
                "payment_intent": payment["id"], "metadata": payment["metadata"]}  # fmt: skip
    payer.call("PUT", PATH, json={**WISH, "enabled": False})
    assert tell(reloading, "charge.refunded", refunded).status_code == 200
    until(lambda: payer.balance_cents() == Decimal(380))


def test_a_refused_card_is_told_and_not_tried_again_at_once(reloading: Gateway, stripe_api: StripeAPI) -> None:
    stripe_api.conduct = "declined"
    payer = saver(reloading)
    switch_on(payer)
    until(lambda: payer.get(PATH).json()["last_error"])
    shown = payer.get(PATH).json()
    assert shown["last_error"] == "The payment was refused: `card_declined`, `insufficient_funds`."
    assert shown["enabled"] is True
    failed = {**stripe_api.payments[0], "last_payment_error": {"code": "card_declined"}}
    assert tell(reloading, "payment_intent.payment_failed", failed).status_code == 200
    time.sleep(SETTLED_SECONDS)
    assert len(stripe_api.payments) == 1
    # Whoever switches it on once more has it tried once more; after three times in a row it is off.
    stripe_api.conduct = "succeeded"
    switch_on(payer)
    until(lambda: len(stripe_api.payments) == 2)
    assert tell(reloading, "payment_intent.succeeded", stripe_api.payments[1]).status_code == 200
    until(lambda: payer.balance_cents() == Decimal(380 + 1_900))
    assert "sk_test" not in reloading.log_path.read_text()


def test_killed_while_asking_it_asks_again_under_the_same_name(reloading: Gateway, stripe_api: StripeAPI) -> None:
    stripe_api.conduct = "silent"
    payer = saver(reloading)
    switch_on(payer)
    until(lambda: stripe_api.payments)
    reloading.kill()
    stripe_api.conduct = "succeeded"
    stripe_api.released.set()
    reloading.start()
    until(lambda: len([form for form in stripe_api.forms if "amount" in form]) == 2)
    names = [headers["idempotency-key"] for headers in stripe_api.headers]
    assert names[-1] == names[-2]
    assert len(stripe_api.payments) == 1
    assert tell(reloading, "payment_intent.succeeded", stripe_api.payments[0]).status_code == 200
    until(lambda: Customer(reloading, payer.id, payer.key).balance_cents() == Decimal(380 + 1_900))


def test_told_to_stop_it_does_not_wait_for_stripe(reloading: Gateway, stripe_api: StripeAPI) -> None:
    stripe_api.conduct = "silent"
    payer = saver(reloading)
    switch_on(payer)
    until(lambda: stripe_api.payments)
    began = time.monotonic()
    assert reloading.stop() == 0
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"aigateway_reload": "rel_of_somebody_else"}, 404),
        ({"aigateway_account": "acc_root"}, 400),
        ({"amount_received": 2_001}, 400),
        ({"id": "pi_another"}, 400),
        ({"currency": "eur"}, 400),
    ],
)
def test_a_payment_that_was_not_asked_for_is_not_credited(
    reloading: Gateway, stripe_api: StripeAPI, changes: dict, status: int
) -> None:
    payer = saver(reloading)
    switch_on(payer)
    until(lambda: payer.get(PATH).json()["last_attempt_at"] and stripe_api.payments)
    time.sleep(0.5)  # until the answer is written down
    payment = dict(stripe_api.payments[0])
    payment["metadata"] = {name: changes.get(name, value) for name, value in payment["metadata"].items()}
    payment |= {name: value for name, value in changes.items() if not name.startswith("aigateway")}
    assert tell(reloading, "payment_intent.succeeded", payment).status_code == status
    assert payer.balance_cents() == Decimal(380)


def test_taken_away_it_rests_but_what_was_paid_is_credited(reloading: Gateway, stripe_api: StripeAPI) -> None:
    stripe_api.conduct = "processing"
    payer = saver(reloading)
    switch_on(payer)
    until(lambda: stripe_api.payments)
    assert payer.call("DELETE", PATH).status_code == 200
    shown = payer.get(PATH).json()
    assert (shown["enabled"], shown["payment_method"], shown["amount_cents"]) == (False, None, None)
    assert tell(reloading, "payment_intent.succeeded", stripe_api.payments[0]).status_code == 200
    until(lambda: payer.balance_cents() == Decimal(380 + 1_900))
    assert payer.call("PUT", PATH, json=WISH).status_code == 409


def test_only_administrators_of_the_account_that_pays(reloading: Gateway) -> None:
    payer = customer(reloading)
    member = payer.call("POST", "/v1/keys", json={"name": "m", "role": "member"}).json()["key"]
    team = payer.call("POST", "/v1/sub-accounts", json={"name": "t"}).json()["key"]
    for key in (member, team):
        for method in ("GET", "PUT", "DELETE"):
            assert Customer(reloading, payer.id, key).call(method, PATH, json=WISH).status_code == 403
    assert httpx.get(f"{reloading.base_url}{PATH}", timeout=20).status_code == 401
