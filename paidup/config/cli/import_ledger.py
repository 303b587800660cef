"""`paidup import`."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paidup.config.cli.base import answer, json_option, organization_scope, started

if TYPE_CHECKING:
    from paidup.accounting_sync.summary import Summary


@click.group(name="import")
def import_() -> None:
    """Bring books in from elsewhere."""


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", "slug", required=True, metavar="SLUG")
@click.option("--mapping", default="", help="A shipped mapping's name, or the path of a TOML file.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose ledger is wanted; today unless given.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be imported, change nothing.")
@click.option("--skip-bad", is_flag=True, help="Import the good lines of a file with bad ones.")
@json_option
def ledger(
    *,
    file: Path,
    slug: str,
    mapping: str,
    as_of: datetime | None,
    dry_run: bool,
    skip_bad: bool,
    as_json: bool,
) -> None:
    """Import customers, invoices, disputes and payments from a CSV file.

    What is there already stays as it is; a later day adds what has happened since.
    """
    with started():
        from paidup.accounting_sync.ledger_file import FileRefused, read
        from paidup.accounting_sync.mapping import MappingRefused
        from paidup.accounting_sync.operations import ImportRefused, import_ledger
        from paidup.history.actors import system
        from paidup.lib import clock

        at = clock.now()
        try:
            read_ledger = read(file, mapping=mapping)
            with organization_scope(slug) as organization:
                summary = import_ledger(
                    organization=organization,
                    ledger=read_ledger,
                    as_of=as_of.date() if as_of else organization.day(at),
                    by=system("import"),
                    at=at,
                    dry_run=dry_run,
                    skip_bad=skip_bad,
                )
        except (FileRefused, MappingRefused, ImportRefused) as refused:
            raise click.ClickException(str(refused)) from refused
        answer(as_json, summary.facts(), _sentence(summary, dry_run=dry_run))
    if summary.refused:
        raise SystemExit(1)


def _sentence(summary: "Summary", *, dry_run: bool) -> str:
    head = "Dry run, nothing is changed. " if dry_run else ""
    head += f"The ledger on {summary.as_of}: {summary.customers} customers,"
    head += f" {summary.invoices} invoices, {summary.payments} payments."
    created = ", ".join(f"{count} {kind}" for kind, count in summary.created.items())
    open_ = f"Open: {summary.open_invoices} invoices, {summary.open_amount} {summary.currency}"
    aging = ", ".join(f"{bucket.label} {amount}" for bucket, amount in summary.aging.items())
    errors = [f"Line {problem.line}: {problem.reason}" for problem in summary.errors]
    lines = [head, f"Created: {created}.", f"{open_} ({aging}).", *errors]
    if summary.refused:
        lines.append("Nothing is imported. Mend these lines, or leave them out with --skip-bad.")
    return "\n".join(lines)
