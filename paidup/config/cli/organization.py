"""`paidup organization`."""

import os
import secrets

import click

from paidup.config.cli.base import answer, json_option, started


@click.group()
def organization() -> None:
    """Organizations: the businesses that bill."""


@organization.command()
@click.argument("slug")
@click.option("--name", required=True, help="The name its customers know.")
@click.option("--owner", required=True, metavar="EMAIL", help="Who may do everything in it.")
@json_option
def add(*, slug: str, name: str, owner: str, as_json: bool) -> None:
    """Found an organization at SLUG's host.

    An owner who is new gets the password in PAIDUP_OWNER_PASSWORD, or one that is shown once.
    """
    with started():
        from paidup.lib import clock
        from paidup.organizations.models import User
        from paidup.organizations.operations import OrganizationRefused, add_organization

        known = User.objects.filter(email=owner.strip().lower()).exists()
        given = os.environ.get("PAIDUP_OWNER_PASSWORD")
        password = None if known else given or secrets.token_urlsafe(12)
        try:
            founded = add_organization(
                slug=slug, name=name, owner_email=owner, password=password, at=clock.now()
            )
        except OrganizationRefused as refused:
            raise click.ClickException(str(refused)) from refused
    facts = {"id": founded.id, "slug": founded.slug, "owner": owner}
    sentence = f"{name} is founded."
    if password and not given:
        facts["password"] = password
        sentence += f" {owner} signs in with the password {password} (shown only now)."
    answer(as_json, facts, sentence)
