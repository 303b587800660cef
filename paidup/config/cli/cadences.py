"""`paidup cadences`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from paidup.config.cli.base import answer, json_option, started
from paidup.lib.money import rounded

if TYPE_CHECKING:
    from paidup.cadences.queries import Preview
    from paidup.organizations.models import Organization

organization_option = click.option(
    "--organization", "slug", required=True, metavar="SLUG", help="Whose."
)


@click.group()
def cadences() -> None:
    """Cadences: who is reminded of which invoice when."""


@cadences.command()
@organization_option
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Today when not given."
)
@json_option
def preview(*, slug: str, day: datetime | None, as_json: bool) -> None:
    """Show what would be sent on a day, to whom, and why not for the rest. Sends nothing."""
    with _within(slug) as organization:
        from paidup.cadences.queries import preview as look
        from paidup.lib import clock

        on = day.date() if day else organization.day(clock.now())
        found = look(organization, on=on, limit=None if as_json else 0)
        facts = _facts(found)
    answer(as_json, facts, _sentences(found))


@cadences.command()
@organization_option
@json_option
def automatic(*, slug: str, as_json: bool) -> None:
    """Let reminders go out by themselves from now on."""
    _set_mode(slug, "automatic", "Reminders now go out by themselves.", as_json=as_json)


@cadences.command("approve-first")
@organization_option
@json_option
def approve_first(*, slug: str, as_json: bool) -> None:
    """Let each reminder wait for a person from now on."""
    _set_mode(slug, "approve_first", "Each reminder now waits for approval.", as_json=as_json)


def _set_mode(slug: str, mode: str, sentence: str, *, as_json: bool) -> None:
    with _within(slug) as organization:
        from paidup.history.actors import system
        from paidup.lib import clock
        from paidup.organizations.operations import set_sending_mode
        from paidup.organizations.states import SendingMode

        set_sending_mode(
            organization=organization,
            mode=SendingMode(mode),
            by=system("command line"),
            at=clock.now(),
        )
    answer(as_json, {"organization": slug, "sending_mode": mode}, sentence)


@contextmanager
def _within(slug: str) -> "Iterator[Organization]":
    """The organization, in its scope, with its cadence."""
    with started():
        from paidup.cadences.operations import establish_default
        from paidup.history.actors import system
        from paidup.lib import clock
        from paidup.lib.tenancy import tenant
        from paidup.organizations.models import Organization
        from paidup.organizations.queries import organization_by_slug

        organization_id = organization_by_slug(slug)
        if organization_id is None:
            raise click.ClickException(f"There is no organization {slug!r}; check the slug.")
        with tenant(organization_id):
            organization = Organization.objects.get(id=organization_id)
            establish_default(organization=organization, by=system("command line"), at=clock.now())
            yield organization


def _facts(found: "Preview") -> dict[str, Any]:
    return {
        "on": found.plan.on,
        "sends_on": found.plan.sends_on,
        "sending_mode": found.sending_mode,
        "messages": len(found.plan.will_send),
        "invoices_in_messages": found.plan.invoices_reminded,
        "will_send": [
            {
                "contact": group.name,
                "address": group.address,
                "customers": list(group.customers.values()),
                "step": group.step_days,
                "template": found.templates[group.step_id],
                "totals": {c: rounded(total, c) for c, total in group.totals.items()},
                "invoices": [
                    {
                        "number": item.number,
                        "customer": item.customer_number,
                        "due_on": item.due_on,
                        "amount": rounded(item.amount, item.currency),
                        "currency": item.currency,
                        "step_due": item.due_step,
                    }
                    for item in group.items
                ],
            }
            for group in found.plan.will_send
        ],
        "not_sent": {
            reason: sum(count.invoices for count in counts.values())
            for reason, counts in found.plan.not_sent.items()
        },
        "why_not": [
            {
                "number": one.number,
                "customer": one.customer_number,
                "due_on": one.due_on,
                "amount": rounded(one.amount, one.currency),
                "currency": one.currency,
                "reason": one.reason,
            }
            for one in found.not_sent
        ],
    }


def _sentences(found: "Preview") -> str:
    """What a person reads in the terminal."""
    lines = [f"{found.plan.on:%Y-%m-%d}: {_counted(len(found.plan.will_send), 'message')}"]
    if found.plan.will_send and found.plan.sends_on != found.plan.on:
        lines[0] += f", leaving on {found.plan.sends_on:%Y-%m-%d}"
    for group in found.plan.will_send:
        totals = ", ".join(
            f"{rounded(total, currency)} {currency}" for currency, total in group.totals.items()
        )
        lines.append(
            f"  {group.address}  {found.templates[group.step_id]}"
            f"  {_counted(len(group.items), 'invoice')}  {totals}"
        )
    lines.append(f"Not reminded of: {_counted(found.plan.invoices_not_sent, 'invoice')}")
    for reason, counts in found.plan.not_sent.items():
        lines.append(f"  {sum(count.invoices for count in counts.values())}  {reason.label}")
    return "\n".join(lines)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
