"""How a gateway starts and ends, seen from outside, and what TLS changes."""

from __future__ import annotations

import signal
import ssl
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from gateway_process import Gateway
from support.cli import clean_environment
from support.raw import Raw, chat, new_id, request
from support.records import only_record

SLOW = "sandbox:\n  tokens_per_second: 30\n"


def test_files_of_the_data_directory(gateway: Gateway) -> None:
    assert stat.S_IMODE((gateway.data / "root.key").stat().st_mode) == 0o600
    assert (gateway.data / "address").read_text() == f"{gateway.host}:{gateway.port}\n"


def test_the_first_start_says_all_that_is_needed(start: Callable[..., Gateway]) -> None:
    gateway = start(sandbox="on")
    said = gateway.log_path.read_text()
    assert gateway.base_url in said and "SANDBOX" in said
    [curl] = [line for line in said.splitlines() if line.strip().startswith("curl ")]
    done = subprocess.run(["bash", "-c", curl], capture_output=True, timeout=20, env=clean_environment({}))
    assert done.returncode == 0 and b'"chat.completion"' in done.stdout, done


def test_a_second_server_on_the_same_directory_is_refused(binary: Path, gateway: Gateway) -> None:
    done = subprocess.run(
        [binary, "serve", "--listen", "127.0.0.1:0", "--data", gateway.data], capture_output=True, timeout=20,
        env=clean_environment({}),
    )  # fmt: skip
    assert done.returncode == 1 and str(gateway.data).encode() in done.stderr, done
    assert httpx.get(f"{gateway.base_url}/readyz").status_code == 200
    assert (gateway.data / "address").read_text() == f"{gateway.host}:{gateway.port}\n"


def test_an_address_in_use_is_named(binary: Path, gateway: Gateway, tmp_path: Path) -> None:
    address = f"{gateway.host}:{gateway.port}"
    done = subprocess.run(
        [binary, "serve", "--listen", address, "--data", tmp_path / "data"], capture_output=True, timeout=20,
        env=clean_environment({}),
    )  # fmt: skip
    assert done.returncode == 1 and address.encode() in done.stderr, done


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_a_stream_is_finished_before_the_end(
    binary: Path, tmp_path: Path, with_signal: signal.Signals
) -> None:
    id_ = new_id()
    with Gateway(binary, tmp_path / "data", sandbox="on", config=SLOW) as gateway:
        with Raw(gateway.host, gateway.port) as raw:
            raw.send(request(gateway.key, chat(stream=True), headers={"X-Request-Id": id_}))
            first = raw.reader.peek(1)
            assert first
            assert gateway.process is not None
            gateway.process.send_signal(with_signal)
            answer = raw.read()
        assert answer.events()[-1] == "[DONE]"
        assert gateway.process.wait(10) == 0, gateway.log_tail()
    assert only_record(gateway.database, id_).outcome == "complete"


def test_no_new_connections_while_it_ends(binary: Path, tmp_path: Path) -> None:
    with Gateway(binary, tmp_path / "data", sandbox="on", config=SLOW) as gateway:
        with Raw(gateway.host, gateway.port) as raw:
            raw.send(request(gateway.key, chat(stream=True)))
            assert raw.reader.peek(1)
            assert gateway.process is not None
            gateway.process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline:
                try:
                    Raw(gateway.host, gateway.port, timeout=1).close()
                # One that was on its way when the door closed is reset instead of refused.
                except (ConnectionRefusedError, ConnectionResetError, TimeoutError):
                    break
                time.sleep(0.01)
            else:
                pytest.fail("still takes connections")
            assert raw.read().events()[-1] == "[DONE]"
        assert gateway.process.wait(10) == 0, gateway.log_tail()


def test_a_second_signal_ends_it_at_once(binary: Path, tmp_path: Path) -> None:
    config = "sandbox:\n  tokens_per_second: 1\n"
    with Gateway(binary, tmp_path / "data", sandbox="on", config=config) as gateway:
        with Raw(gateway.host, gateway.port) as raw:
            raw.send(request(gateway.key, chat(stream=True)))
            assert raw.reader.peek(1)
            assert gateway.process is not None
            gateway.process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + 5
            while "shutting down" not in gateway.log_tail():
                assert time.monotonic() < deadline
                time.sleep(0.01)
            time.sleep(0.05)
            assert gateway.is_running()
            gateway.process.send_signal(signal.SIGTERM)
            assert gateway.process.wait(2) == 1


