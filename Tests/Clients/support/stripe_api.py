"""Stripe as far as it is used: its webhook events, signed by its own package, and the page for a payment."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import stripe

SECRET = "whsec_of_the_tests"
_numbers = itertools.count(int(time.time() * 1000))


def new_id(prefix: str) -> str:
    return f"{prefix}_{next(_numbers)}"


def event(kind: str, data: dict[str, object], id_: str | None = None) -> bytes:
    body = {"id": id_ or new_id("evt"), "object": "event", "type": kind, "api_version": "2025-09-30.clover",
            "created": int(time.time()), "livemode": False, "data": {"object": data}}  # fmt: skip
    return json.dumps(body, indent=2).encode()


def session(payment_intent: str, cents: object = 10_000, account: str = "acc_root", **changes: object) -> dict:
    return {
        "id": new_id("cs_test"), "object": "checkout.session", "mode": "payment", "status": "complete",
        "payment_status": "paid", "amount_total": cents, "currency": "usd", "payment_intent": payment_intent,
        "client_reference_id": account, "metadata": {"aigateway_account": account}, **changes,
    }  # fmt: skip


def charge(payment_intent: str, refunded: int, account: str = "acc_root") -> dict:
    return {
        "id": new_id("ch"), "object": "charge", "amount": 10_000, "amount_refunded": refunded, "currency": "usd",
        "payment_intent": payment_intent, "metadata": {"aigateway_account": account},
    }  # fmt: skip


def refund(payment_intent: str, cents: int) -> dict:
    return {
        "id": new_id("re"), "object": "refund", "amount": cents, "currency": "usd", "status": "succeeded",
        "payment_intent": payment_intent, "metadata": {},
    }  # fmt: skip


def saving_payment(account: str, **changes: object) -> dict:
    """A payment whose payer has agreed that what was paid with is kept."""
    return {
        "id": new_id("pi"), "object": "payment_intent", "status": "succeeded", "amount_received": 2_000,
        "currency": "usd", "customer": "cus_of_the_tests", "payment_method": "pm_of_the_tests",
        "setup_future_usage": "off_session",
        "metadata": {"aigateway_account": account, "aigateway_save_payment_method": "true"}, **changes,
    }  # fmt: skip


def saving_charge(account: str) -> dict:
    details = {"type": "card", "card": {"brand": "visa", "last4": "4242", "exp_year": 2031}}
    return saving_payment(account, id=new_id("ch"), object="charge", payment_method_details=details)


def signature(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
    """As Stripe's own package makes it, which also must take it for good."""
    seconds = int(time.time() if at is None else at)
    code = stripe.WebhookSignature._compute_signature(f"{seconds}.{body.decode()}", secret)
    header = f"t={seconds},v1={code}"
    assert stripe.WebhookSignature.verify_header(body.decode(), header, secret)
    return header


class StripeAPI:
    """Answers on loopback like `api.stripe.com`, and notes what it was asked."""

    def __init__(self) -> None:
        self.forms: list[dict[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []
        # What comes of payments with nobody there: succeeded, processing, declined or silent.
        self.conduct = "succeeded"
        self.payments: list[dict[str, object]] = []
        self.released = threading.Event()
        self._answers: dict[str, tuple[int, dict[str, object]]] = {}
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
                api.forms.append(form)
                api.headers.append({name.lower(): value for name, value in self.headers.items()})
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.reply(*api.answer(self.path, form))

            def reply(self, status: int, answer: dict[str, object]) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        if path == "/v1/payment_intents":
            return self.payment(form, self.headers[-1]["idempotency-key"])
        if path != "/v1/checkout/sessions":
            return 404, {"error": {"type": "invalid_request_error", "message": "no such path"}}
        if form["line_items[0][price_data][unit_amount]"] == ["66600"]:
            return 400, {"error": {"code": "amount_too_large", "message": "of sk_test_of_the_tests"}}
        id_ = new_id("cs_test")
        return 200, {"id": id_, "object": "checkout.session", "url": f"https://checkout.stripe.com/c/pay/{id_}"}

    def payment(self, form: dict[str, list[str]], key: str) -> tuple[int, dict[str, object]]:
        """The same name gets the same answer, as Stripe gives it; in silence it is charged all the same."""
        conduct = self.conduct
        if key not in self._answers:
            metadata = {name[9:-1]: values[0] for name, values in form.items() if name.startswith("metadata[")}
            payment = {
                "id": new_id("pi"), "object": "payment_intent", "amount": int(form["amount"][0]),
                "amount_received": int(form["amount"][0]), "currency": form["currency"][0],
                "status": "processing" if conduct == "processing" else "succeeded", "metadata": metadata,
            }  # fmt: skip
            error = {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds",
                     "message": "of sk_test_of_the_tests", "payment_intent": payment}  # fmt: skip
            self._answers[key] = (402, {"error": error}) if conduct == "declined" else (200, payment)
            self.payments.append(payment)
        if conduct == "silent":
            self.released.wait(60)
        return self._answers[key]

    def __enter__(self) -> StripeAPI:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
