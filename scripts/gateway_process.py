"""Starts and stops the gateway binary for benchmarks and tests. Standard library only."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

START_LIMIT_SECONDS = 20.0
STOP_LIMIT_SECONDS = 15.0
POLL_SECONDS = 0.0005


class GatewayFailed(RuntimeError):
    """The gateway did not start, or did not end, as it should."""


class Gateway:
    """One `aigateway serve` process over one data directory."""

    def __init__(
        self,
        binary: str | os.PathLike[str],
        data: str | os.PathLike[str],
        *,
        config: str | None = None,
        sandbox: str | None = None,
        environment: dict[str, str] | None = None,
        prefix: tuple[str, ...] = (),
    ) -> None:
        self.binary = Path(binary).resolve()
        self.data = Path(data)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log_path = self.data.parent / f"{self.data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.host = "127.0.0.1"
        self.port = 0
        self.key = ""
        self.returncode: int | None = None
        self._environment = environment or {}
        self._command = [*prefix, str(self.binary), "serve", "--listen", "127.0.0.1:0", "--data", str(self.data)]
        if sandbox is not None:
            self._command += ["--sandbox", sandbox]
        if config is not None:
            path = self.data.parent / f"{self.data.name}.yaml"
            path.write_text(config)
            self._command += ["--config", str(path)]

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None, "not started"
        return self.process.pid

    @property
    def database(self) -> Path:
        return self.data / "gateway.db"

    def start(self) -> Gateway:
        """Starts the process and returns once it has told its address and key."""
        address = self.data / "address"
        address.unlink(missing_ok=True)  # a killed process leaves its own behind
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "AIGATEWAY_"))}
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self._command, env={**inherited, **self._environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while not self._read_address(address):
            if self.process.poll() is not None:
                raise GatewayFailed(f"ended with {self.process.returncode} while starting\n{self.log_tail()}")
            if time.monotonic() > deadline:
                self.kill()
                raise GatewayFailed(f"no address after {START_LIMIT_SECONDS} s\n{self.log_tail()}")
            time.sleep(POLL_SECONDS)
        return self

    def _read_address(self, path: Path) -> bool:
        try:
            text = path.read_text().strip()
            key = (self.data / "root.key").read_text().strip()
        except FileNotFoundError:
            return False
        host, _, port = text.rpartition(":")
        if not port.isdigit() or not key:
            return False
        self.host, self.port, self.key = host, int(port), key
        return True

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> int:
        """Asks the process to end (SIGTERM) and returns its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """Ends the process with SIGKILL."""
        return self._end(signal.SIGKILL)

    def _end(self, with_signal: signal.Signals) -> int:
        assert self.process is not None, "not started"
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            self.returncode = self.process.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise GatewayFailed(
                f"still there {STOP_LIMIT_SECONDS} s after {with_signal.name}\n{self.log_tail()}"
            ) from None
        return self.returncode

    def log_tail(self, limit: int = 3000) -> str:
        """The end of what the process wrote, for a failure's message."""
        text = self.log_path.read_text(errors="replace") if self.log_path.exists() else ""
        return text[-limit:]

    def __enter__(self) -> Gateway:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.is_running():
            self.stop()
