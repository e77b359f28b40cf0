"""HTTP over a bare socket: says exactly the bytes it is told to, and reads what comes back."""

from __future__ import annotations

import json
import socket
import uuid
from dataclasses import dataclass
from typing import Any, BinaryIO

TIMEOUT_SECONDS = 15.0
MODEL = "openai/o4-mini"


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def request_id(self) -> str:
        return self.headers["x-request-id"]

    def events(self) -> list[str]:
        """The data of each event of an event stream."""
        blocks = self.body.decode().replace("\r\n", "\n").split("\n\n")
        return [b.removeprefix("data: ") for b in blocks if b.startswith("data: ")]


class ConnectionEnded(Exception):
    """The server closed where more bytes were due."""


class Raw:
    """One connection."""

    def __init__(self, host: str, port: int, timeout: float = TIMEOUT_SECONDS) -> None:
        self.socket = socket.create_connection((host, port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader: BinaryIO = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_until_refused(self, data: bytes) -> None:
        """Sends what the server will take: it may answer and close before it has read everything."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            pass

    def _line(self) -> bytes:
        line = self.reader.readline(65536)
        if not line.endswith(b"\n"):
            raise ConnectionEnded(line)
        return line.rstrip(b"\r\n")

    def _exactly(self, length: int) -> bytes:
        data = self.reader.read(length)
        if len(data) != length:
            raise ConnectionEnded(data)
        return data

    def _chunked(self) -> bytes:
        body = b""
        while size := int(self._line().split(b";")[0], 16):
            body += self._exactly(size)
            self._line()
        while self._line():
            pass
        return body

    def read(self) -> Response:
        """One whole answer."""
        status = int(self._line().split()[1])
        headers: dict[str, str] = {}
        while line := self._line():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if status == 100:
            return self.read()
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return Response(status, headers, self._chunked())
        if "content-length" in headers:
            return Response(status, headers, self._exactly(int(headers["content-length"])))
        return Response(status, headers, self.reader.read())

    def read_or_closed(self) -> Response | None:
        """An answer, or None where the server closed without one."""
        try:
            return self.read()
        except (ConnectionEnded, ConnectionResetError):
            return None

    def is_closed(self, within: float) -> bool:
        """Whether the server ends the connection in time, having nothing more to say."""
        self.socket.settimeout(within)
        try:
            return self.reader.read(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False

    def close(self) -> None:
        self.reader.close()
        self.socket.close()

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def new_id() -> str:
    return f"test-{uuid.uuid4().hex}"


def chat(text: str = "Hello!", **more: Any) -> bytes:
    return json.dumps({"model": MODEL, "messages": [{"role": "user", "content": text}], **more}).encode()


def request(
    key: str | None,
    body: bytes | None = None,
    *,
    method: str = "POST",
    path: str = "/v1/chat/completions",
    headers: dict[str, str] | None = None,
    declare_length: bool = True,
) -> bytes:
    """The bytes of one request."""
    fields = {"Host": "127.0.0.1"}
    if key is not None:
        fields["Authorization"] = f"Bearer {key}"
    if body is not None:
        fields["Content-Type"] = "application/json"
        if declare_length:
            fields["Content-Length"] = str(len(body))
    fields |= headers or {}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
    return head.encode("latin-1") + (body or b"")


def assert_error(
    response: Response, status: int, type_: str, reason: str | None = None, param: str | None = None
) -> dict[str, Any]:
    """Checks an error against its envelope; returns the error object."""
    assert response.status == status, response
    assert response.headers["content-type"].startswith("application/json"), response
    document = response.json()
    assert set(document) == {"error"}, document
    error = document["error"]
    assert {"message", "type", "code", "param", "reason", "request_id"} <= set(error), error
    assert isinstance(error["message"], str) and error["message"], error
    assert (error["type"], error["code"]) == (type_, status), error
    assert isinstance(error["code"], int), error
    assert error["request_id"] == response.request_id, (error, response.headers)
    if reason is not None:
        assert error["reason"] == reason, error
    if param is not None:
        assert error["param"] == param, error
    return error
