"""Runs a coroutine to its end where an event loop may be running already, a browser's."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def finish(coroutine: Coroutine[Any, Any, None], seconds: float = 60) -> None:
    """In a thread of its own; its error is ours."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result(seconds)
