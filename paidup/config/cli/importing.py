"""`paidup import`."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paidup.config.cli.base import answer, json_option, organization_scope, started

if TYPE_CHECKING:
    from paidup.accounting_sync.lists.outcome import Counts, Outcome
    from paidup.accounting_sync.summary import Summary

a_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
an_organization = click.option("--organization", "slug", required=True, metavar="SLUG")
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be imported, change nothing."
)
skip_bad_option = click.option(
    "--skip-bad", is_flag=True, help="Import the good lines of a file with bad ones."
)
entity_option = click.option(
    "--entity", default="", metavar="NAME", help="Who bills them, where there are several entities."
)


@click.group(name="import")
def import_() -> None:
    """Bring books in from elsewhere."""


@import_.command()
@a_file
@an_organization
@click.option("--mapping", default="", help="A shipped mapping's name, or the path of a TOML file.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose ledger is wanted; today unless given.",
)
@dry_run_option
@skip_bad_option
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
        from paidup.accounting_sync.ledger_file import read
        from paidup.accounting_sync.mapping import MappingRefused
        from paidup.accounting_sync.operations import ImportRefused, import_ledger
        from paidup.accounting_sync.text_file import FileRefused
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


@import_.command()
@a_file
@an_organization
@entity_option
@dry_run_option
@skip_bad_option
@json_option
def customers(
    *, file: Path, slug: str, entity: str, dry_run: bool, skip_bad: bool, as_json: bool
) -> None:
    """Add and change customers, each with a contact, from a CSV file.

    A customer is known by its account number. Columns go by their headers, or as they were
    assigned in the browser the last time.
    """
    _import_list(
        "customers",
        file,
        slug,
        entity=entity,
        dry_run=dry_run,
        skip_bad=skip_bad,
        as_json=as_json,
    )


@import_.command()
@a_file
@an_organization
@entity_option
@dry_run_option
@skip_bad_option
@json_option
def contacts(
    *, file: Path, slug: str, entity: str, dry_run: bool, skip_bad: bool, as_json: bool
) -> None:
    """Add and change contacts from a CSV file whose lines name the customer's account number.

    A contact is known by the e-mail address among those of its customer.
    """
    _import_list(
        "contacts",
        file,
        slug,
        entity=entity,
        dry_run=dry_run,
        skip_bad=skip_bad,
        as_json=as_json,
    )


def _import_list(
    kind: str,
    file: Path,
    slug: str,
    *,
    entity: str,
    dry_run: bool,
    skip_bad: bool,
    as_json: bool,
) -> None:
    with started():
        from paidup.accounting_sync.lists.fields import ColumnsRefused
        from paidup.accounting_sync.lists.operations import import_file
        from paidup.accounting_sync.operations import ImportRefused
        from paidup.accounting_sync.states import ListKind
        from paidup.accounting_sync.text_file import FileRefused
        from paidup.history.actors import system
        from paidup.lib import clock

        try:
            with organization_scope(slug) as organization:
                columns, outcome = import_file(
                    kind=ListKind(kind),
                    content=file.read_bytes(),
                    organization=organization,
                    entity_name=entity,
                    by=system("import"),
                    at=clock.now(),
                    dry_run=dry_run,
                    skip_bad=skip_bad,
                )
        except (FileRefused, ColumnsRefused, ImportRefused) as refused:
            raise click.ClickException(str(refused)) from refused
        answer(
            as_json,
            {"columns": columns, **outcome.facts()},
            _told(columns, outcome, dry_run=dry_run),
        )
    if outcome.refused:
        raise SystemExit(1)


def _told(columns: dict[str, str], outcome: "Outcome", *, dry_run: bool) -> str:
    lines = ["Dry run, nothing is changed."] if dry_run else []
    lines.append(
        "Columns: " + ", ".join(f"{title} = {key or '–'}" for title, key in columns.items())
    )
    lines.append(f"{outcome.lines} lines. Customers: {_counted(outcome.customers)}.")
    lines.append(f"Contacts: {_counted(outcome.contacts)}.")
    lines += [
        f"Line {problem.line}: {problem.column and problem.column + ': '}{problem.reason}"
        for problem in outcome.errors
    ]
    if outcome.refused:
        lines.append("Nothing is imported. Mend these lines, or leave them out with --skip-bad.")
    return "\n".join(lines)


def _counted(counts: "Counts") -> str:
    return f"{counts.created} added, {counts.updated} changed, {counts.unchanged} unchanged"


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
