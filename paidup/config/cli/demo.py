"""`paidup demo`, and the demo organization that `paidup run` shows."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import click

from paidup.config.cli.base import answer, json_option, started
from paidup.lib import clock

SLUG = "demo"
CUSTOMERS = int(os.environ.get("PAIDUP_DEMO_CUSTOMERS", "200"))


@dataclass(frozen=True)
class SignIn:
    """How to sign in to the demo. Only its hash is kept, so a password of before isn't known."""

    email: str
    password: str | None

    def __str__(self) -> str:
        return self.password or (
            "the one shown when the demo was built; PAIDUP_DEMO_PASSWORD sets another"
        )


@click.command()
@click.option("--customers", default=CUSTOMERS, show_default=True, help="How many there are.")
@click.option("--invoices", type=int, help="Build large books to measure with: how many invoices.")
@click.option("--organizations", default=1, show_default=True, help="Small ones beside it, too.")
@click.option("--slug", default=SLUG, show_default=True)
@json_option
def demo(
    *, customers: int, invoices: int | None, organizations: int, slug: str, as_json: bool
) -> None:
    """Build a made-up organization to look around in.

    With --invoices it is built as large as asked, without the stories of the small one.
    The password of owner@demo.example is PAIDUP_DEMO_PASSWORD, or a random one shown once.
    """
    os.environ["PAIDUP_DEMO"] = "1"
    with started():
        from paidup.config.schema import bring_up_to_date

        def say(line: str) -> None:
            click.echo(line, err=as_json)

        if os.environ.get("DATABASE_OWNER_URL"):
            bring_up_to_date(say)
        if invoices is None:
            sign_in = ensure_demo(say, slug=slug, customers=customers)
        else:
            from paidup.demo import load

            sign_in = _sign_in(
                lambda password: load.build(
                    slug=slug,
                    customers=customers,
                    invoices=invoices,
                    organizations=organizations,
                    password=password,
                    at=clock.now(),
                    say=say,
                ),
                slug=slug,
            )
    facts = {"slug": slug, "email": sign_in.email, "password": sign_in.password}
    answer(as_json, facts, f"Sign in as {sign_in.email}. Password: {sign_in}")


def ensure_demo(
    say: Callable[[str], None], *, slug: str = SLUG, customers: int = CUSTOMERS
) -> SignIn:
    """Builds the demo where it is missing, and sets the password where one is given."""
    from paidup.demo.build import build

    return _sign_in(
        lambda password: build(
            slug=slug, customers=customers, password=password, at=clock.now(), say=say
        ),
        slug=slug,
    )


def _sign_in(build: Callable[[str], None], *, slug: str) -> SignIn:
    from paidup.demo import people
    from paidup.organizations.operations import OrganizationRefused
    from paidup.organizations.queries import organization_by_slug

    given = os.environ.get("PAIDUP_DEMO_PASSWORD")
    password = given
    if organization_by_slug(slug) is None:
        new = given or secrets.token_urlsafe(12)
        password = given if people.known() else new
        try:
            build(new)
        except OrganizationRefused as refused:
            raise click.ClickException(str(refused)) from refused
    if given:
        people.set_password(given)
    return SignIn(email=people.OWNER, password=password)
