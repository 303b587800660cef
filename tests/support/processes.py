"""Starts the product's processes for tests, and ends them."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

CHECKOUT = Path(__file__).resolve().parents[2]
ALLOW_LOOP = "DJANGO_ALLOW_ASYNC_UNSAFE"  # for tests; the product does without


@dataclass(frozen=True)
class Site:
    """A running web process. The portal of an organization is at SLUG.localhost."""

    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def portal(self, slug: str) -> str:
        return f"http://{slug}.localhost:{self.port}"


class Process:
    """A `paidup` command that goes on until it is told to end, and what it said."""

    def __init__(self, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the process
        self.popen = subprocess.Popen(
            _command(arguments),
            env=_environment(environment),
            stdout=self._said,
            stderr=subprocess.STDOUT,
            cwd=CHECKOUT,
        )

    def said(self) -> str:
        """All output so far."""
        self._said.seek(0)
        return self._said.read()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Tells it to end and gives its exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return self.popen.wait(30)

    def clean_up(self) -> None:
        """Ends it, whatever state it is in."""
        try:
            self.end()
        finally:
            self.popen.kill()
            self._said.close()


def paidup(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs one `paidup` command to its end."""
    return subprocess.run(
        _command(arguments),
        env=_environment(environment),
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
        timeout=300,
    )


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[Process]:
    """A `paidup` command, running meanwhile."""
    process = Process(arguments, environment)
    try:
        yield process
    finally:
        process.clean_up()


@contextmanager
def web(**environment: str) -> Iterator[Site]:
    """`paidup web` on a port of its own, once it answers."""
    site = Site(free_port())
    with running("web", "--port", str(site.port), **environment) as process:
        wait_for(lambda: answers(site.port, process), "the web process")
        yield site


@contextmanager
def worker(**environment: str) -> Iterator[Process]:
    """`paidup worker`, which soon takes over what a killed one left."""
    with running("worker", **{"PAIDUP_HEARTBEAT": "0.5", **environment}) as process:
        yield process


def answers(port: int, process: Process | None = None) -> bool:
    """Whether a web process is ready there; fails at once when this process has ended."""
    assert process is None or process.popen.poll() is None, process.said()
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).is_success
    except httpx.HTTPError:
        return False


def wait_for(holds: Callable[[], bool], what: str, seconds: float = 90) -> None:
    """Polls until it holds; fails when it doesn't in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"Waited {seconds} s for {what}."
        time.sleep(0.05)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(changes: dict[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != ALLOW_LOOP}
    return {**ours, **changes}


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "paidup.config.cli", *arguments]
