"""One PostgreSQL server over one folder: made, started through any recovery, and stopped."""

import secrets
import socket
import subprocess
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from paidup.config.embedded.configuration import configuration
from paidup.config.embedded.place import Place, ServerRefused, place_for

__all__ = ["Server", "ServerRefused"]

RECOVERY = 3600  # seconds; replaying what a crash left takes as long as it takes
STARTS = 3  # another program may take the free port between our look and the start


class Server:
    """The server of a folder. Callers hold the folder's gate while they start or stop it."""

    def __init__(self, folder: Path, *, durable: bool, programs: Path | None = None) -> None:
        self.folder = folder
        self.durable = durable
        self.programs = programs
        self.name = "paidup-" + sha256(str(folder).encode()).hexdigest()[:12]
        self.port = 0
        self.password = ""
        self._placed: Place | None = None

    def ensure_running(self) -> None:
        """Starts the server where it isn't running, and waits until it answers."""
        self._read_password()
        if self._postmaster() is None:
            self._make()
            self._start()
        self.port = int(self._pidfile().read_text().splitlines()[3])
        self._wait_until_it_answers()

    def is_running(self) -> bool:
        """Whether the server's first process is alive."""
        return self._postmaster() is not None

    def stop(self) -> None:
        """Ends every session and stops the server."""
        if self._postmaster() is None:
            return
        stopped = self._run("pg_ctl", "stop", "-m", "fast", "-w", "-t", "60")
        if stopped.returncode != 0:
            self._run("pg_ctl", "stop", "-m", "immediate", "-w", "-t", "60")

    def connect(self, database: str) -> psycopg.Connection:
        """A connection of the superuser, each statement in a transaction of its own."""
        return psycopg.connect(
            self.address("postgres", self.password, database), autocommit=True, connect_timeout=10
        )

    def address(self, user: str, password: str, database: str) -> str:
        """The address for `DATABASE_URL`."""
        return f"postgresql://{user}:{quote(password)}@127.0.0.1:{self.port}/{quote(database)}"

    @property
    def _place(self) -> Place:
        if self._placed is None:
            self._placed = place_for(self.folder, self.programs)
        return self._placed

    def _pidfile(self) -> Path:
        return self._place.data / "postmaster.pid"

    def _read_password(self) -> None:
        path = self.folder / "superuser"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32))
        self.password = path.read_text()

    def _make(self) -> None:
        """initdb, in a folder aside that is renamed when complete."""
        data = self._place.data
        if (data / "PG_VERSION").exists():
            self._refuse_other_version()
            return
        self._place.empty(data)
        made = self._run(
            "initdb",
            "--username=postgres",
            "--auth=scram-sha-256",
            f"--pwfile={self._place.lend(self.folder / 'superuser')}",
            "--encoding=UTF8",
            *self._locale(),
            *([] if self.durable else ["--no-sync"]),
        )
        self._place.take_back()
        if made.returncode != 0:
            self._place.empty(data)
            raise ServerRefused(f"PostgreSQL could not make its data folder: {made.stdout.strip()}")

    def _refuse_other_version(self) -> None:
        theirs = int((self._place.data / "PG_VERSION").read_text())
        ours = self._version()
        if theirs != ours:
            raise ServerRefused(
                f"{self._place.data} was written by PostgreSQL {theirs}, this is {ours}. Dump it"
                f" with the Paidup version that wrote it, then load it into a new PAIDUP_HOME."
            )

    def _version(self) -> int:
        """For example 18, of `postgres (PostgreSQL) 18.6`."""
        return int(self._place.run("postgres", "--version").stdout.split()[2].split(".")[0])

    def _locale(self) -> list[str]:
        """Text sorts by code point and knows every alphabet's upper and lower case."""
        if self._version() < 17:
            return ["--locale=C.UTF-8"]
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

    def _start(self) -> None:
        self._clear_what_a_kill_left()
        for _ in range(STARTS):
            self._place.write("postgresql.conf", self._configuration())
            log = self._place.data / "start.log"
            started = self._run("pg_ctl", "start", "-w", "-t", str(RECOVERY), "-l", str(log))
            if started.returncode == 0:
                return
            (self.folder / "port").unlink(missing_ok=True)
        raise ServerRefused(f"PostgreSQL did not start; its log is {self._place.data / 'log'}.")

    def _configuration(self) -> str:
        """With the port of last time where it is free, so that those who kept it find it again."""
        remembered = self.folder / "port"
        wanted = int(remembered.read_text()) if remembered.exists() else 0
        port = _free_port(wanted) or _free_port(0)
        remembered.write_text(str(port))
        return configuration(port=port, name=self.name, durable=self.durable)

    def _clear_what_a_kill_left(self) -> None:
        """Ends sessions that outlived their server, and forgets a process number now another's."""
        deadline = time.monotonic() + 10
        while (orphans := self._processes()) and time.monotonic() < deadline:
            for process in orphans:
                process.kill()
            time.sleep(0.05)
        if self._pidfile().exists() and psutil.pid_exists(_first_line(self._pidfile())):
            self._pidfile().unlink()

    def _postmaster(self) -> psutil.Process | None:
        try:
            process = psutil.Process(_first_line(self._pidfile()))
            return process if self._is_ours(process) else None
        except (FileNotFoundError, psutil.NoSuchProcess):
            return None

    def _processes(self) -> list[psutil.Process]:
        """Every process of this folder's server, whoever started it."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess):
                if self._is_ours(process):
                    found.append(process)
        return found

    def _is_ours(self, process: psutil.Process) -> bool:
        """By its command line, which everyone may read and a dead process has none of."""
        words = process.cmdline()
        return (
            process.name() == "postgres"
            and bool(words)
            and (str(self._place.data) in words or words[0].startswith(f"postgres: {self.name}:"))
        )

    def _wait_until_it_answers(self) -> None:
        """Also through a recovery that someone else began, and was killed while it lasted."""
        deadline = time.monotonic() + RECOVERY
        while True:
            try:
                self.connect("postgres").close()
            except psycopg.OperationalError as error:
                if self._postmaster() is None or time.monotonic() > deadline:
                    raise ServerRefused(
                        f"PostgreSQL stopped while starting; its log is {self._place.data / 'log'}."
                    ) from error
                time.sleep(0.2)
            else:
                return

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._place.run(program, "-D", str(self._place.data), *arguments)


def _first_line(path: Path) -> int:
    return int(path.read_text().split(maxsplit=1)[0])


def _free_port(wanted: int) -> int:
    """The wanted port, any when it is 0; 0 when it is taken."""
    with socket.socket() as probe:
        # As PostgreSQL itself does, so that a port just left counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
        port: int = probe.getsockname()[1]
        return port
