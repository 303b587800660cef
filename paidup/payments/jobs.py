"""What payments does later."""

from uuid import UUID

from paidup.history.actors import system
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization

from . import operations
from .gateways.registry import gateway
from .models import PaymentMethod
from .operations.refund import run_refund


@job(opens_own_tenant=True)
def make_charge(*, organization_id: str, intent_id: str) -> None:
    """Makes a charge that was claimed; after a crash, once more under the same key."""
    operations.run_charge(organization_id=organization_id, intent_id=intent_id, at=clock.now())


@job(opens_own_tenant=True)
def ask_about_charge(*, organization_id: str, intent_id: str, time: str) -> None:
    """Asks the gateway about a charge that nobody answered for."""
    operations.ask_gateway(
        organization_id=organization_id, intent_id=intent_id, time=int(time), at=clock.now()
    )


@job(opens_own_tenant=True)
def send_refund(*, organization_id: str, refund_id: str) -> None:
    """Has the gateway give money back; an outage is tried again under the same key."""
    run_refund(organization_id=organization_id, refund_id=refund_id, at=clock.now())


@job
def judge_promises(*, organization_id: str) -> None:
    """Every hour: were the promises kept whose day and grace have passed?"""
    at = clock.now()
    organization = Organization.objects.get(id=organization_id)
    operations.judge_due_promises(on=organization.day(at), by=system("promises"), at=at)


@job
def chase_stuck(*, organization_id: str) -> None:
    """Every hour: which charges, refunds and erasures has the gateway not answered for hours?"""
    at = clock.now()
    organization = Organization.objects.get(id=organization_id)
    operations.chase_stuck(on=organization.day(at), by=system("payments"), at=at)


@job(opens_own_tenant=True)
def forget_method(*, organization_id: str, method_id: str) -> None:
    """Erases a removed method at the gateway; one of a customer deleted since, `forget_erased`."""
    with tenant(organization_id):
        method = PaymentMethod.objects.of(UUID(organization_id)).filter(id=method_id).first()
    if method:
        gateway(method.gateway).forget(method.token)


@job(opens_own_tenant=True)
def forget_unless_kept(*, organization_id: str, gateway_name: str, token: str) -> None:
    """Erases at the gateway what it saved an hour ago and nobody has; an outage is tried again."""
    operations.forget_unless_kept(
        organization_id=organization_id, gateway_name=gateway_name, token=token
    )


@job(opens_own_tenant=True)
def forget_erased(*, organization_id: str, erased_id: str) -> None:
    """Erases a deleted customer's method at the gateway; an outage is tried again."""
    operations.forget_erased(organization_id=organization_id, erased_id=erased_id)
