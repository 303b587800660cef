"""`paidup customer`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from paidup.config.cli.base import answer, json_option, organization_scope, started

if TYPE_CHECKING:
    from paidup.customers.models import Customer
    from paidup.organizations.models import Organization


@click.group()
def customer() -> None:
    """One customer."""


@customer.command()
@click.argument("number")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--organization", "slug", required=True, metavar="SLUG")
@click.option(
    "--entity", default="", metavar="NAME", help="Who bills it, if others have the number."
)
@json_option
def export(*, number: str, file: Path, slug: str, entity: str, as_json: bool) -> None:
    """Write all data of the customer with account number NUMBER to the ZIP file FILE."""
    if file.exists():
        raise click.ClickException(f"{file} exists already; choose another name.")
    with started():
        from paidup.history.actors import system
        from paidup.lib import clock
        from paidup.lifecycle.export import export_customer

        with organization_scope(slug) as organization:
            found = _found(organization, number, entity)
            pieces = export_customer(customer=found, by=system("export"), at=clock.now())
        try:
            with file.open("xb") as target:
                target.writelines(pieces)
        except BaseException:
            file.unlink(missing_ok=True)  # half of it would be taken for all
            raise
    facts = {"customer": found.number, "file": str(file), "bytes": file.stat().st_size}
    answer(as_json, facts, f"All data of {found.name} is in {file}.")


def _found(organization: "Organization", number: str, entity: str) -> "Customer":
    """The customer meant; the number of a merged one leads to the one it became."""
    from paidup.customers.models import Customer, MergedCustomer

    billed_by = {"entity__name": entity} if entity else {}
    merged = MergedCustomer.objects.of(organization).filter(number=number, **billed_by)
    rows = Customer.objects.of(organization).select_related("organization")
    found = list(rows.filter(number=number, **billed_by)) or list(
        rows.filter(id__in=merged.values("into_id"))
    )
    if not found:
        raise click.ClickException(f"No customer has the account number {number}.")
    if len(found) > 1:
        raise click.ClickException(
            f"Several entities have a customer {number}; name one with --entity."
        )
    return found[0]
