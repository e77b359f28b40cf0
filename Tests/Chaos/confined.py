"""A gateway whose data directory is a small disk of its own, which can be filled and made to refuse writes."""

from __future__ import annotations

import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

from gateway_process import Gateway

SHIM_SOURCE = Path(__file__).parent / "refusing_disk.c"
PIECE = bytes(1 << 16)


@functools.cache
def namespace() -> tuple[str, ...]:
    """The command that gives a process mounts of its own: without any rights where that is allowed, else as root."""
    said = []
    for way in [("unshare", "--map-root-user", "--mount"), ("unshare", "--mount")]:
        with tempfile.TemporaryDirectory() as place:
            tried = subprocess.run([*way, "mount", "-t", "tmpfs", "tmpfs", place], capture_output=True, text=True)
        if tried.returncode == 0:
            return way
        said.append(f"{' '.join(way)}: {tried.stderr.strip()}")
    raise AssertionError("no mount namespace can be made here, so no disk can be filled:\n" + "\n".join(said))


def build_shim(folder: Path) -> Path:
    compiler = shutil.which("cc") or shutil.which("clang")
    assert compiler, "the disk tests need a C compiler (on Debian: apt-get install gcc)"
    made = folder / "refusing_disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, SHIM_SOURCE], check=True)
    return made


class Confined(Gateway):
    """`data` lies on a tmpfs that this process alone has mounted; others reach it through `/proc`."""

    def __init__(self, binary: Path, folder: Path, *, megabytes: int, options: str = "rw") -> None:
        self._switch = folder / "switch"
        self._inside = folder / "data"
        script = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"'
        mount = ("sh", "-c", script, "sh", f"size={megabytes}m,mode=0700,{options}", str(self._inside))
        environment = {"LD_PRELOAD": str(build_shim(folder)), "DISK_SWITCH": str(self._switch)}
        super().__init__(
            binary, self._inside, sandbox="on", environment=environment, prefix=(*namespace(), *mount)
        )

    def _read_address(self, path: Path) -> bool:
        self.data = Path(f"/proc/{self.pid}/root{self._inside}")
        try:
            return super()._read_address(self.data / "address")
        except OSError:  # it has ended
            return False

    def fill(self) -> None:
        """Takes every page that is left."""
        with open(self.data / "filler", "ab", buffering=0) as file:
            try:
                while True:
                    file.write(PIECE)
            except OSError:
                pass

    def make_room(self) -> None:
        (self.data / "filler").unlink()

    def refuse_writes(self, error: int) -> None:
        prepared = self._switch.with_suffix(".new")
        prepared.write_text(f"{error}\n")
        prepared.rename(self._switch)

    def take_writes(self) -> None:
        self._switch.unlink()

    def copy(self, to: Path) -> Path:
        """What a restart would find: everything but the index that a process shares with itself."""
        shutil.copytree(self.data, to, ignore=shutil.ignore_patterns("*-shm", "filler"))
        return to
