"""The command line from outside: what it prints, where, and what it ends with."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from gateway_process import Gateway
from support.cli import Cli, clean_environment, read_address
from support.raw import chat

VERBS = ["serve", "sandbox", "key", "call", "check", "version"]
KEY = re.compile(r"sk-aig-[0-9A-Za-z]{32,}\n")
SEEN_WITHIN_SECONDS = 1.0


@pytest.fixture
def cli(binary: Path, tmp_path: Path) -> Cli:
    return Cli(binary.resolve(), tmp_path)


def status_with(gateway: Gateway, key: str) -> int:
    url = f"{gateway.base_url}/v1/chat/completions"
    return httpx.post(url, content=chat(), headers={"Authorization": f"Bearer {key}"}).status_code


def assert_soon(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SEEN_WITHIN_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, f"not within {SEEN_WITHIN_SECONDS} s"
        time.sleep(0.02)


# Help and usage


@pytest.mark.parametrize("arguments", [["help"], ["--help"], ["-h"]])
def test_overview(cli: Cli, arguments: list[str]) -> None:
    done = cli.run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {verb} " in done.stdout for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("form", [["{}", "--help"], ["{}", "-h"], ["help", "{}"]])
def test_help_of_a_verb(cli: Cli, verb: str, form: list[str]) -> None:
    done = cli.run(*[part.format(verb) for part in form])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: aigateway {verb}")


@pytest.mark.parametrize("verb", VERBS)
def test_unknown_option(cli: Cli, verb: str) -> None:
    done = cli.run(verb, "--no-such-option")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--no-such-option" in done.stderr and f"aigateway help {verb}" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["no-such-verb"], ["help", "no-such-verb"], ["--no-such-option"]])
def test_no_such_command(cli: Cli, arguments: list[str]) -> None:
    done = cli.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("aigateway: ")


def test_version(cli: Cli) -> None:
    done = cli.run("version")
    assert done.returncode == 0 and re.fullmatch(r"\d+\.\d+\.\d+\n", done.stdout)
    assert cli.run("--version").stdout == done.stdout


def test_nothing_is_made_by_asking_for_help(cli: Cli) -> None:
    for verb in VERBS:
        cli.run(verb, "--help")
    assert list(cli.directory.iterdir()) == []


# check


def test_check_without_problems(cli: Cli) -> None:
    done = cli.run("check")
    assert (done.returncode, done.stderr) == (0, "")


def test_check_lists_every_problem(cli: Cli) -> None:
    path = cli.directory / "bad.yaml"
    path.write_text("server:\n  listne: 127.0.0.1:1\n  max_body_bytes: many\nsandbox:\n  mode: perhaps\n")
    done = cli.run("check", "--config", str(path), AIGATEWAY_LOG_LEVEL="shouting")
    assert (done.returncode, done.stdout) == (1, "")
    for part in ["server.listen", "max_body_bytes", "sandbox.mode", "AIGATEWAY_LOG_LEVEL"]:
        assert part in done.stderr, (part, done.stderr)


def test_check_of_a_missing_file(cli: Cli) -> None:
    done = cli.run("check", "--config", "nowhere.yaml")
    assert done.returncode == 1 and "nowhere.yaml" in done.stderr


def test_check_shows_no_secrets(cli: Cli) -> None:
    done = cli.run("check", "--show", OPENAI_API_KEY="sk-vendor-secret")
    assert done.returncode == 0 and "server.listen: 127.0.0.1:8080" in done.stdout
    assert "sk-vendor-secret" not in done.stdout + done.stderr


@pytest.mark.parametrize("verb", ["serve", "sandbox", "key list", "call openai/o4-mini x"])
def test_bad_settings_stop_a_verb(cli: Cli, verb: str) -> None:
    done = cli.run(*verb.split(), AIGATEWAY_SANDBOX_MODE="perhaps")
    assert done.returncode == 1 and "AIGATEWAY_SANDBOX_MODE" in done.stderr


# key


def test_keys_while_a_server_runs(cli: Cli, gateway: Gateway) -> None:
    data = ["--data", str(gateway.data)]
    made = cli.run("key", "create", "--name", "for a test", *data)
    assert made.returncode == 0 and KEY.fullmatch(made.stdout), made
    key, id_ = made.stdout.strip(), made.stderr.split()[-1]
    assert_soon(lambda: status_with(gateway, key) == 200)

    row = [line for line in cli.run("key", "list", *data).stdout.splitlines() if line.startswith(id_)]
    assert len(row) == 1
    _, state, prefix, created, name, account, role = row[0].split("\t")
    assert (account, role) == ("acc_root", "root")
    assert (state, prefix.rstrip("…"), name) == ("active", key[:12], "for a test")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*Z", created)

    revoked = cli.run("key", "revoke", id_, *data)
    assert revoked.returncode == 0 and id_ in revoked.stdout
    assert_soon(lambda: status_with(gateway, key) == 401)
    assert f"{id_}\trevoked\t" in cli.run("key", "list", *data).stdout
    again = cli.run("key", "revoke", id_, *data)
    assert again.returncode == 1 and id_ in again.stderr
    assert status_with(gateway, gateway.key) == 200


def test_the_whole_key_is_shown_only_once(cli: Cli, gateway: Gateway) -> None:
    data = ["--data", str(gateway.data)]
    key = cli.run("key", "create", *data).stdout.strip()
    assert key not in cli.run("key", "list", *data).stdout
    assert key.encode() not in b"".join(path.read_bytes() for path in gateway.data.iterdir() if path.is_file())


def test_key_create_before_the_first_start(cli: Cli) -> None:
    made = cli.run("key", "create")
    assert made.returncode == 0 and KEY.fullmatch(made.stdout)
    root = cli.directory / "data" / "root.key"
    assert KEY.fullmatch(root.read_text())
    assert stat.S_IMODE(root.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "arguments", [[], ["revoke"], ["create", "x"], ["list", "x"], ["rename", "x"], ["list", "--name", "x"]]
)
def test_key_used_wrongly(cli: Cli, arguments: list[str]) -> None:
    assert cli.run("key", *arguments).returncode == 2
    assert not (cli.directory / "data").exists()


@pytest.mark.parametrize("name", ["x" * 201, "a\tb", "a\nb"])
def test_bad_name_of_a_key(cli: Cli, name: str) -> None:
    done = cli.run("key", "create", "--name", name)
    assert (done.returncode, done.stdout) == (2, "")


# call


def answer_to(gateway: Gateway, prompt: str) -> str:
    reply = httpx.post(
        f"{gateway.base_url}/v1/chat/completions", content=chat(prompt),
        headers={"Authorization": f"Bearer {gateway.key}"},
    )  # fmt: skip
    text: str = reply.json()["choices"][0]["message"]["content"]
    return text


def test_call_with_the_data_directory(cli: Cli, gateway: Gateway) -> None:
    done = cli.run("call", "openai/o4-mini", "Tell me about tides.", "--data", str(gateway.data))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.removesuffix("\n") == answer_to(gateway, "Tell me about tides.")


def test_call_reads_the_prompt_from_standard_input(cli: Cli, gateway: Gateway) -> None:
    done = cli.run(
        "call", "openai/o4-mini", stdin="Grüße, 日本語", AIGATEWAY_URL=gateway.base_url + "/", AIGATEWAY_KEY=gateway.key
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.removesuffix("\n") == answer_to(gateway, "Grüße, 日本語")


def test_call_shows_thoughts_apart(cli: Cli, gateway: Gateway) -> None:
    done = cli.run("call", "openai/o4-mini", "Hello!", "--thoughts", "--data", str(gateway.data))
    assert done.returncode == 0 and done.stderr
    assert done.stdout.removesuffix("\n") == answer_to(gateway, "Hello!")


def test_call_streams(binary: Path, start: Callable[..., Gateway]) -> None:
    gateway = start(sandbox="on", config="sandbox:\n  tokens_per_second: 20\n")
    process = subprocess.Popen(
        [binary, "call", "openai/gpt-4.1-mini", "Hello!", "--data", gateway.data], stdout=subprocess.PIPE,
        env=clean_environment({}),
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.read1(1 << 16)
    assert first and process.poll() is None, "nothing came before the end"
    rest = process.stdout.read()
    assert rest and process.wait(10) == 0


@pytest.mark.parametrize(
    ("arguments", "stdin", "status", "words"),
    [
        (["openai/nothing", "x"], b"", 1, "openai/nothing"),
        (["openai/o4-mini", "x", "--key", "sk-aig-wrong"], b"", 1, "key"),
        (["openai/o4-mini", "x", "--url", "http://127.0.0.1:9"], b"", 1, "127.0.0.1:9"),
        (["openai/o4-mini", "x", "--data", "/nowhere"], b"", 1, "/nowhere"),
        (["openai/o4-mini"], b"", 2, "no prompt"),
        (["openai/o4-mini"], b"\xff\xfe", 1, "UTF-8"),
        (["openai/o4-mini", "x", "y"], b"", 2, "too many"),
    ],
)
def test_call_that_fails(
    cli: Cli, gateway: Gateway, arguments: list[str], stdin: bytes, status: int, words: str
) -> None:
    data = [] if "--data" in arguments else ["--data", str(gateway.data)]
    done = cli.run("call", *arguments, *data, stdin=stdin)
    assert (done.returncode, done.stdout) == (status, ""), done
    assert words in done.stderr


def test_call_that_breaks_off(cli: Cli, faulty: Gateway) -> None:
    done = cli.run("call", "openai/o4-mini", "fault:stream-error-event", "--data", str(faulty.data))
    assert (done.returncode, done.stdout.strip()) == (1, "one")
    assert "the model fell over" in done.stderr


# sandbox


def test_sandbox_alone(binary: Path) -> None:
    process = subprocess.Popen(
        [binary, "sandbox", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, env=clean_environment({})
    )
    try:
        url = read_address(process, rb"(http://127\.0\.0\.1:[1-9]\d*/v1)\b")
        reply = httpx.post(f"{url}/chat/completions", content=chat().replace(b"openai/", b""))
        assert reply.status_code == 200 and reply.json()["choices"]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
