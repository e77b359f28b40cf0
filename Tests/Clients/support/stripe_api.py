"""Stripe as far as it is used: its webhook events, signed by its own package, and the page for a payment."""

from __future__ import annotations

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
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
                api.forms.append(form)
                api.headers.append({name.lower(): value for name, value in self.headers.items()})
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
        if path != "/v1/checkout/sessions":
            return 404, {"error": {"type": "invalid_request_error", "message": "no such path"}}
        if form["line_items[0][price_data][unit_amount]"] == ["66600"]:
            return 400, {"error": {"code": "amount_too_large", "message": "of sk_test_of_the_tests"}}
        id_ = new_id("cs_test")
        return 200, {"id": id_, "object": "checkout.session", "url": f"https://checkout.stripe.com/c/pay/{id_}"}

    def __enter__(self) -> StripeAPI:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
