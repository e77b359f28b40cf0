"""The servers of a run: a mock vendor, nginx as bare reverse proxy, the stream upstream."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path

from process_figures import tree

CHAT_ANSWER = json.dumps(
    {
        "id": "chatcmpl-BqZ7wXkP2rT9sVnLc4mYhJ8d",
        "object": "chat.completion",
        "created": 1776947082,
        "model": "o4-mini-2025-04-16",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": "The Danube rises in the Black Forest, the Rhine in the Swiss Alps, "
                    "and the Volga in the Valdai Hills north-west of Moscow.",
                    "refusal": None,
                    "annotations": [],
                },
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": 42,
            "completion_tokens": 31,
            "total_tokens": 73,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    },
    separators=(",", ":"),
)

NGINX_CONFIG = """
{user}worker_processes 1;
worker_rlimit_nofile 16384;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    default_type application/json;
    tcp_nodelay on;
    keepalive_requests 1000000000;
    client_max_body_size 32m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{http}
}}
"""

MOCK_HTTP = """
    server {{
        listen 127.0.0.1:{port};
        location = /v1/chat/completions {{ return 200 '{answer}'; }}
    }}
"""

PROXY_HTTP = """
    upstream vendor {{
        server 127.0.0.1:{upstream};
        keepalive 1024;
        keepalive_requests 1000000000;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://vendor;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering {buffering};
        }}
    }}
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for_port(port: int, process: subprocess.Popen, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nothing answers on port {port}") from None
            time.sleep(0.01)


class Server:
    """A child process on a loopback port."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process = process
        self.port = port

    def pids(self) -> list[int]:
        return tree(self.process.pid)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _nginx(folder: Path, http: str, port: int, prefix: tuple[str, ...]) -> Server:
    folder.mkdir()
    # Started by root, nginx gives its worker another user, who may not enter our folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(NGINX_CONFIG.format(user=user, folder=folder, http=http))
    process = subprocess.Popen(
        [*prefix, "nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config)]
    )
    wait_for_port(port, process)
    return Server(process, port)


def nginx_mock(folder: Path, prefix: tuple[str, ...]) -> Server:
    port = free_port()
    return _nginx(folder, MOCK_HTTP.format(port=port, answer=CHAT_ANSWER), port, prefix)


def nginx_proxy(folder: Path, upstream: int, prefix: tuple[str, ...], buffering: bool = True) -> Server:
    port = free_port()
    http = PROXY_HTTP.format(port=port, upstream=upstream, buffering="on" if buffering else "off")
    return _nginx(folder, http, port, prefix)


def stream_upstream(tool: Path, events: int, interval_ms: int, prefix: tuple[str, ...]) -> Server:
    command = [*prefix, str(tool), "upstream", "--events", str(events), "--interval-ms", str(interval_ms)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return Server(process, int(process.stdout.readline()))
