"""`paidup check`."""

import sys

import click

from paidup.config.cli.base import answer, json_option, organization_scope, started


@click.command()
@click.option("--organization", "slug", metavar="SLUG", help="One organization; all unless given.")
@json_option
def check(*, slug: str | None, as_json: bool) -> None:
    """Derive every cached balance from the ledger, and name each that differs.

    The exit code is 1 when one does.
    """
    with started():
        from paidup.organizations.queries import all_organizations
        from paidup.reporting.check import differences

        if slug:
            with organization_scope(slug) as organization:
                checked = [organization.id]
        else:
            checked = all_organizations()
        found = [difference for each in checked for difference in differences(each)]
    facts = {
        "organizations": len(checked),
        "differences": [
            {
                "what": difference.what,
                "which": difference.which,
                "stored": difference.stored,
                "derived": difference.derived,
            }
            for difference in found
        ],
    }
    sentence = "\n".join(map(str, found)) or f"The books of {len(checked)} organizations agree."
    answer(as_json, facts, sentence)
    if found:
        sys.exit(1)
