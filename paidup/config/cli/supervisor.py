"""Keeps child processes running until told to stop, and stops them all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Self

SHORTEST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a child that died is started again
HEALTHY = 60.0  # seconds after which a child counts as well again
GRACE = 20.0  # seconds to end politely


class Child:
    """One `paidup` command in a process of its own, which writes into a log."""

    def __init__(self, *arguments: str, log: Path) -> None:
        self.arguments = arguments
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.failures = 0
        self.due = 0.0
        self.started = 0.0

    def keep_running(self) -> None:
        """Starts it, and starts it again when it has ended, each time after a longer wait."""
        if self.process and self.process.poll() is not None:
            self.process = None
            well = time.monotonic() - self.started > HEALTHY
            self.failures = 0 if well else self.failures + 1
            wait = min(SHORTEST_WAIT * 2**self.failures, LONGEST_WAIT)
            self.due = time.monotonic() + wait
            print(f"`paidup {self.arguments[0]}` ended; starting it again (log: {self.log})")
        if self.process is None and time.monotonic() >= self.due:
            self.process = self._start()

    def ask_to_end(self) -> None:
        """Politely."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Waits for its end until the deadline, then ends it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self.started = time.monotonic()
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C reaches it through us, once.
            return subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", "paidup.config.cli", *self.arguments],
                env={**os.environ, "PAIDUP_SUPERVISED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


class Supervisor:
    """Watches over children until SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, *children: Child) -> None:
        self.children = children
        self.stopping = False

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + GRACE
        for child in self.children:
            child.end(deadline)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Returns when the condition holds or a signal came."""
        while not self.stopping and not until():
            for child in self.children:
                child.keep_running()
            time.sleep(0.2)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.stopping = True
