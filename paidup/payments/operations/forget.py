"""Having the gateway erase saved methods that no customer has, until it says it has."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from paidup.lib import jobs
from paidup.lib.tenancy import refuse_open_transaction, tenant
from paidup.payments.gateways.interface import Gateway, Outage
from paidup.payments.gateways.registry import gateway
from paidup.payments.models import ErasedMethod, PaymentMethod


def forget_unkept(*, vendor: Gateway, token: str, organization_id: UUID, at: datetime) -> None:
    """Has the gateway erase what it saved and nobody keeps; in an outage, later. Must not be called
    in a transaction."""
    try:
        vendor.forget(token)
    except Outage:
        with tenant(organization_id):
            forget_later([(vendor.name, token)], organization_id=organization_id, at=at)


def forget_later(
    methods: Iterable[tuple[str, str]], *, organization_id: UUID, at: datetime
) -> None:
    """Has a job ask the gateways to erase these, each named with its token."""
    from paidup.payments.jobs import forget_erased  # noqa: PLC0415  jobs calls this package

    erased = ErasedMethod.objects.bulk_create(
        ErasedMethod(organization_id=organization_id, gateway=name, token=token, asked_at=at)
        for name, token in methods
    )
    for one in erased:
        jobs.enqueue(forget_erased, organization_id=organization_id, erased_id=one.id)


def forget_erased(*, organization_id: UUID | str, erased_id: UUID | str) -> None:
    """Has the gateway erase one, and forgets it too once that is done; harmless when repeated.

    What a customer has kept since, by sending the same details once more, stays at the gateway.

    Raises Outage when the gateway doesn't answer: the job that calls this tries again. Must not be
    called in a transaction.
    """
    refuse_open_transaction()
    with tenant(organization_id) as organization:
        one = ErasedMethod.objects.of(organization).filter(id=erased_id).first()
        if one is None:
            return
        is_kept = (
            PaymentMethod.objects.of(organization)
            .filter(gateway=one.gateway, token=one.token, removed_at=None)
            .exists()
        )
    if not is_kept:
        gateway(one.gateway).forget(one.token)
    with tenant(organization_id) as organization:
        ErasedMethod.objects.of(organization).filter(id=erased_id).delete()
