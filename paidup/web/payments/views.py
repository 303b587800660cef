"""The payments list, and one payment."""

from datetime import date
from uuid import UUID

from django.db.models import F, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from paidup.lib.keyset import Order, page
from paidup.organizations.models import TenantQuerySet
from paidup.organizations.states import Module
from paidup.payments.models import Allocation, Payment, Refund
from paidup.payments.operations.refund import refundable
from paidup.reporting.figures import received_lately
from paidup.ui.paging import page_urls
from paidup.web.access import EDIT, VIEW, Gone, StaffRequest, may
from paidup.web.customers.timeline import Told, events_for, told
from paidup.web.invoices.selection import matching_customers

MOST_EVENTS = 200
NEWEST = Order(F("received_on"), date.fromisoformat, descending=True)
KINDS: dict[str, str | Promise] = {
    "all": _("All"),
    "lately": _("Last 30 days"),
    "unapplied": _("Unapplied"),
    "reversed": _("Reversed"),
}


@may(Module.PAYMENTS, VIEW)
@require_safe
def payments(request: StaffRequest) -> HttpResponse:
    """Money received, the latest first."""
    kind = request.GET.get("kind", "all")
    q = request.GET.get("q", "").strip()[:100]
    rows: TenantQuerySet[Payment] = Payment.objects.visible(request.organization)
    if kind == "lately":
        rows = received_lately(request.on)
    elif kind == "unapplied":
        rows = rows.filter(unapplied_amount__gt=0)
    elif kind == "reversed":
        rows = rows.filter(reversed_on__isnull=False)
    if q:
        rows = rows.filter(Q(reference=q) | Q(customer_id__in=matching_customers(q)))
    shown = page(
        rows.select_related("customer"),
        NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    unapplied = (
        rows.filter(unapplied_amount__gt=0)
        .order_by()
        .values("currency")
        .annotate(sum=Sum("unapplied_amount"))
        .order_by("currency")
    )
    return render(
        request,
        "web/payments/list.html",
        {
            "rows": shown.rows,
            "kind": kind,
            "kinds": KINDS,
            "q": q,
            "search_label": gettext("Reference or customer"),
            "unapplied": unapplied,
            **page_urls(request, shown),
        },
    )


@may(Module.PAYMENTS, VIEW)
@require_safe
def payment(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """One payment: what it paid, what was given back, what is left."""
    found = find(request, payment_id)
    of = request.organization
    return render(
        request,
        "web/payments/payment.html",
        {
            "payment": found,
            "customer": found.customer,
            "allocations": Allocation.objects.visible(of)
            .standing()
            .filter(payment=found)
            .select_related("invoice")
            .order_by("recorded_at", "id"),
            "refunds": Refund.objects.visible(of)
            .filter(payment=found)
            .order_by("recorded_at", "id"),
            "refundable": refundable(found),
            "events": _events(request, found),
            "may_edit": request.member.may(Module.PAYMENTS, EDIT) and found.reversed_on is None,
        },
    )


def _events(request: StaffRequest, found: Payment) -> list[Told]:
    """What befell the payment, its charge and its refunds, the latest first."""
    refunds = Refund.objects.visible(request.organization).filter(payment=found)
    subjects = {found.id, *refunds.values_list("id", flat=True)}
    subjects |= {found.intent_id} if found.intent_id else set()
    events = events_for(request).filter(subject_id__in=subjects)
    return told(request.organization, list(events.order_by("-at", "-id")[:MOST_EVENTS]))


def find(request: StaffRequest, payment_id: UUID) -> Payment:
    """This organization's payment of that id, or 404. Raises Gone for a deleted customer's."""
    rows = Payment.objects.visible(request.organization).select_related("customer", "intent")
    found = get_object_or_404(rows, id=payment_id)
    if found.customer is None:
        raise Gone
    return found
