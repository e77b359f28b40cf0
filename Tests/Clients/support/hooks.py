"""Addresses on this machine, behind TLS, that somebody is to report to."""

from __future__ import annotations

import itertools
import json
import ssl
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Posted:
    headers: dict[str, str]
    body: bytes


class Hooks:
    """Remembers what was posted to each of its addresses. Its certificate is its own authority."""

    def __init__(self, folder: Path) -> None:
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", self.certificate, "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1"],
            check=True, capture_output=True,
        )  # fmt: skip
        self._posted: dict[str, list[Posted]] = {}
        self._arrived = threading.Condition()
        self._numbers = itertools.count(1)
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with hooks._arrived:
                    hooks._posted.setdefault(self.path, []).append(Posted(headers, body))
                    hooks._arrived.notify_all()
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def address(self) -> str:
        """A new one."""
        return f"https://127.0.0.1:{self._server.server_port}/{next(self._numbers)}"

    def received(self, address: str) -> Any:
        """The one report to an address; waits for it."""
        [posted] = self.awaited(address, 1)
        return json.loads(posted.body)

    def awaited(self, address: str, count: int) -> list[Posted]:
        """All that came to an address, once so much has come."""
        path = "/" + address.rpartition("/")[2]
        with self._arrived:
            came = self._arrived.wait_for(lambda: len(self._posted.get(path, [])) >= count, WAIT_SECONDS)
            assert came, f"no {count} came to {address}"
            return list(self._posted[path])

    def __enter__(self) -> Hooks:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
