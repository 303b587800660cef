"""Statements of a customer: looked at, saved as PDF, sent."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from paidup.customers import queries
from paidup.customers.models import ContactLink, Customer
from paidup.organizations.states import Module
from paidup.payments import links
from paidup.payments.operations import balance_link
from paidup.statements.figures import figures
from paidup.statements.models import Statement
from paidup.statements.operations import StatementRefused, refuse_range, send_statement
from paidup.statements.pdf import file_name, name_of, statement_pdf
from paidup.statements.queries import currencies_of
from paidup.statements.states import StatementKind
from paidup.statements.wording import usual
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.acting import done

from .lists import find

_DAY = {"type": "date"}


class RangeForm(forms.Form):
    """Which statement: what kind, in which currency, of which days."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=StatementKind.choices)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    from_on = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(_DAY), required=False
    )
    to_on = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(_DAY))

    def __init__(self, asked: dict[str, str], *, customer: Customer, on: date) -> None:
        """Open items of today in the customer's currency, unless asked otherwise."""
        last_month = (on.replace(day=1) - timedelta(days=1)).replace(day=1)
        super().__init__(
            {
                "kind": StatementKind.OPEN_ITEM,
                "currency": customer.currency,
                "from_on": last_month,
                "to_on": on,
            }
            | asked
        )
        self.on = on
        self.fields["currency"].choices = [(one, one) for one in currencies_of(customer)]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """With days that a statement can be of."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            given["kind"] = StatementKind(given["kind"])
            if given["kind"] is StatementKind.OPEN_ITEM:
                given["from_on"] = None
            try:
                refuse_range(given["kind"], given["from_on"], given["to_on"], on=self.on)
            except StatementRefused as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return given


class _Recipients(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Contacts of the customer who have an address."""

    def label_from_instance(self, link: ContactLink) -> str:
        """Name and address."""
        return f"{link.contact.name} · {link.contact.email}"


class SendingForm(forms.Form):
    """To whom, and what the message says."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=10_000, widget=forms.Textarea({"rows": 7})
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """Those who receive statements are chosen."""
        super().__init__(*args, **options)
        rows = queries.contacts_of(customer.id).exclude(contact__email="")
        self.fields["to"] = _Recipients(
            rows,
            label=_("To"),
            widget=forms.CheckboxSelectMultiple,
            initial=[row.id for row in rows if row.gets_statements and not row.contact.bounced_at],
            error_messages={"required": _("Choose at least one contact.")},
        )
        self.order_fields(["to", "subject", "text"])


@may(Module.INVOICES, VIEW)
@require_safe
def statement(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """The statement as it would be, to save or to send."""
    return _page(request, find(request, customer_id))


@may(Module.INVOICES, VIEW)
@require_safe
def pdf(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """The statement as a PDF; it isn't kept."""
    customer = find(request, customer_id)
    form = _asked(request, customer)
    if not form.is_valid():
        return _page(request, customer)
    found = figures(customer, **form.cleaned_data, on=request.on)
    return _file(statement_pdf(customer, found, at=request.at), file_name(customer, found))


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
def sending(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Keeps the statement and mails it."""
    if not request.member.may(Module.INVOICES, VIEW):
        raise PermissionDenied(_("Your role does not allow this. Ask an administrator."))
    customer = find(request, customer_id)
    asked = _asked(request, customer)
    form = SendingForm(request.POST, customer=customer)
    if (
        asked.is_valid()
        and form.is_valid()
        and done(form, lambda: _send(request, customer, asked.cleaned_data, form.cleaned_data))
    ):
        messages.success(request, _("The statement is on its way."))
        record = reverse("customer", args=[request.organization.slug, customer.id])
        return redirect(f"{record}?tab=transactions&show=statements")
    return _page(request, customer, form)


@may(Module.INVOICES, VIEW)
@require_safe
def sent(request: StaffRequest, customer_id: UUID, statement_id: UUID) -> HttpResponse:
    """The PDF of a statement as it was sent."""
    customer = find(request, customer_id)
    rows = Statement.objects.visible(request.organization).filter(customer=customer)
    found = rows.filter(id=statement_id).first()
    if found is None:
        raise Http404
    return _file(bytes(found.pdf), name_of(customer, found.to_on))


def _send(
    request: StaffRequest, customer: Customer, asked: dict[str, Any], said: dict[str, Any]
) -> None:
    link = ""
    if customer.open_invoices:
        link = links.url(balance_link(customer=customer, at=request.at), request.organization)
    send_statement(
        customer=customer,
        **asked,
        contacts=[place.contact for place in said["to"]],
        subject=said["subject"],
        text=said["text"],
        payment_link=link,
        on=request.on,
        by=request.by,
        at=request.at,
    )


def _page(
    request: StaffRequest, customer: Customer, form: SendingForm | None = None
) -> HttpResponse:
    asked = _asked(request, customer)
    context: dict[str, Any] = {"customer": customer, "asked": asked}
    if asked.is_valid():
        found = figures(customer, **asked.cleaned_data, on=request.on)
        context |= {
            "figures": found,
            "query": request.GET.urlencode(),
            "form": form
            or SendingForm(
                initial=asdict(usual(customer, found, request.organization)), customer=customer
            ),
        }
    status = 422 if (form and form.errors) or not asked.is_valid() else 200
    return render(request, "web/customers/statement.html", context, status=status)


def _asked(request: StaffRequest, customer: Customer) -> RangeForm:
    return RangeForm(request.GET.dict(), customer=customer, on=request.on)


def _file(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": disposition or "attachment"},
    )
