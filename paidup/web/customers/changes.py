"""What staff change of a customer itself."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.customers.visibility import is_seen
from paidup.organizations.states import Module
from paidup.todos.operations import add_todo
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .add_form import AddForm
from .forms import EditForm, OwnerForm, TodoForm
from .lists import find


@may(Module.CUSTOMERS, EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """A new customer, with its first contact."""
    form = AddForm(request.POST or None, organization=request.organization)
    added: list[Customer] = []
    if form.is_valid() and done(
        form,
        lambda: added.append(
            customers.add_customer(**form.details(), by=request.by, at=request.at)
        ),
    ):
        messages.success(request, _("%s is added.") % added[0].name)
        if not is_seen(added[0]):  # added for a colleague
            return redirect("customers", request.organization.slug)
        return redirect("customer", request.organization.slug, added[0].id)
    return dialog(request, form, "web/customers/add.html")


@may(Module.CUSTOMERS, EDIT)
def edit(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Names, addresses, owners, terms."""
    customer = find(request, customer_id)
    form = EditForm(request.POST or None, customer=customer)
    if form.is_valid() and done(
        form,
        lambda: customers.edit_customer(
            customer=customer,
            by=request.by,
            at=request.at,
            fields=form.given(),
            **form.details(),
        ),
    ):
        messages.success(request, _("Saved."))
        return back(request, customer)
    return dialog(request, form, "web/customers/edit.html", customer)


@may(Module.CUSTOMERS, EDIT)
def owner(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Another billing owner."""
    customer = find(request, customer_id)
    form = OwnerForm(request.POST or None, customer=customer)
    if form.is_valid() and done(
        form,
        lambda: customers.change_owner(
            customer=customer, owner=form.cleaned_data["owner"], by=request.by, at=request.at
        ),
    ):
        messages.success(
            request, _("%s is the billing owner now.") % form.cleaned_data["owner"].name
        )
        return back(request, customer)
    return dialog(request, form, "web/customers/owner.html", customer)


@may(Module.TODOS, EDIT)
def todo(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """A task for a colleague, or for oneself."""
    customer = find(request, customer_id)
    form = TodoForm(request.POST or None, customer=customer)
    if form.is_valid() and done(
        form,
        lambda: add_todo(
            kind="task",
            customer=customer,
            **form.cleaned_data,
            by=request.by,
            at=request.at,
        ),
    ):
        assignee = form.cleaned_data["assignee"].name
        messages.success(request, _("The task is in %s's queue.") % assignee)
        return back(request, customer, tab="todo")
    return dialog(request, form, "web/customers/todo.html", customer)


@may(Module.CUSTOMERS, EDIT)
def deactivation(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Stops new business, after a question."""
    customer = find(request, customer_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form,
        lambda: customers.deactivate_customer(customer=customer, by=request.by, at=request.at),
    ):
        messages.success(request, _("%s is deactivated.") % customer.name)
        return back(request, customer)
    return dialog(request, form, "web/customers/deactivation.html", customer)


@may(Module.CUSTOMERS, EDIT)
def archiving(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Puts the customer away, after a question."""
    customer = find(request, customer_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form,
        lambda: customers.archive_customer(customer=customer, by=request.by, at=request.at),
    ):
        messages.success(request, _("%s is archived.") % customer.name)
        return back(request, customer)
    # What was refused, as it may have come up since the customer was read; else what would be.
    refusal = " ".join(map(str, form.non_field_errors())) or customers.archiving_refusal(customer)
    return dialog(request, form, "web/customers/archiving.html", customer, refusal=refusal)


@may(Module.CUSTOMERS, EDIT)
@require_POST
def reactivation(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Goes on with the customer."""
    customer = find(request, customer_id)
    customers.reactivate_customer(customer=customer, by=request.by, at=request.at)
    messages.success(request, _("%s is active again.") % customer.name)
    return back(request, customer)


@may(Module.CUSTOMERS, EDIT)
@require_POST
def late_fees(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Has late fees charged to the customer, or not."""
    customer = find(request, customer_id)
    charged = not customer.late_fees
    customers.set_late_fees(customer=customer, charged=charged, by=request.by, at=request.at)
    messages.success(
        request, _("Late fees are enabled.") if charged else _("Late fees are disabled.")
    )
    return back(request, customer)


def dialog(
    request: StaffRequest,
    form: forms.BaseForm,
    template: str,
    customer: Customer | None = None,
    **more: object,
) -> HttpResponse:
    """The form, also with what is wrong with it."""
    slug = request.organization.slug
    context = {
        "form": form,
        "customer": customer,
        "cancel_url": reverse("customer", args=[slug, customer.id])
        if customer
        else reverse("customers", args=[slug]),
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, context, status=status)


def back(request: StaffRequest, customer: Customer, *, tab: str = "") -> HttpResponse:
    """To where the dialog was opened, when that was about this customer or the list."""
    here = request.htmx.current_url_abs_path or ""
    path = here.partition("?")[0]
    slug = request.organization.slug
    record = reverse("customer", args=[slug, customer.id])
    if not is_seen(customer):  # given away by this very change
        return redirect("customers", slug)
    here_too = ("customer", "customer_payment_settings")
    asked_from = {reverse(name, args=[slug, customer.id]) for name in here_too}
    if not tab and path in asked_from | {reverse("customers", args=[slug])}:
        return redirect(here)
    return redirect(f"{record}?tab={tab}" if tab else record)
