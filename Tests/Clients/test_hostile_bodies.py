"""Requests that are wrong in themselves. After each, the gateway still answers a good one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import assert_answers
from gateway_process import Gateway
from support.raw import MODEL, Raw, Response, assert_error, chat, request

MESSAGES = [{"role": "user", "content": "Hello!"}]
TOO_LARGE = 33 * 1024 * 1024


@pytest.fixture(autouse=True)
def _still_answers(gateway: Gateway) -> Iterator[None]:
    yield
    assert_answers(gateway)


def ask(gateway: Gateway, data: bytes) -> Response:
    with Raw(gateway.host, gateway.port) as raw:
        raw.send_until_refused(data)
        return raw.read()


def nested(levels: int) -> bytes:
    value = b"[" * levels + b"]" * levels
    return b'{"model":"%s","messages":[{"role":"user","content":"x"}],"metadata":%s}' % (MODEL.encode(), value)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"hello", id="not JSON"),
        pytest.param(b"", id="empty"),
        pytest.param(b"   \n", id="blank"),
        pytest.param(b"{", id="half"),
        pytest.param(chat() + b"x", id="trailing bytes"),
        pytest.param(b"[]", id="array"),
        pytest.param(b"null", id="null"),
        pytest.param(b'"text"', id="string"),
        pytest.param(nested(10_000), id="10,000 levels"),
        pytest.param(b"[" * 100_000, id="100,000 open brackets"),
        pytest.param(chat().replace(b"Hello!", b"\xff\xfe\xc3"), id="invalid UTF-8"),
        pytest.param(chat().replace(b"Hello!", b"\xed\xa0\x80"), id="surrogate as UTF-8"),
        pytest.param(chat().replace(b"Hello!", b"a\nb"), id="bare control character"),
        pytest.param(chat().replace(b"Hello!", b"\x00"), id="NUL byte"),
        pytest.param(b"\xef\xbb\xbf" * 3 + chat(), id="byte order marks"),
        pytest.param(b"model=openai/o4-mini&messages=hello", id="form"),
    ],
)
def test_body_that_is_not_a_request(gateway: Gateway, body: bytes) -> None:
    assert_error(ask(gateway, request(gateway.key, body)), 400, "invalid_request_error")


@pytest.mark.parametrize(
    ("document", "param"),
    [
        ({"messages": MESSAGES, "model": 7}, "model"),
        ({"messages": MESSAGES, "model": None}, "model"),
        ({"messages": MESSAGES, "model": {}}, "model"),
        ({"messages": MESSAGES}, "model"),
        ({"model": MODEL}, "messages"),
        ({"model": MODEL, "messages": None}, "messages"),
        ({"model": MODEL, "messages": "Hello!"}, "messages"),
        ({"model": MODEL, "messages": {}}, "messages"),
        ({"model": MODEL, "messages": []}, "messages"),
        ({"model": MODEL, "messages": MESSAGES, "stream": "true"}, "stream"),
        ({"model": MODEL, "messages": MESSAGES, "stream": 1}, "stream"),
    ],
    ids=lambda value: json.dumps(value)[:70],
)
def test_field_that_is_missing_or_of_the_wrong_type(gateway: Gateway, document: dict[str, Any], param: str) -> None:
    answer = ask(gateway, request(gateway.key, json.dumps(document).encode()))
    assert_error(answer, 400, "invalid_request_error", param=param)


def test_model_named_twice(gateway: Gateway) -> None:
    """Either refused, or one of the two is meant throughout; test_upstream.py looks at what goes up."""
    body = b'{"model":"openai/o4-mini","model":"openai/gpt-4.1-mini","messages":[{"role":"user","content":"x"}]}'
    answer = ask(gateway, request(gateway.key, body))
    assert answer.status in (200, 400), answer


def test_very_long_model_name(gateway: Gateway) -> None:
    answer = ask(gateway, request(gateway.key, chat(model="openai/" + "x" * 100_000)))
    assert answer.status in (400, 404), answer.status
    assert len(answer.body) < 10_000


def test_body_over_the_limit(gateway: Gateway) -> None:
    answer = ask(gateway, request(gateway.key, chat("x" * TOO_LARGE)))
    assert_error(answer, 413, "invalid_request_error", "payload_too_large")


def test_body_over_the_limit_is_refused_by_its_announcement(gateway: Gateway) -> None:
    """A client that waits for leave to send, as curl does, need not send the body."""
    head = request(gateway.key, None, headers={"Content-Length": str(TOO_LARGE), "Expect": "100-continue"})
    assert_error(ask(gateway, head), 413, "invalid_request_error", "payload_too_large")


def test_chunked_body_over_the_limit(gateway: Gateway) -> None:
    piece = b"x" * 65536
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for _ in range(TOO_LARGE // len(piece) + 1)) + b"0\r\n\r\n"
    head = request(gateway.key, b"", declare_length=False, headers={"Transfer-Encoding": "chunked"})
    assert_error(ask(gateway, head + chunks), 413, "invalid_request_error", "payload_too_large")


def test_chunked_upload(gateway: Gateway) -> None:
    body = chat()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 7]), body[i : i + 7]) for i in range(0, len(body), 7))
    head = request(gateway.key, b"", declare_length=False, headers={"Transfer-Encoding": "chunked"})
    assert ask(gateway, head + chunks + b"0\r\n\r\n").status == 200


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/chat", "/v1/chat/completions/", "/v2/chat/completions", "/%00", "//", "/../etc"]
)
def test_unknown_path(gateway: Gateway, path: str) -> None:
    assert_error(ask(gateway, request(gateway.key, chat(), path=path)), 404, "not_found", "endpoint_not_found")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "BREW"])
def test_wrong_method(gateway: Gateway, method: str) -> None:
    answer = ask(gateway, request(gateway.key, None, method=method))
    assert_error(answer, 405, "invalid_request_error", "method_not_allowed")
    assert "POST" in [allowed.strip() for allowed in answer.headers["allow"].split(",")]


@pytest.mark.parametrize(
    "authorization",
    [
        None, "", "Bearer", "Bearer ", "Basic Zm9vOmJhcg==", "Bearer sk-aig-", "Bearer sk-aig-" + "0" * 64,
        "Bearer " + "x" * 8000, "Bearer \xff\xfe", "Bearer {key} trailing", "Bearer {altered}", "Bearer {shortened}",
        "Bearer {lengthened}", "Bearer {upper}",
    ],
)  # fmt: skip
def test_no_key_or_a_wrong_one(gateway: Gateway, authorization: str | None) -> None:
    key = gateway.key
    headers = {}
    if authorization is not None:
        headers["Authorization"] = authorization.format(
            key=key, altered=key[:-1] + ("A" if key[-1] != "A" else "B"), shortened=key[:-1], lengthened=key + "A",
            upper=key.upper(),
        )  # fmt: skip
    answer = ask(gateway, request(None, chat(), headers=headers))
    error = assert_error(answer, 401, "authentication_error", "invalid_key")
    assert key[8:] not in json.dumps(error)


def test_the_body_is_not_looked_at_without_a_key(gateway: Gateway) -> None:
    assert_error(ask(gateway, request(None, b"not JSON")), 401, "authentication_error", "invalid_key")


@pytest.mark.parametrize(
    "id_", ["x" * 300, "x" * 5000, "a b", 'quote"quote', "<script>", "\xe9", "%0d%0aSet-Cookie:%20a=b"]
)
def test_odd_request_id(gateway: Gateway, id_: str) -> None:
    """Echoed or replaced, never an error and never a way to write into the answer's head."""
    answer = ask(gateway, request(gateway.key, chat(), headers={"X-Request-Id": id_}))
    assert answer.status == 200, answer
    assert answer.request_id
    assert "set-cookie" not in answer.headers
