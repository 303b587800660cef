"""The invoices list, and one invoice."""

import re
from uuid import UUID

from django.db.models import Sum
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.cadences import assigned
from paidup.invoicing.models import Dispute, Invoice, InvoiceLine, InvoiceValue, Promise
from paidup.invoicing.pdf import file_name, invoice_pdf
from paidup.invoicing.queries import all_statuses, collection_statuses
from paidup.invoicing.states import Hold, InvoiceState
from paidup.late_fees.queries import fees_about
from paidup.lib import tenancy
from paidup.lib.keyset import page
from paidup.organizations.paying import in_words
from paidup.organizations.states import FieldSubject, Module
from paidup.payments import links
from paidup.payments.models import Allocation, Claim, Credit, Payment
from paidup.payments.operations import invoice_link
from paidup.payments.queries import allowed_kinds
from paidup.ui.paging import page_urls
from paidup.web.access import EDIT, VIEW, Gone, StaffRequest, may
from paidup.web.customers.timeline import Told, events_for, told
from paidup.web.field_filters import controls
from paidup.web.in_place import custom_details

from . import export
from .selection import KINDS, Selection

MOST_EVENTS = 200


@may(Module.INVOICES, VIEW)
@require_safe
def invoices(request: StaffRequest) -> HttpResponse:
    """The invoices of a kind, found by number or customer."""
    asked = Selection.asked(request.GET)
    rows = asked.rows(request.organization, request.on)
    shown = page(
        rows,
        asked.order,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    sums = rows.order_by().values("currency").annotate(open=Sum("open_amount")).order_by("currency")
    return render(
        request,
        "web/invoices/list.html",
        {
            "rows": shown.rows,
            "kind": asked.kind,
            "kinds": KINDS,
            "collection": asked.collection,
            "statuses": collection_statuses(),
            "fields": controls(asked.fields, FieldSubject.INVOICE),
            "filters_set": len(asked.fields),
            "q": asked.q,
            "search_label": _("Number, PO number or customer"),
            "sums": [row for row in sums if row["open"]],
            "on": request.on,
            **page_urls(request, shown),
        },
    )


@may(Module.INVOICES, VIEW)
@require_safe
def csv(request: StaffRequest) -> StreamingHttpResponse:
    """Exactly the invoices that the list shows, all pages of them."""
    name = f"invoices-{request.on.isoformat()}.csv"
    return StreamingHttpResponse(
        export.lines(request.member, Selection.asked(request.GET), on=request.on),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@may(Module.INVOICES, VIEW)
@require_safe
def invoice(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice: its lines, what paid it, and what befell it."""
    found = find(request, invoice_id)
    of = request.organization
    return render(
        request,
        "web/invoices/invoice.html",
        {
            "invoice": found,
            "customer": found.customer,
            "days_late": found.days_late(request.on),
            "late": found.state == InvoiceState.OPEN and found.days_late(request.on) > 0,
            "lines": InvoiceLine.objects.visible(of).filter(invoice=found),
            "allocations": _allocations(found),
            "claim": Claim.objects.visible(of)
            .filter(invoice=found, live=True)
            .select_related("intent")
            .first(),
            "disputes": Dispute.objects.visible(of)
            .filter(invoice=found)
            .order_by("-opened_on", "-id"),
            "promises": Promise.objects.visible(of)
            .filter(invoice=found)
            .order_by("-made_on", "-id"),
            "kinds": in_words(allowed_kinds(found.customer, [found])),
            "held": Hold(found.hold).label if found.hold else "",
            "fees": fees_about(found.id),
            "events": _events(request, found),
            "statuses": all_statuses(),
            "cadence": assigned.of_invoice(found),
            "details": custom_details(InvoiceValue, found.id),
            "may_edit": request.member.may(Module.INVOICES, EDIT),
        },
    )


@may(Module.INVOICES, VIEW)
@require_safe
def pdf(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """The invoice as a PDF."""
    found = find(request, invoice_id)
    return HttpResponse(
        invoice_pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{_safe(file_name(found))}"'},
    )


@may(Module.PAYMENTS, EDIT)
def pay_link(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """The link with which the customer can pay this invoice, to copy."""
    found = find(request, invoice_id)
    url = ""
    if request.method == "POST":
        url = links.url(invoice_link(invoice=found, at=request.at), request.organization)
    return render(request, "web/invoices/pay_link.html", {"invoice": found, "url": url})


def _allocations(found: Invoice) -> list[tuple[Allocation, bool]]:
    """What paid the invoice, and whether whoever looks sees whose money it was: a parent pays for
    its children."""
    rows = list(
        Allocation.objects.visible(found.organization_id)
        .standing()
        .filter(invoice=found)
        .select_related("payment", "credit")
        .order_by("effective_on", "id")
    )
    if tenancy.limited_to() is None:
        return [(row, True) for row in rows]
    payments = Payment.objects.visible(found.organization_id).filter(
        id__in=[row.payment_id for row in rows]
    )
    credits_ = Credit.objects.visible(found.organization_id).filter(
        id__in=[row.credit_id for row in rows]
    )
    seen = {*payments.values_list("id", flat=True), *credits_.values_list("id", flat=True)}
    return [(row, (row.payment_id or row.credit_id) in seen) for row in rows]


def _events(request: StaffRequest, found: Invoice) -> list[Told]:
    """What befell the invoice, the latest first."""
    events = events_for(request).filter(subject_id=found.id)
    return told(request.organization, list(events.order_by("-at", "-id")[:MOST_EVENTS]))


def find(request: StaffRequest, invoice_id: UUID) -> Invoice:
    """This organization's invoice of that id, or 404. Raises Gone for a deleted customer's."""
    rows = Invoice.objects.visible(request.organization).select_related(
        "customer", "entity", "template"
    )
    found = get_object_or_404(rows, id=invoice_id)
    if found.customer is None:
        raise Gone
    return found


def _safe(name: str) -> str:
    """A file name that can stand in a header: numbers come from other systems too."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)
