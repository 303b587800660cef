"""Jobs for the tests of jobs. What they do is seen in files, whatever becomes of transactions."""

import time
from pathlib import Path

from paidup.lib import jobs, tenancy


def note(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(line + "\n")


@jobs.job
def note_scope(*, organization_id: str, path: str) -> None:
    note(path, f"{tenancy.current()} {organization_id}")


@jobs.job(opens_own_tenant=True)
def note_lack_of_scope(*, organization_id: str, path: str) -> None:
    try:
        tenancy.current()
    except tenancy.NoTenant:
        note(path, f"none {organization_id}")


@jobs.job
def enqueue_and_fail(*, organization_id: str, path: str) -> None:
    jobs.enqueue(note_scope, organization_id=organization_id, path=path)
    raise RuntimeError("after having enqueued")


@jobs.job
def enqueue_another(*, organization_id: str, path: str) -> None:
    jobs.enqueue(note_scope, organization_id=organization_id, path=path)


@jobs.job
def hang_the_first_time(*, organization_id: str, path: str) -> None:
    first = not Path(path).exists()
    note(path, "begun")
    if first:
        time.sleep(600)
    note(path, "done")


@jobs.job
def take_a_while(*, organization_id: str, path: str) -> None:
    note(path, "begun")
    time.sleep(0.3)
    note(path, "done")
