"""Statements in the portal: those that were sent, and what is open today."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from paidup.customers.models import Customer
from paidup.lib import keyset
from paidup.lib.keyset import Order
from paidup.payments import links
from paidup.payments.operations import balance_link
from paidup.statements.figures import Figures, figures
from paidup.statements.models import Statement
from paidup.statements.pdf import file_name, name_of, statement_pdf
from paidup.statements.queries import currencies_of
from paidup.statements.states import StatementKind
from paidup.ui.paging import page_urls

from .access import InsideRequest, signed_in
from .accounts import account, page

_LATEST_FIRST = Order(F("to_on"), date.fromisoformat, descending=True)


@dataclass(frozen=True)
class Standing:
    """What is owed today in one currency."""

    currency: str
    balance: Decimal  # below zero in the customer's favour
    overdue: Decimal


@signed_in
@require_safe
def statements(request: InsideRequest, customer_id: UUID) -> HttpResponse:
    """What is owed today, and the statements that were sent, the latest first."""
    customer = account(request, customer_id)
    shown = keyset.page(
        _sent(customer).defer("figures", "pdf"),
        _LATEST_FIRST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "standings": [_standing(today) for today in _of_today(request, customer)],
        "on": request.on,
        "statements": shown.rows,
        **page_urls(request, shown),
    }
    return page(request, "portal/statements.html", customer, "portal_statements", context)


@signed_in
@require_safe
def open_items(request: InsideRequest, customer_id: UUID, currency: str) -> HttpResponse:
    """What is open now in a currency, as a file; it isn't kept."""
    customer = account(request, customer_id)
    if currency not in currencies_of(customer):
        raise Http404
    found = _figures(request, customer, currency)
    link = ""
    if customer.open_invoices:
        link = links.url(balance_link(customer=customer, at=request.at), request.organization)
    content = statement_pdf(customer, found, at=request.at, payment_link=link)
    return _file(content, file_name(customer, found))


@signed_in
@require_safe
def sent(request: InsideRequest, customer_id: UUID, statement_id: UUID) -> HttpResponse:
    """A statement as it was sent."""
    customer = account(request, customer_id)
    found = get_object_or_404(_sent(customer), id=statement_id)
    return _file(bytes(found.pdf), name_of(customer, found.to_on))


def _sent(customer: Customer) -> QuerySet[Statement]:
    return Statement.objects.visible(customer.organization_id).filter(customer=customer)


def _of_today(request: InsideRequest, customer: Customer) -> list[Figures]:
    """In the customer's own currency, and in others in which something is owed or kept."""
    found = [_figures(request, customer, currency) for currency in currencies_of(customer)]
    return [one for one in found if one.items or one.currency == customer.currency]


def _figures(request: InsideRequest, customer: Customer, currency: str) -> Figures:
    return figures(
        customer,
        kind=StatementKind.OPEN_ITEM,
        currency=currency,
        from_on=None,
        to_on=request.on,
        on=request.on,
    )


def _standing(today: Figures) -> Standing:
    overdue = sum(today.buckets[1:], Decimal(0))
    return Standing(today.currency, today.closing, overdue)


def _file(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": disposition or "attachment"},
    )
