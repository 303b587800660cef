"""Two threads that meet at the worst moment, and a unique index that isn't there for a while."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import psycopg
import pytest
from django.db import connections


def both(action: Callable[[], Any]) -> list[Any]:
    """Does it in two threads at once; what each returned, or the error it met."""

    def attempt() -> Any:
        try:
            return action()
        except Exception as error:  # noqa: BLE001  the outcome is what the test looks at
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        return [future.result() for future in [threads.submit(attempt) for _ in range(2)]]


@contextmanager
def meeting(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Iterator[None]:
    """Two threads wait for each other where they call this; with the lock on, one never comes."""
    with meeting_at(monkeypatch, (module, name)):
        yield


@contextmanager
def meeting_at(monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str]) -> Iterator[None]:
    """The same for two who don't do the same: each waits where it calls one of these."""
    barrier = Barrier(2)

    def waiting(function: Callable[..., Any]) -> Callable[..., Any]:
        def wait_first(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            with suppress(BrokenBarrierError):
                barrier.wait(timeout=1)
            return result

        return wait_first

    with monkeypatch.context() as patch:
        for module, name in places:
            patch.setattr(module, name, waiting(getattr(module, name)))
        yield


@contextmanager
def index_off(name: str, table: str, columns: str) -> Iterator[Callable[[], None]]:
    """Without this unique index; yields what removes the twins that came about meanwhile."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        owner.execute(f"DROP INDEX IF EXISTS {name}")
        yield lambda: void(owner.execute(f"TRUNCATE {table} CASCADE"))
        owner.execute(f"CREATE UNIQUE INDEX {name} ON {table} {columns}")


def void(_: object) -> None:
    """For a lambda that returns nothing."""
