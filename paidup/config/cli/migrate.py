"""`paidup migrate`."""

import os

import click

from paidup.config.cli.base import answer, json_option, started


@click.command()
@json_option
def migrate(*, as_json: bool) -> None:
    """Bring the database's tables up to date.

    Runs as the role of DATABASE_OWNER_URL and lets the role of DATABASE_URL in.
    """
    if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_OWNER_URL"):
        raise click.UsageError(
            "DATABASE_URL is set, DATABASE_OWNER_URL isn't. Set it to the role that owns the"
            " database: postgresql://OWNER:PASSWORD@HOST/DATABASE"
        )
    with started():
        from paidup.config.schema import SchemaRefused, bring_up_to_date

        try:
            bring_up_to_date()
        except SchemaRefused as refused:
            raise click.ClickException(str(refused)) from refused
    answer(as_json, {"migrated": True}, "The database is up to date.")
