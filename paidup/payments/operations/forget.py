"""Having the gateway erase the saved methods of deleted customers, until it says it has."""

from uuid import UUID

from paidup.lib.tenancy import refuse_open_transaction, tenant
from paidup.payments.gateways.registry import gateway
from paidup.payments.models import ErasedMethod


def forget_erased(*, organization_id: UUID | str, erased_id: UUID | str) -> None:
    """Has the gateway erase one, and forgets it too once that is done; harmless when repeated.

    Raises Outage when the gateway doesn't answer: the job that calls this tries again. Must not be
    called in a transaction.
    """
    refuse_open_transaction()
    with tenant(organization_id) as organization:
        one = ErasedMethod.objects.of(organization).filter(id=erased_id).first()
    if one is None:
        return
    gateway(one.gateway).forget(one.token)
    with tenant(organization_id) as organization:
        ErasedMethod.objects.of(organization).filter(id=erased_id).delete()