def test_a_stream_that_outlasts_the_grace_is_cut_and_recorded(binary: Path, tmp_path: Path) -> None:
    id_ = new_id()
    config = "sandbox:\n  tokens_per_second: 1\nserver:\n  shutdown_grace: 200ms\n"
    with Gateway(binary, tmp_path / "data", sandbox="on", config=config) as gateway:
        with Raw(gateway.host, gateway.port) as raw:
            raw.send(request(gateway.key, chat(stream=True), headers={"X-Request-Id": id_}))
            assert raw.reader.peek(1)
            assert gateway.stop() == 0, gateway.log_tail()
            assert b"[DONE]" not in raw.reader.read()
    assert only_record(gateway.database, id_).outcome == "cancelled"


def test_the_key_survives_a_restart(binary: Path, tmp_path: Path) -> None:
    with Gateway(binary, tmp_path / "data", sandbox="on") as gateway:
        key = gateway.key
        assert gateway.stop() == 0
        gateway.start()
        assert gateway.key == key
        answer = httpx.post(
            f"{gateway.base_url}/v1/chat/completions", content=chat(), headers={"Authorization": f"Bearer {key}"}
        )
        assert answer.status_code == 200


# TLS


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key,
         "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


@pytest.fixture(scope="module")
def secure(
    binary: Path, identity: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    certificate, key = identity
    gateway = Gateway(
        binary, tmp_path_factory.mktemp("secure") / "data", sandbox="on",
        config=f"tls:\n  certificate: {certificate}\n  key: {key}\n",
    )  # fmt: skip
    with gateway:
        yield gateway
        assert gateway.stop() == 0, gateway.log_tail()


def test_tls_with_a_certificate_of_ones_own(secure: Gateway, identity: tuple[Path, Path]) -> None:
    trusting = ssl.create_default_context(cafile=str(identity[0]))
    with httpx.Client(verify=trusting, base_url=f"https://127.0.0.1:{secure.port}") as client:
        headers = {"Authorization": f"Bearer {secure.key}"}
        assert client.get("/readyz").status_code == 200
        assert client.post("/v1/chat/completions", content=chat(), headers=headers).status_code == 200
        stream = client.post("/v1/chat/completions", content=chat(stream=True), headers=headers)
        assert stream.text.endswith("data: [DONE]\n\n")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://127.0.0.1:{secure.port}/readyz")


def test_tls_answers_curl(secure: Gateway) -> None:
    done = subprocess.run(
        ["curl", "-sk", f"https://127.0.0.1:{secure.port}/healthz"], capture_output=True, timeout=20,
        env=clean_environment({}),
    )  # fmt: skip
    assert done.returncode == 0 and b'"ok"' in done.stdout, done


def test_tls_refuses_plain_http(secure: Gateway) -> None:
    with Raw(secure.host, secure.port) as raw:
        raw.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert raw.read_or_closed() is None
    test_tls_answers_curl(secure)


def test_tls_client_that_leaves(secure: Gateway, identity: tuple[Path, Path]) -> None:
    trusting = ssl.create_default_context(cafile=str(identity[0]))
    for _ in range(20):
        with httpx.Client(verify=trusting, base_url=f"https://127.0.0.1:{secure.port}") as client:
            with client.stream(
                "POST", "/v1/chat/completions", content=chat(stream=True),
                headers={"Authorization": f"Bearer {secure.key}", "x-sandbox-tokens-per-second": "20"},
            ) as answer:  # fmt: skip
                next(answer.iter_raw())
    test_tls_answers_curl(secure)


@pytest.mark.parametrize("broken", ["certificate", "key"])
def test_tls_with_a_broken_file_does_not_start(
    binary: Path, identity: tuple[Path, Path], tmp_path: Path, broken: str
) -> None:
    files = {"certificate": identity[0], "key": identity[1]}
    files[broken] = tmp_path / "broken.pem"
    files[broken].write_text("not PEM\n")
    done = subprocess.run(
        [binary, "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "data", "--tls-certificate",
         files["certificate"], "--tls-key", files["key"]],
        capture_output=True, timeout=20, env=clean_environment({}),
    )  # fmt: skip
    assert done.returncode == 1 and b"tls" in done.stderr, done
