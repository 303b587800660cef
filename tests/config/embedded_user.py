"""`python -m tests.config.embedded_user HOME` uses a folder's server until its input ends."""

import sys
from pathlib import Path

from paidup.config import embedded


def main() -> None:
    with embedded.running(Path(sys.argv[1]), durable=False):
        sys.stdout.write("in\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
