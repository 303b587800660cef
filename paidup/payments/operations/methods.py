"""Saved payment methods, and the authority to charge them."""

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
from paidup.payments.mandates import Authority
from paidup.payments.models import Mandate, PaymentMethod
from paidup.payments.states import PaymentKind

from .allocate import lock_customers


class MethodRefused(Exception):
    """The method can't be kept or used so; the message says why."""


@transaction.atomic
def save_method(
    *,
    customer: Customer,
    gateway_name: str,
    method: Method,
    authority: Authority,
    by: Actor,
    at: datetime,
    default: bool = True,
) -> PaymentMethod:
    """Keeps a method of the gateway's vault as the customer's default, with the authority given.

    Without `default` the one that is stays, until a payment by the new one goes through
    (`prove_method`). Raises MethodRefused without a wording or a name, as there is no debit without
    authority, and for a kind of method that the customer may not pay with.
    """
    _refuse_nobody_s(authority)
    customer = Customer.objects.of(customer.organization_id).locked().get(id=customer.id)
    if refusal := refusal_of_kind(method.kind, customer):
        raise MethodRefused(refusal)
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
    _give(saved, authority, at=at)
    history.record(
        "method.saved",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=saved.id,
        data={"channel": authority.channel},
        personal={"method": str(saved)},
    )
    return saved


@transaction.atomic
def give_mandate(
    *, method: PaymentMethod, authority: Authority, by: Actor, at: datetime
) -> Mandate:
    """Records that the owner of a saved method lets it be charged again.

    Raises MethodRefused when it may be already, was removed, or without a wording or a name.
    """
    _refuse_nobody_s(authority)
    lock_customers([method.customer_id], [])
    kept = PaymentMethod.objects.of(method.organization_id).filter(
        id=method.id, customer_id=method.customer_id, removed_at=None
    )
    if not kept.exists():
        raise MethodRefused(_("%s is no longer on file here.") % method)
    if queries.live_mandate(method):
        raise MethodRefused(_("There is an authority to charge %s already.") % method)
    mandate = _give(method, authority, at=at)
    history.record(
        "mandate.given",
        by=by,
        at=at,
        customer_id=method.customer_id,
        subject_id=method.id,
        data={"channel": authority.channel},
        personal={"method": str(method)},
    )
    return mandate


@transaction.atomic
def make_default(*, method: PaymentMethod, by: Actor, at: datetime) -> None:
    """Makes a saved method the one that is charged. Raises MethodRefused for a removed one."""
    _retire_default(method.customer)
    kept = PaymentMethod.objects.of(method.organization_id).filter(
        id=method.id, customer_id=method.customer_id, removed_at=None
    )
    if not kept.update(default=True):
        raise MethodRefused(_("%s is no longer on file here.") % method)
    history.record(
        "method.made_default",
        by=by,
        at=at,
        customer_id=method.customer_id,
        subject_id=method.id,
        personal={"method": str(method)},
    )


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

    kept = PaymentMethod.objects.of(method.organization_id).filter(
        id=method.id, customer_id=method.customer_id, removed_at=None
    )
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


def refusal_of_kind(kind: str, customer: Customer) -> str:
    """Why the customer can't keep methods of this kind; empty when it can."""
    kept = queries.kinds_to_save(customer)
    if kind in kept:
        return ""
    sentence = (
        _("%(kind)s can't be kept for automatic payments, only: %(kinds)s.")
        if kept
        else _("%(kind)s can't be kept for automatic payments.")
    )
    return sentence % {"kind": PaymentKind(kind).label, "kinds": in_words(kept)}


def _refuse_nobody_s(authority: Authority) -> None:
    if not authority.text.strip():
        raise MethodRefused(_("Record the wording that was agreed to before keeping a method."))
    if not authority.given_by.strip():
        raise MethodRefused(_("Write who gave the authority."))


def _give(method: PaymentMethod, authority: Authority, *, at: datetime) -> Mandate:
    return Mandate.objects.create(
        organization_id=method.organization_id,
        customer_id=method.customer_id,
        method=method,
        text=authority.text,
        channel=authority.channel,
        given_by=authority.given_by,
        given_at=at,
    )


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
