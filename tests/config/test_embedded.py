"""The PostgreSQL that comes along: shared, taken over after a kill, stopped by the last one out."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from paidup.config import embedded
from tests.support.processes import CHECKOUT, wait_for


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder whose path is too long for a socket in it."""
    top = Path(tempfile.mkdtemp(prefix="paidup-embedded-"))
    top.chmod(0o755)
    folder = top / ("long" * 30)
    folder.mkdir()
    yield folder
    shutil.rmtree(top)


@contextmanager
def another_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the server meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.config.embedded_user", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "in\n"
        yield process
    finally:
        process.communicate()


def postmaster(home: Path) -> psutil.Process | None:
    pidfile = home / "postgresql" / "data" / "postmaster.pid"
    if not pidfile.exists():
        return None
    return psutil.Process(int(pidfile.read_text().split()[0]))


def test_the_last_one_out_stops_it_whoever_started_it(home: Path) -> None:
    with embedded.running(home, durable=False):
        with another_process(home):
            started = postmaster(home)
        assert postmaster(home) == started
    assert postmaster(home) is None

    with another_process(home) as first, embedded.running(home, durable=False):
        started = postmaster(home)
        first.communicate()
        assert postmaster(home) == started
    assert postmaster(home) is None


def test_a_user_that_is_killed_counts_no_more(home: Path) -> None:
    with another_process(home) as killed:
        killed.kill()
        killed.wait()
    assert postmaster(home) is not None, "nobody was there to stop it"

    with embedded.running(home, durable=False):
        pass
    assert postmaster(home) is None


def test_it_recovers_from_being_killed(home: Path) -> None:
    with embedded.running(home, durable=False) as server:
        with server.connect("postgres") as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 50000) AS number")
        port = server.port
        running = postmaster(home)
        assert running
        running.kill()
        wait_for(lambda: not server.is_running(), "its death")

        embedded.start_again(server)

        assert server.port == port
        with server.connect("postgres") as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (50000,)


def test_a_process_number_that_is_now_anothers_does_not_keep_it_from_starting(home: Path) -> None:
    with embedded.running(home, durable=False):
        pass
    pidfile = home / "postgresql" / "data" / "postmaster.pid"
    pidfile.write_text(f"{os.getpid()}\n{pidfile.parent}\n1\n5432\n\n127.0.0.1\n\nready\n")
    with embedded.running(home, durable=False) as server, server.connect("postgres") as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_wants_a_password(home: Path) -> None:
    with embedded.running(home, durable=False) as server:
        server.password = "guessed"
        with pytest.raises(Exception, match="password authentication failed"):
            server.connect("postgres")


def test_a_private_folder_stays_private() -> None:
    folder = Path(tempfile.mkdtemp(prefix="paidup-private-"))
    assert folder.stat().st_mode & 0o777 == 0o700
    try:
        with embedded.running(folder, durable=False) as server:
            with server.connect("postgres") as connection:
                [[data]] = connection.execute("SHOW data_directory").fetchall()
            assert folder.stat().st_mode & 0o777 == 0o700
            outside = not Path(data).is_relative_to(folder)
            assert outside == (os.geteuid() == 0)
    finally:
        shutil.rmtree(folder)
        shutil.rmtree(Path(data).parent, ignore_errors=True)
