"""Saved payment methods, and the authority to charge them."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import jobs
from paidup.organizations.paying import in_words
from paidup.payments import queries
from paidup.payments.gateways.interface import Method
from paidup.payments.models import Mandate, PaymentMethod
from paidup.payments.states import PaymentKind


class MethodRefused(Exception):
    """The method can't be kept or used so; the message says why."""


@transaction.atomic
def save_method(
    *,
    customer: Customer,
    gateway_name: str,
    method: Method,
    mandate_text: str,
    channel: str,
    given_by: str,
    by: Actor,
    at: datetime,
    default: bool = True,
) -> PaymentMethod:
    """Keeps a method of the gateway's vault as the customer's default, with the authority given.

    `mandate_text` is the wording the payer agreed to; `channel` is web, phone or paper. Without
    `default` the one that is stays, until a payment by the new one goes through (`prove_method`).
    Raises MethodRefused without a wording, as there is no debit without authority, and for a kind
    of method that the customer may not pay with.
    """
    if not mandate_text.strip():
        raise MethodRefused(_("Record the wording that was agreed to before keeping a method."))
    customer = Customer.objects.of(customer.organization_id).locked().get(id=customer.id)
    _refuse_kind(PaymentKind(method.kind), queries.kept_kinds(customer))
    if default:
        _retire_default(customer)
    saved = PaymentMethod.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        gateway=gateway_name,
        token=method.token,
        kind=method.kind,
        brand=method.brand,
        last4=method.last4,
        expires_on=_last_day(method.expires_on),
        default=default,
        saved_at=at,
    )
    Mandate.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        method=saved,
        text=mandate_text,
        channel=channel,
        given_by=given_by,
        given_at=at,
    )
    history.record(
        "method.saved",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=saved.id,
        data={"channel": channel},
        personal={"method": str(saved)},
    )
    return saved


@transaction.atomic
def prove_method(*, method: PaymentMethod, works: bool, by: Actor, at: datetime) -> None:
    """The payment with which a method was saved has shown whether it works: it becomes the
    customer's default, or is removed."""
    if not works:
        remove_method(method=method, by=by, at=at)
        return
    kept = PaymentMethod.objects.of(method.organization_id).filter(id=method.id, removed_at=None)
    if kept.select_for_update().exists():
        _retire_default(method.customer)
        kept.update(default=True)


@transaction.atomic
def revoke_mandate(*, mandate: Mandate, by: Actor, at: datetime) -> None:
    """Ends the authority to charge; from now on nothing is charged by it."""
    live = Mandate.objects.of(mandate.organization_id).filter(id=mandate.id, revoked_at=None)
    if live.update(revoked_at=at):
        history.record(
            "mandate.revoked",
            by=by,
            at=at,
            customer_id=mandate.customer_id,
            subject_id=mandate.method_id,
        )


@transaction.atomic
def remove_method(*, method: PaymentMethod, by: Actor, at: datetime) -> None:
    """Removes a saved method here, with its authority; a job erases it at the gateway."""
    from paidup.payments.jobs import forget_method  # noqa: PLC0415  jobs calls this module

    kept = PaymentMethod.objects.of(method.organization_id).filter(id=method.id, removed_at=None)
    if not kept.update(removed_at=at, default=False):
        return
    for mandate in Mandate.objects.of(method.organization_id).filter(
        method=method, revoked_at=None
    ):
        revoke_mandate(mandate=mandate, by=by, at=at)
    jobs.enqueue(forget_method, organization_id=method.organization_id, method_id=method.id)
    history.record(
        "method.removed",
        by=by,
        at=at,
        customer_id=method.customer_id,
        subject_id=method.id,
        personal={"method": str(method)},
    )


def _refuse_kind(kind: PaymentKind, kept: Sequence[PaymentKind]) -> None:
    if kind in kept:
        return
    sentence = (
        _(
            "%(kind)s can't be kept for automatic payments, only: %(kinds)s. "
            "Pay without saving it, or by what can be kept."
        )
        if kept
        else _("%(kind)s can't be kept for automatic payments. Pay without saving it.")
    )
    raise MethodRefused(sentence % {"kind": kind.label, "kinds": in_words(kept)})


def _retire_default(customer: Customer) -> None:
    Customer.objects.of(customer.organization_id).locked().get(id=customer.id)
    mine = PaymentMethod.objects.of(customer.organization_id).filter(customer=customer)
    mine.filter(default=True).update(default=False)


def _last_day(month: str) -> date | None:
    """`2028-05` is good until the last day of May 2028."""
    if not month:
        return None
    year, number = (int(part) for part in month.split("-"))
    following = date(year + number // 12, number % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
