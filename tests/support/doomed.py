"""A worker that dies at a chosen line, as by a power cut: `python -m tests.support.doomed LINE`.

The product has no hooks for this: the process replaces the function at that line with its own end.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from paidup.config.cli import main


def die(*_: Any, **__: Any) -> None:
    """Ends this process without any clean-up."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(module: Any, name: str) -> Callable[..., None]:
    """What does as this function does, and then ends the process."""
    function = getattr(module, name)

    def act_and_die(*args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)
        die()

    return act_and_die


def doom(line: str) -> None:
    """Replaces what stands at the line."""
    from paidup.communications.delivery import run, smtp  # noqa: PLC0415  Django is set up by now
    from paidup.payments.operations import charge, receipts  # noqa: PLC0415  likewise

    match line:
        case "between claim and charge":
            charge.call_gateway = die  # type: ignore[assignment]  the process ends in it
        case "between charge and record":
            charge.call_gateway = after(charge, "call_gateway")  # type: ignore[assignment]  likewise
        case "in the middle of the record":
            receipts.send_receipt = die
        case "between record and mail":
            run.claim = die  # type: ignore[assignment]  likewise
        case "between mail and its record":
            smtp.Post.send = after(smtp.Post, "send")  # type: ignore[method-assign]  likewise
        case _:
            raise ValueError(line)


if __name__ == "__main__":
    import django

    django.setup()
    doom(sys.argv[1])
    sys.argv = ["paidup", "worker"]
    main()
