"""What tests need of the machine: a browser, and a PostgreSQL of the distribution.

Installs what is missing where it may; else says what to install, and the tests don't start.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Not in a sandbox, as root has none; and without its calls home.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OLDEST = 15


def browser() -> str | None:
    """The path of a Chromium."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def postgresql() -> str | None:
    """The programs of the oldest PostgreSQL here that Paidup supports."""
    found = sorted(
        (int(path.parent.parent.name), str(path.parent))
        for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin/postgres")
    )
    return next((programs for version, programs in found if version >= OLDEST), None)


def main() -> None:
    """Makes sure of both, and prints the programs' folder for the Makefile."""
    for package, find in (("chromium", browser), ("postgresql", postgresql)):
        if find() is None:
            _install(package)
        if find() is None:
            sys.exit(f"The tests need {package}. Install it: sudo apt-get install {package}")
    sys.stdout.write(f"{postgresql()}\n")


def _install(package: str) -> None:
    manager = shutil.which("apt-get")
    if manager is None or os.geteuid() != 0:
        return
    sys.stderr.write(f"Installing {package} …\n")
    for command in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        subprocess.run([manager, "--quiet", *command], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
