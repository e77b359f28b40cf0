"""Sends a request and reads everything that comes back."""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

READ_SIZE = 65536


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes
    broken: str | None = None
    """How the body ended, where it did not end as it should."""


class Server:
    """One connection to the server, opened again when it is lost."""

    def __init__(self, base_url: str, key: str, timeout: float = 60.0) -> None:
        """`base_url` is with or without `/v1` at its end."""
        parts = urlsplit(base_url if "//" in base_url else f"http://{base_url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an address: {base_url}")
        path = parts.path.rstrip("/")
        self.path = (path if path.endswith("/v1") else f"{path}/v1") + "/chat/completions"
        self.timeout = timeout
        self._key = key
        self._address = (parts.hostname, parts.port)
        self._secure = parts.scheme == "https"
        self._connection: http.client.HTTPConnection | None = None

    def _connect(self) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(*self._address, timeout=self.timeout, context=context)
        return http.client.HTTPConnection(*self._address, timeout=self.timeout)

    def post(self, document: dict[str, Any]) -> Reply:
        body = json.dumps(document, ensure_ascii=False).encode()
        fields = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        is_kept = self._connection is not None
        try:
            return self._exchange(body, fields)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if not is_kept:
                raise
        return self._exchange(body, fields)  # a kept connection may have been closed meanwhile

    def _exchange(self, body: bytes, fields: dict[str, str]) -> Reply:
        self._connection = self._connection or self._connect()
        try:
            self._connection.request("POST", self.path, body, fields)
            answer = self._connection.getresponse()
        except OSError:
            self.close()
            raise
        headers = {name.lower(): value for name, value in answer.getheaders()}
        data, broken = b"", None
        try:
            while piece := answer.read1(READ_SIZE):
                data += piece
            if not answer.isclosed():  # the end of a chunked body is still to be read
                data += answer.read()
        except (http.client.HTTPException, OSError) as error:
            broken = f"{type(error).__name__} after {len(data)} bytes"
        if broken or answer.will_close:
            self.close()
        return Reply(answer.status, headers, data, broken)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
