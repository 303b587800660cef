"""Invoice templates, and what the organization takes payments by.

Each change is made first and looked at then: where it would leave a template or a customer with
nothing to pay with, it is refused, which undoes it. So nobody else may change these meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening
from paidup.lib import formatting, tenancy
from paidup.organizations.models import InvoiceTemplate, Organization
from paidup.organizations.paying import payment_rules
from paidup.organizations.queries import default_template, invoice_templates
from paidup.organizations.states import OFFERED

MOST_TEMPLATES = 50
NAMED = 3


class PaymentRulesRefused(Exception):
    """Templates and kinds can't be so; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class TemplateDetails:
    """What an invoice template is about."""

    name: str
    payment_kinds: Sequence[str]
    heading: str = ""
    footer: str = ""


@transaction.atomic
def set_payment_kinds(*, kinds: Iterable[str], by: Actor, at: datetime) -> None:
    """Sets what the organization takes payments by.

    Raises PaymentRulesRefused for nothing, and where a template or a customer would be left with
    nothing to pay with.
    """
    organization = lock_payment_rules()
    before, after = organization.payment_kinds, _chosen(kinds)
    if before == after:
        return
    organization.payment_kinds = after
    organization.save(update_fields=["payment_kinds"])
    _refuse_nothing_left()
    history.record(
        "organization.payment_kinds_set",
        by=by,
        at=at,
        subject_id=organization.id,
        data={"before": before, "after": after},
    )


@transaction.atomic
def add_invoice_template(*, details: TemplateDetails, by: Actor, at: datetime) -> InvoiceTemplate:
    """Adds a template. Raises PaymentRulesRefused for a name that is empty or taken, and when it
    lets nothing through that the organization takes."""
    organization = lock_payment_rules()
    others = invoice_templates(organization)
    if len(others) >= MOST_TEMPLATES:
        raise PaymentRulesRefused(
            _("There are %s templates already; remove one first.") % MOST_TEMPLATES
        )
    template = InvoiceTemplate(organization=organization, **_kept(details, others))
    template.save(force_insert=True)
    _refuse_nothing_left()
    history.record(
        "invoice_template.added",
        by=by,
        at=at,
        subject_id=template.id,
        data={"name": template.name, "payment_kinds": template.payment_kinds},
    )
    return template


@transaction.atomic
def edit_invoice_template(
    *, template: InvoiceTemplate, details: TemplateDetails, by: Actor, at: datetime
) -> None:
    """Changes a template: its words for invoices to come, what it lets through for all that have
    it. Raises PaymentRulesRefused as adding does, and where a customer would be left with nothing.
    """
    others = invoice_templates(lock_payment_rules())
    template = _standing(template, others)
    kept = _kept(details, [other for other in others if other.id != template.id])
    changes = {
        column: [before, after]
        for column, after in kept.items()
        if (before := getattr(template, column)) != after
    }
    if not changes:
        return
    for column, (_before, after) in changes.items():
        setattr(template, column, after)
    template.save(update_fields=list(changes))
    _refuse_nothing_left()
    data = {"name": template.name, "changes": changes}
    history.record("invoice_template.edited", by=by, at=at, subject_id=template.id, data=data)


@transaction.atomic
def make_default_template(*, template: InvoiceTemplate, by: Actor, at: datetime) -> None:
    """Makes a template that of all customers for whom none is chosen. Raises PaymentRulesRefused
    where it would leave one of them with nothing to pay with."""
    organization = lock_payment_rules()
    template = _standing(template, invoice_templates(organization))
    former = default_template(organization)
    if former.id == template.id:
        return
    former.default, template.default = False, True
    former.save(update_fields=["default"])
    template.save(update_fields=["default"])
    _refuse_nothing_left()
    data = {"name": template.name, "name_before": former.name}
    history.record("invoice_template.made_default", by=by, at=at, subject_id=template.id, data=data)


