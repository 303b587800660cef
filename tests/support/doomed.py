"""A worker that dies at a chosen line, as by a power cut.

`python -m tests.support.doomed LINE` runs one. Without a line it runs one after the other, forked
from a process that has everything loaded: each time standard input says `LINE, SPARED`, and then it
answers how that one ended. The first SPARED times a worker gets to its line it lives on, and when
nothing is left to do it ends.

The product has no hooks for this: the process replaces the function at that line with its own end.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

from paidup.lib import jobs

LONGEST = 120  # seconds that a worker may take to get to its end


def ending(function: Callable[..., Any], *, spared: int, before: bool) -> Callable[..., Any]:
    """What does as the function does, some times over, and then ends this process for good."""
    calls = count()

    def act(*args: Any, **kwargs: Any) -> Any:
        doomed = next(calls) >= spared
        if doomed and before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        if doomed:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return act


def doom(line: str, spared: int) -> None:
    """Replaces what stands at the line."""
    from paidup.communications.delivery import run, smtp  # noqa: PLC0415  Django is set up by now
    from paidup.payments.operations import charge, receipts  # noqa: PLC0415  likewise

    place, name, before = {
        "between claim and charge": (charge, "call_gateway", True),
        "between charge and record": (charge, "call_gateway", False),
        "in the middle of the record": (receipts, "send_receipt", True),
        "between record and mail": (run, "claim", True),
        "between mail and its record": (smtp.Post, "send", False),
    }[line]
    setattr(place, name, ending(getattr(place, name), spared=spared, before=before))


def work(line: str, *, spared: int = 0, until_empty: bool = False) -> None:
    """Until the end."""
    doom(line, spared)
    asyncio.run(jobs.work(concurrency=2, until_empty=until_empty))


def serve() -> None:
    """A worker for each line of standard input; its exit code, a signal's below zero."""
    for request in sys.stdin:
        line, _, spared = request.strip().rpartition(", ")
        child = os.fork()
        if child == 0:
            signal.alarm(LONGEST)
            work(line, spared=int(spared), until_empty=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  its answer


if __name__ == "__main__":
    import django

    django.setup()
    if len(sys.argv) > 1:
        work(sys.argv[1])
    else:
        serve()
