"""`python -m paidup.config.cli` is the `paidup` command."""

from paidup.config.cli import main

main()