@transaction.atomic
def remove_invoice_template(*, template: InvoiceTemplate, by: Actor, at: datetime) -> int:
    """Removes a template; its customers have the default one from then on: how many these were.
    Invoices that have it keep it.

    Raises PaymentRulesRefused for the default one, and where a customer would be left with nothing.
    """
    template = _standing(template, invoice_templates(lock_payment_rules()))
    if template.default:
        raise PaymentRulesRefused(
            _("%s is the default template. Make another one the default first.") % template.name
        )
    template.removed = True
    template.save(update_fields=["removed"])
    rows = Customer.objects.of(tenancy.current())
    ids = list(rows.filter(invoice_template=template).locked().values_list("id", flat=True))
    rows.filter(id__in=ids).update(invoice_template=None)
    _refuse_nothing_left()
    changes = {"invoice_template": [template.name, None]}
    history.record_all(
        (
            Happening(
                kind="customer.edited",
                customer_id=one,
                subject_id=one,
                data={"changes": changes},
            )
            for one in ids
        ),
        by=by,
        at=at,
    )
    data = {"name": template.name, "customers": len(ids)}
    history.record("invoice_template.removed", by=by, at=at, subject_id=template.id, data=data)
    return len(ids)


def lock_payment_rules() -> Organization:
    """The organization, whose templates and kinds, and whose customers' share of them, nobody else
    changes until the transaction ends."""
    return Organization.objects.select_for_update(no_key=True).get(id=tenancy.current())


def in_turn(kinds: Iterable[str]) -> list[str]:
    """Those of the kinds that may be offered, in their order, each once."""
    chosen = set(kinds)
    return [kind for kind in OFFERED if kind in chosen]


def _chosen(kinds: Iterable[str]) -> list[str]:
    chosen = in_turn(kinds)
    if not chosen:
        raise PaymentRulesRefused(_("Choose at least one way to pay."))
    return chosen


def _kept(details: TemplateDetails, others: Sequence[InvoiceTemplate]) -> dict[str, Any]:
    name = " ".join(details.name.split())
    if not name:
        raise PaymentRulesRefused(_("Give the template a name."))
    if name.casefold() in {other.name.casefold() for other in others}:
        raise PaymentRulesRefused(
            _("There is a template “%s” already; choose another name.") % name
        )
    return {
        "name": name,
        "heading": details.heading.strip(),
        "footer": details.footer.strip(),
        "payment_kinds": _chosen(details.payment_kinds),
    }


def _standing(template: InvoiceTemplate, known: Sequence[InvoiceTemplate]) -> InvoiceTemplate:
    """As it is now."""
    found = next((one for one in known if one.id == template.id), None)
    if found is None:
        raise PaymentRulesRefused(_("This template was removed meanwhile."))
    return found


def _refuse_nothing_left() -> None:
    """As things stand now, every template lets something through, also to every customer."""
    rules = payment_rules()
    templates = [
        template.name
        for template in invoice_templates(tenancy.current())
        if not rules.offered((), [template.id])
    ]
    if templates:
        raise PaymentRulesRefused(
            ngettext(
                "%(count)s invoice template would be left with nothing to pay with: %(names)s. "
                "Have it let something else through first.",
                "%(count)s invoice templates would be left with nothing to pay with: %(names)s. "
                "Have them let something else through first.",
                len(templates),
            )
            % _counted(templates)
        )
    rows = Customer.objects.of(tenancy.current()).exclude(payment_kinds=[]).order_by("sort_name")
    customers = [
        name
        for name, own, template_id in rows.values_list(
            "name", "payment_kinds", "invoice_template_id"
        )
        if not rules.offered(own, [template_id])
    ]
    if customers:
        raise PaymentRulesRefused(
            ngettext(
                "%(count)s customer would be left with nothing to pay with: %(names)s. "
                "Change its preferred payment methods first.",
                "%(count)s customers would be left with nothing to pay with: %(names)s. "
                "Change their preferred payment methods first.",
                len(customers),
            )
            % _counted(customers)
        )


def _counted(names: Sequence[str]) -> dict[str, str]:
    shown = [*names[:NAMED], *(["…"] if len(names) > NAMED else [])]
    return {"count": formatting.number(len(names)), "names": ", ".join(shown)}
