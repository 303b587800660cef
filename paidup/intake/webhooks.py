"""Webhooks of gateways. What is answered decides whether the vendor sends it again:

2xx ends it, anything else has it sent once more. So what was refused for good is told apart from
what we could not take in just now; what repeats, races or comes out of order is the fold's affair.
"""

from collections.abc import Iterable
from uuid import UUID

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.gateways.interface import BadSignature, Fact
from paidup.payments.gateways.registry import NotOffered, gateway
from paidup.payments.models import Intent
from paidup.payments.queries import from_idempotency_key

from .access import machine

LARGEST = 64 * 1024  # bytes; a fact takes less than one thousand

log = structlog.get_logger(__name__)


@machine
@csrf_exempt  # it has no session to ride on; the signature says who it is
@require_POST
def receive(request: HttpRequest, name: str) -> HttpResponse:
    """Takes in what the gateway of this name reports of charges."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse("The body is too large.", status=413, content_type="text/plain")
    try:
        facts = gateway(name).read_webhook(body=body, headers=request.headers)
    except NotOffered:
        raise Http404 from None
    except BadSignature as problem:
        log.warning("webhook refused", gateway=name, reason=str(problem))
        return HttpResponse(str(problem), status=400, content_type="text/plain")
    _take_in(name, facts)
    return HttpResponse(status=204)


def _take_in(name: str, facts: Iterable[Fact]) -> None:
    for fact in facts:
        found = from_idempotency_key(fact.idempotency_key)
        if found is None or not _record(name, fact, *found):
            log.info("webhook about no charge of ours", gateway=name, fact=fact.id)


def _record(name: str, fact: Fact, organization_id: UUID, intent_id: UUID) -> bool:
    """Records one fact; false when there is no such charge."""
    with tenant(organization_id):
        known = Intent.objects.of(organization_id).filter(id=intent_id, gateway=name).exists()
        if known:
            payments.record_facts(intent_id=intent_id, facts=[fact], at=clock.now())
    return known
