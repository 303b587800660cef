"""What the gateway saves, and has to erase where no customer has it, until it says it has."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from paidup.lib import jobs
from paidup.lib.tenancy import refuse_open_transaction, tenant
from paidup.payments.gateways.interface import Gateway, Method, Outage, Rejected
from paidup.payments.gateways.registry import gateway
from paidup.payments.models import ErasedMethod, PaymentMethod

KEPT_BY_THEN = timedelta(hours=1)


def vault(*, vendor: Gateway, token: str, organization_id: UUID, at: datetime) -> Method:
    """Has the gateway save what is behind a one-time token, for us to keep right after.

    If we fall before our row of it stands, a job has the gateway forget it again. Must not be
    called in a transaction.
    """
    from paidup.payments.jobs import forget_unless_kept  # noqa: PLC0415  jobs calls this package

    with tenant(organization_id):
        jobs.enqueue(
            forget_unless_kept,
            organization_id=organization_id,
            run_at=at + KEPT_BY_THEN,
            gateway_name=vendor.name,
            token=token,
        )
    return vendor.save(token)


def forget_unless_kept(*, organization_id: UUID | str, gateway_name: str, token: str) -> None:
    """Has the gateway forget what it saved of a one-time token, unless a customer has it; harmless
    when repeated.

    Raises Outage when the gateway doesn't answer: the job that calls this tries again. Must not be
    called in a transaction.
    """
    refuse_open_transaction()
    vendor = gateway(gateway_name)
    try:
        saved = vendor.save(token)  # the same one, as that is how its token is known
    except Rejected:
        return  # forgotten since, or never saved and out of date
    with tenant(organization_id) as organization:
        is_kept = _is_kept(organization, gateway_name, saved.token)
    if not is_kept:
        vendor.forget(saved.token)


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
        is_kept = _is_kept(organization, one.gateway, one.token)
    if not is_kept:
        gateway(one.gateway).forget(one.token)
    with tenant(organization_id) as organization:
        ErasedMethod.objects.of(organization).filter(id=erased_id).delete()


def _is_kept(organization_id: UUID, gateway_name: str, token: str) -> bool:
    rows = PaymentMethod.objects.of(organization_id)
    return rows.filter(gateway=gateway_name, token=token, removed_at=None).exists()
