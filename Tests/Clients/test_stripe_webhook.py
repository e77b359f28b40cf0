"""Payments through Stripe: events signed by Stripe's own package are credited once, and nothing else is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import stripe

from gateway_process import Gateway
from support.stripe_api import SECRET, StripeAPI, charge, event, new_id, refund, session, signature

SETTLED = 10.0
KEY = "sk_test_of_the_tests"
COMPLETED = "checkout.session.completed"


@pytest.fixture(scope="module")
def stripe_api() -> Iterator[StripeAPI]:
    with StripeAPI() as api:
        yield api


@pytest.fixture(scope="module")
def paid(start: Callable[..., Gateway], stripe_api: StripeAPI) -> Gateway:
    """Takes payments."""
    environment = {
        "AIGATEWAY_STRIPE_WEBHOOK_SECRET": SECRET,
        "AIGATEWAY_STRIPE_SECRET_KEY": KEY,
        "AIGATEWAY_STRIPE_API_BASE": stripe_api.address,
    }
    return start(sandbox="on", environment=environment)


def send(gateway: Gateway, body: bytes, header: str | None) -> httpx.Response:
    headers = {"Content-Type": "application/json"} | ({} if header is None else {"Stripe-Signature": header})
    return httpx.post(f"{gateway.base_url}/v1/stripe/webhook", content=body, headers=headers, timeout=20)


def tell(gateway: Gateway, kind: str, data: dict, id_: str | None = None) -> httpx.Response:
    body = event(kind, data, id_)
    return send(gateway, body, signature(body))


def cents(gateway: Gateway) -> float:
    answer = httpx.get(f"{gateway.base_url}/v1/balance", headers=bearer(gateway), timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.json()["balance_cents"]


def bearer(gateway: Gateway) -> dict[str, str]:
    return {"Authorization": f"Bearer {gateway.key}"}


def assert_balance(gateway: Gateway, expected: float) -> None:
    """Balances in memory follow the journal shortly after."""
    deadline = time.monotonic() + SETTLED
    while (seen := cents(gateway)) != expected and time.monotonic() < deadline:
        time.sleep(0.02)
    assert seen == expected


def assert_refused(gateway: Gateway, answer: httpx.Response, status: int, reason: str, before: float) -> None:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert (error["code"], error["reason"]) == (status, reason)
    assert SECRET not in answer.text
    assert cents(gateway) == before


def test_a_payment_is_credited_less_the_fee_and_only_once(paid: Gateway) -> None:
    before, payment = cents(paid), new_id("pi")
    body = event(COMPLETED, session(payment))
    header = signature(body)
    assert stripe.Webhook.construct_event(body, header, SECRET).type == COMPLETED
    answers = [send(paid, body, header) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3, answers[0].text
    assert_balance(paid, before + 9_500)
    # The same payment told by other events.
    for kind in (COMPLETED, "checkout.session.async_payment_succeeded"):
        assert tell(paid, kind, session(payment)).status_code == 200
    assert tell(paid, COMPLETED, session(new_id("pi"), cents=500)).status_code == 200
    assert_balance(paid, before + 9_500 + 475)


def test_a_payment_told_many_times_at_once_is_credited_once(paid: Gateway) -> None:
    before, payment = cents(paid), new_id("pi")
    with ThreadPoolExecutor(16) as threads:
        told = list(threads.map(lambda _: tell(paid, COMPLETED, session(payment)).status_code, range(32)))
    assert told == [200] * 32
    assert_balance(paid, before + 9_500)


def test_a_replay_after_a_restart_credits_nothing(start: Callable[..., Gateway]) -> None:
    gateway = start(sandbox="on", environment={"AIGATEWAY_STRIPE_WEBHOOK_SECRET": SECRET})
    before, body = cents(gateway), event(COMPLETED, session(new_id("pi")))
    assert send(gateway, body, signature(body)).status_code == 200
    gateway.kill()
    gateway.start()
    assert send(gateway, body, signature(body)).status_code == 200
    assert_balance(gateway, before + 9_500)


def test_an_altered_body_is_refused(paid: Gateway) -> None:
    before = cents(paid)
    body = event(COMPLETED, session(new_id("pi")))
    header = signature(body)
    for altered in (body.replace(b"10000", b"90000"), body + b" ", body[:-1], b"", body.replace(b"\n", b"")):
        assert_refused(paid, send(paid, altered, header), 400, "bad_signature", before)


def test_another_secret_is_refused(paid: Gateway) -> None:
    before, body = cents(paid), event(COMPLETED, session(new_id("pi")))
    for secret in ("whsec_of_somebody_else", SECRET + "x", SECRET.removeprefix("whsec_")):
        assert_refused(paid, send(paid, body, signature(body, secret)), 400, "bad_signature", before)


@pytest.mark.parametrize("age", [-3_600, -360, 360, 3_600, 10**9])
def test_another_time_is_refused(paid: Gateway, age: int) -> None:
    before, body = cents(paid), event(COMPLETED, session(new_id("pi")))
    assert_refused(paid, send(paid, body, signature(body, at=time.time() - age)), 400, "bad_signature", before)


@pytest.mark.parametrize("age", [-200, 200])
def test_a_time_not_far_away_is_good(paid: Gateway, age: int) -> None:
    body = event("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"})
    assert send(paid, body, signature(body, at=time.time() - age)).status_code == 200


@pytest.mark.parametrize(
    "garbage",
    [None, "", "t", "t=", "=,=,=", "t=1", "v1=00", "t=x,v1=" + "0" * 64, "t=" + "9" * 400 + ",v1=" + "0" * 64,
     "v1=" + "0" * 64 + ("," + "x" * 10) * 300],
)  # fmt: skip
def test_a_header_that_is_no_signature_is_refused(paid: Gateway, garbage: str | None) -> None:
    before, body = cents(paid), event(COMPLETED, session(new_id("pi")))
    assert_refused(paid, send(paid, body, garbage), 400, "bad_signature", before)


def test_one_good_code_among_several_is_enough(paid: Gateway) -> None:
    body = event("customer.created", {"id": "cus_1", "object": "customer"})
    time_, code = signature(body).split(",")
    header = f"{time_},v1={'0' * 64},{code},v0=abc"
    assert stripe.WebhookSignature.verify_header(body.decode(), header, SECRET)
    assert send(paid, body, header).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"client_reference_id": "acc_other"}, 400, "invalid_value"),
        ({"metadata": {"aigateway_account": "acc_other"}}, 400, "invalid_value"),
        ({"account": "acc_other"}, 404, "object_not_found"),
        ({"currency": "eur"}, 400, "invalid_value"),
        ({"cents": 0}, 400, "invalid_value"),
        ({"cents": -10_000}, 400, "invalid_value"),
        ({"cents": 2**63}, 400, "invalid_value"),
        ({"cents": 1e300}, 400, "invalid_value"),
        ({"cents": "10000"}, 400, "invalid_value"),
        ({"cents": 10_000.5}, 400, "invalid_value"),
        ({"payment_intent": None}, 400, "invalid_value"),
    ],
)
def test_a_payment_that_cannot_be_meant_is_refused(
    paid: Gateway, changes: dict, status: int, reason: str
) -> None:
    before = cents(paid)
    answer = tell(paid, COMPLETED, session(**{"payment_intent": new_id("pi"), **changes}))
    assert_refused(paid, answer, status, reason, before)


@pytest.mark.parametrize(
    "changes",
    [{"payment_status": "unpaid"}, {"mode": "subscription"}, {"client_reference_id": None, "metadata": {}}],
)
def test_a_session_that_credits_nobody_is_answered_and_ignored(paid: Gateway, changes: dict) -> None:
    before = cents(paid)
    assert tell(paid, COMPLETED, session(new_id("pi"), **changes)).status_code == 200
    assert cents(paid) == before


def test_a_refund_told_in_both_ways_is_taken_once_and_never_beyond_the_credit(paid: Gateway) -> None:
    before, payment = cents(paid), new_id("pi")
    assert tell(paid, "charge.refunded", charge(payment, 2_500)).status_code == 409  # not paid yet
    assert tell(paid, COMPLETED, session(payment)).status_code == 200
    assert_balance(paid, before + 9_500)
    assert tell(paid, "charge.refunded", charge(payment, 2_500)).status_code == 200
    assert tell(paid, "refund.created", refund(payment, 2_500)).status_code == 200
    assert_balance(paid, before + 7_125)
    assert tell(paid, "charge.refunded", charge(payment, 90_000)).status_code == 200
    assert_balance(paid, before)


def test_a_page_for_a_payment_is_made(paid: Gateway, stripe_api: StripeAPI) -> None:
    address = f"{paid.base_url}/v1/top-ups/checkout"
    answer = httpx.post(address, json={"amount_cents": 2_000}, headers=bearer(paid), timeout=20)
    assert answer.status_code == 200, answer.text
    assert answer.json()["url"].startswith("https://checkout.stripe.com/")
    assert answer.json()["id"].startswith("cs_")
    form, headers = stripe_api.forms[-1], stripe_api.headers[-1]
    assert form["mode"] == ["payment"]
    assert form["line_items[0][price_data][unit_amount]"] == ["2000"]
    assert form["line_items[0][price_data][currency]"] == ["usd"]
    for name in ("client_reference_id", "metadata[aigateway_account]"):
        assert form[name] == ["acc_root"]
    assert form["payment_intent_data[metadata][aigateway_account]"] == ["acc_root"]
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["idempotency-key"]


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"amount_cents": 499}, 400, "invalid_value"),
        ({"amount_cents": "500"}, 400, "invalid_type"),
        ({}, 400, "missing_field"),
        ({"amount_cents": 66_600}, 400, "upstream_rejected"),
    ],
)
def test_a_page_that_cannot_be_made_is_refused(paid: Gateway, body: dict, status: int, reason: str) -> None:
    address = f"{paid.base_url}/v1/top-ups/checkout"
    answer = httpx.post(address, json=body, headers=bearer(paid), timeout=20)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (status, reason)
    assert KEY not in answer.text
    assert httpx.post(address, json=body, timeout=20).status_code == 401


def test_without_settings_there_is_no_webhook(gateway: Gateway) -> None:
    body = event(COMPLETED, session(new_id("pi")))
    assert send(gateway, body, signature(body)).status_code == 404
