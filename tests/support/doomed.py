"""A worker that dies at a chosen line, as by a power cut.

`python -m tests.support.doomed LINE [SPARED]`: the first SPARED times it gets there it lives on,
and when nothing is left to do it ends.

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


if __name__ == "__main__":
    import django

    django.setup()
    spared = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    doom(sys.argv[1], spared)
    asyncio.run(jobs.work(concurrency=2, until_empty=spared > 0))
