"""`paidup run`: everything starts, survives the killing of any part, and stops."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.processes import Process, answers, free_port, paidup, running, wait_for


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One data folder for all, as the first start is the long one."""
    folder = Path(tempfile.mkdtemp(prefix="paidup-run-"))
    folder.chmod(0o755)  # PostgreSQL's own user must enter it
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """As on a machine where nobody set anything, and with a small demo."""
    for name in [name for name in os.environ if name.startswith(("PAIDUP_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    return {
        "PAIDUP_HOME": str(home),
        "PAIDUP_PORT": str(free_port()),
        "PAIDUP_DEMO_CUSTOMERS": "5",
        "PAIDUP_HEARTBEAT": "0.5",
    }


def test_it_starts_says_where_is_alone_and_stops_all_of_it(
    home: Path, environment: dict[str, str]
) -> None:
    with running("run", **environment) as process:
        ready(process, environment)
        wait_for(lambda: "Paidup is ready" in process.said(), "the welcome")
        parts = descendants(process)
        database = postmaster(home)
        assert {"web", "worker", "mailbox"} <= commands(parts)

        in_the_same_folder = paidup("run", **environment)
        assert in_the_same_folder.returncode == 1
        assert "already runs from" in in_the_same_folder.stderr

        elsewhere = {**environment, "PAIDUP_HOME": f"{home}/elsewhere"}
        at_the_same_port = paidup("run", **elsewhere)
        assert at_the_same_port.returncode == 1
        assert f"Port {environment['PAIDUP_PORT']} is taken" in at_the_same_port.stderr

        assert process.end(signal.SIGINT) == 0, process.said()

        assert "Stopped." in process.said()
        assert not any(alive(part) for part in [*parts, database])


def test_it_starts_again_what_is_killed_and_outlives_a_kill_of_all(
    home: Path, environment: dict[str, str]
) -> None:
    with running("run", **environment) as process:
        ready(process, environment)
        kill_and_await_another(process, "web")
        kill_and_await_another(process, "worker")
        ready(process, environment)

        postmaster(home).kill()
        wait_for(lambda: "The database ended" in process.said(), "its death to be seen")
        ready(process, environment)

        assert add_organization(environment).returncode == 0
        parts = descendants(process)
        process.popen.kill()
        wait_for(lambda: not any(alive(part) for part in parts), "its children to die too")
    postmaster(home).kill()

    with running("run", **environment) as process:
        ready(process, environment)
        again = add_organization(environment)
        assert again.returncode == 1, "what was founded before the kill is there"
        assert "acme" in again.stderr
        assert process.end() == 0, process.said()

    # The command line finds the same data, and may live on another day.
    then = {**environment, "PAIDUP_NOW": "2013-06-30T09:00"}
    founded = add_organization(then, slug="past")
    assert founded.returncode == 0, founded.stderr
    real = add_organization({**then, "PAIDUP_DEMO": "0"}, slug="refused")
    assert real.returncode == 1
    assert "PAIDUP_NOW is for the demo and for tests only" in real.stderr


def add_organization(
    environment: dict[str, str], slug: str = "acme"
) -> subprocess.CompletedProcess[str]:
    owner = ("--name", "Acme", "--owner", "owner@acme.example")
    return paidup("organization", "add", slug, *owner, **environment)


def ready(process: Process, environment: dict[str, str]) -> None:
    """The first start migrates and collects; on a busy machine that takes a while."""
    port = int(environment["PAIDUP_PORT"])
    wait_for(lambda: answers(port, process), "readiness", seconds=180)


def descendants(process: Process) -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process(process.popen.pid).children(recursive=True)
    return found


def commands(parts: list[psutil.Process]) -> set[str]:
    return {word for part in parts for word in part.cmdline()}


def part(process: Process, command: str) -> psutil.Process:
    return next(part for part in descendants(process) if command in part.cmdline())


def kill_and_await_another(process: Process, command: str) -> None:
    killed = part(process, command)
    killed.kill()

    def another() -> bool:
        children = psutil.Process(process.popen.pid).children()
        return any(
            child != killed and alive(child) and command in child.cmdline() for child in children
        )

    wait_for(another, f"another {command}")


def postmaster(home: Path) -> psutil.Process:
    pidfile = home / "postgresql" / "data" / "postmaster.pid"
    return psutil.Process(int(pidfile.read_text().split()[0]))


def alive(process: psutil.Process) -> bool:
    """Ended ones whom nobody waits for stay as zombies."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
