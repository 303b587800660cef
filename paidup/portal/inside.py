"""The portal's inside: a customer's invoices and payments, for whoever is signed in.

Every view begins with the customer, which is one of those open to this person, or is not there.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from paidup.customers.models import Customer
from paidup.invoicing import pdf
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.lib import keyset
from paidup.lib.keyset import Order
from paidup.payments import links
from paidup.payments.models import Allocation, Payment
from paidup.payments.operations import balance_link, invoice_link
from paidup.portal_access import operations as portal_access
from paidup.ui.paging import page_urls

from .access import COOKIE, InsideRequest, signed_in
from .accounts import account, page
from .offers import bills_of

_SHOWN = (InvoiceState.OPEN, InvoiceState.PAID)
_LATEST_DUE_FIRST = Order(F("due_on"), date.fromisoformat, descending=True)
_FIRST_DUE_FIRST = Order(F("due_on"), date.fromisoformat)
_LATEST_FIRST = Order(F("received_on"), date.fromisoformat, descending=True)


@signed_in
@require_safe
def home(request: InsideRequest) -> HttpResponse:
    """Leads to the first of the customers."""
    return redirect("portal_invoices", request.customers[0].id)


@signed_in
@require_POST
def sign_out(request: InsideRequest) -> HttpResponse:
    """Ends the session, here and in the table."""
    portal_access.sign_out(session_id=request.session_id)
    response = redirect("portal_sign_in")
    response.delete_cookie(COOKIE)
    return response


@signed_in
@require_safe
def invoices(request: InsideRequest, customer_id: UUID) -> HttpResponse:
    """What is open, the first due first; or what was paid."""
    customer = account(request, customer_id)
    rows = _invoices(customer)
    paid = request.GET.get("show") == "paid"
    shown = keyset.page(
        rows.filter(state=InvoiceState.PAID if paid else InvoiceState.OPEN),
        _LATEST_DUE_FIRST if paid else _FIRST_DUE_FIRST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "bills": bills_of(customer, shown.rows, request.on),
        "paid": paid,
        "open_sums": _open_sums(customer, request.on),
        **page_urls(request, shown),
    }
    return page(request, "portal/invoices.html", customer, "portal_invoices", context)


@signed_in
@require_safe
def invoice(request: InsideRequest, customer_id: UUID, invoice_id: UUID) -> HttpResponse:
    """One invoice, to download and to pay."""
    customer = account(request, customer_id)
    [bill] = bills_of(customer, [_invoice(customer, invoice_id)], request.on)
    return page(request, "portal/own_invoice.html", customer, "portal_invoices", {"bill": bill})


@signed_in
@require_safe
def invoice_pdf(request: InsideRequest, customer_id: UUID, invoice_id: UUID) -> HttpResponse:
    """The invoice as a file."""
    found = _invoice(account(request, customer_id), invoice_id)
    link = invoice_link(invoice=found, at=request.at)
    return HttpResponse(
        pdf.invoice_pdf(found, payment_link=links.url(link, request.organization)),
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=pdf.file_name(found)
            )
        },
    )


@signed_in
@require_POST
def pay_invoice(request: InsideRequest, customer_id: UUID, invoice_id: UUID) -> HttpResponse:
    """Leads to where this invoice is paid."""
    found = _invoice(account(request, customer_id), invoice_id)
    return redirect("pay", links.token(invoice_link(invoice=found, at=request.at)))


@signed_in
@require_POST
def pay_balance(request: InsideRequest, customer_id: UUID) -> HttpResponse:
    """Leads to where several of the open invoices, or all, are paid."""
    customer = account(request, customer_id)
    return redirect("pay", links.token(balance_link(customer=customer, at=request.at)))


@signed_in
@require_safe
def payments(request: InsideRequest, customer_id: UUID) -> HttpResponse:
    """What was paid, the latest first, and which invoices it went to."""
    customer = account(request, customer_id)
    rows = Payment.objects.visible(request.organization).filter(customer=customer)
    shown = keyset.page(
        rows,
        _LATEST_FIRST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    numbers: dict[UUID, list[str]] = {}
    allocations = Allocation.objects.visible(request.organization).standing()
    for payment_id, number in (
        # A parent's payment may have gone to a sub-account that is not open to this person.
        allocations.filter(payment__in=shown.rows, invoice__customer__in=request.customers)
        .order_by("invoice__due_on", "invoice__number")
        .values_list("payment_id", "invoice__number")
    ):
        numbers.setdefault(payment_id, []).append(number)
    context = {
        "payments": [(payment, numbers.get(payment.id, [])) for payment in shown.rows],
        **page_urls(request, shown),
    }
    return page(request, "portal/payments.html", customer, "portal_payments", context)


def _invoices(customer: Customer) -> Any:
    rows = Invoice.objects.visible(customer.organization_id).of_customer(customer.id)
    return rows.filter(state__in=_SHOWN).select_related("entity", "customer")


def _invoice(customer: Customer, invoice_id: UUID) -> Invoice:
    found: Invoice = get_object_or_404(_invoices(customer), id=invoice_id)
    return found


def _open_sums(customer: Customer, on: date) -> list[tuple[str, Decimal, Decimal]]:
    """What is open by currency, the customer's own first, and what of it is overdue."""
    rows = Invoice.objects.visible(customer.organization_id).of_customer(customer.id).open()
    late = Sum("open_amount", filter=Q(due_on__lt=on), default=Decimal(0))
    sums = rows.order_by().values_list("currency").annotate(amount=Sum("open_amount"), late=late)
    return sorted(sums, key=lambda row: (row[0] != customer.currency, row[0]))
