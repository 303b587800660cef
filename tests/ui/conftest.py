"""The gallery, served by a process of its own with settings of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """The gallery's address, by which `page.goto("/…")` goes here."""
    command = [sys.executable, "-m", "tests.ui.gallery"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        port = process.stdout.readline().strip()
        assert port, "The gallery did not start; run `python -m tests.ui.gallery` to see why."
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], base_url: str) -> dict[str, Any]:
    """Pages here go by the gallery's address, whoever's tests came first in this process."""
    return {**browser_context_args, "base_url": base_url}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complained of on this page: errors, and breaches of the security policy."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
