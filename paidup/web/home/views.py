"""The way in, and each organization's first page."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from paidup.communications.models import Message
from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice, Promise
from paidup.invoicing.states import PromiseState
from paidup.organizations.models import TenantQuerySet, User
from paidup.organizations.queries import organizations_of
from paidup.organizations.states import Module
from paidup.reporting.aging import Aging, aging
from paidup.reporting.figures import collected, days_sales_outstanding
from paidup.todos.models import Todo
from paidup.web.access import StaffRequest, everyone, oneself


@dataclass(frozen=True)
class Position:
    """One currency's figures."""

    aging: Aging
    collected: Decimal
    days_sales_outstanding: Decimal | None


@everyone
@require_safe
def entrance(request: HttpRequest) -> HttpResponse:
    """Leads to the person's organization, to a choice of theirs, or to signing in."""
    if not isinstance(request.user, User):
        return redirect_to_login("/")
    mine = organizations_of(request.user.id)
    if len(mine) == 1:
        return redirect("home", mine[0].slug)
    return render(request, "web/home/entrance.html", {"organizations": mine})


@oneself
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """What is owed, how old it is, what came in, and what waits for a person; of it what the
    member's role views."""
    views = request.member.role.views
    return render(
        request,
        "web/home/home.html",
        {
            "positions": _positions(request) if Module.REPORTS in views else (),
            "on": request.on,
            "automation_stopped": request.organization.automation_stopped,
            "to_approve": _count_to_approve(request),
            "my_todos": _my_todos(request) if Module.TODOS in views else (),
            "promises": _promises(request) if Module.INVOICES in views else (),
            "due_soon": Invoice.objects.visible(request.organization)
            .open()
            .filter(due_on__range=(request.on, request.on + timedelta(days=7)))
            .count(),
            "is_empty": not request.member.role.limited
            and not Customer.objects.visible(request.organization).exists(),
        },
    )


def _positions(request: StaffRequest) -> list[Position]:
    came_in = {row.currency: row.amount for row in collected(request.on)}
    aged = {row.currency: row for row in aging(request.on)}
    return [
        Position(
            row,
            came_in.get(row.currency, Decimal(0)),
            days_sales_outstanding(request.on, receivable=row.receivable, currency=row.currency),
        )
        for row in sorted(
            (aged.get(code, Aging(code)) for code in {*aged, *came_in}),
            key=lambda row: (-row.receivable, row.currency),
        )
    ]


def _promises(request: StaffRequest) -> TenantQuerySet[Promise]:
    within_a_week = request.on + timedelta(days=7)
    return (
        Promise.objects.visible(request.organization)
        .filter(state=PromiseState.OPEN, promised_for__lte=within_a_week)
        .select_related("invoice__customer")
        .order_by("promised_for", "id")[:5]
    )


def _count_to_approve(request: StaffRequest) -> int:
    return Message.objects.visible(request.organization).awaiting_approval().count()


def _my_todos(request: StaffRequest) -> list[Todo]:
    mine = Todo.objects.visible(request.organization).awake(request.on).of_member(request.member.id)
    return list(mine.select_related("customer").most_urgent_first()[:8])
