"""Invoice templates, and what the organization takes payments by.

Who changes them needs to see all customers: a refusal names those who would be left with nothing.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.customers.operations import TemplateDetails
from paidup.organizations import queries
from paidup.organizations.models import InvoiceTemplate, Organization
from paidup.organizations.models.templates import LONGEST_TEMPLATE_NAME, LONGEST_TEMPLATE_TEXT
from paidup.organizations.paying import in_words
from paidup.organizations.states import OFFERED, Module, PaymentKind, every_kind
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

_KINDS = [(kind.value, kind.label) for kind in OFFERED]


class KindsForm(forms.Form):
    """What the organization takes payments by."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Payment methods you take"),
        choices=_KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one way to pay.")},
    )


class TemplateForm(forms.Form):
    """What a template is called, says and lets through."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_TEMPLATE_NAME)
    heading = forms.CharField(
        label=gettext_lazy("Text above the lines"),
        max_length=LONGEST_TEMPLATE_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    footer = forms.CharField(
        label=gettext_lazy("Text below the lines"),
        max_length=LONGEST_TEMPLATE_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Such as the bank account to pay to."),
    )
    payment_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Payment methods it lets through"),
        choices=_KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one way to pay.")},
    )

    def __init__(self, *args: Any, like: InvoiceTemplate | None = None, **options: Any) -> None:
        """Filled in as the template that it is, or is to be like; a new one lets all through."""
        options["initial"] = {"payment_kinds": every_kind()}
        if like:
            options["initial"] = {name: getattr(like, name) for name in self.base_fields}
        super().__init__(*args, **options)

    def details(self) -> TemplateDetails:
        """What `add_invoice_template` and `edit_invoice_template` take."""
        return TemplateDetails(**self.cleaned_data)


@dataclass(frozen=True)
class TemplateLine:
    """A template as the list shows it, with the number of customers for whom it is chosen."""

    template: InvoiceTemplate
    kinds: str
    customers: int


def kind_lines(organization: Organization) -> list[tuple[PaymentKind, bool]]:
    """What could be taken, each with whether it is."""
    return [(kind, kind in organization.payment_kinds) for kind in OFFERED]


def template_lines(organization: Organization) -> list[TemplateLine]:
    """The templates in use, the default one first."""
    chosen = _chosen(organization)
    return [
        TemplateLine(template, in_words(template.payment_kinds), chosen.get(template.id, 0))
        for template in queries.invoice_templates(organization)
    ]


@may(Module.ACCOUNT, EDIT, whole=True)
def payment_kinds(request: StaffRequest) -> HttpResponse:
    """What the organization takes payments by."""
    form = KindsForm(request.POST or None, initial={"kinds": request.organization.payment_kinds})
    if form.is_valid() and done(
        form,
        lambda: customers.set_payment_kinds(
            kinds=form.cleaned_data["kinds"], by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Saved."))
        return _back(request, "payments")
    return _form(request, form, "web/account/payment_kinds.html", tab="payments")


@may(Module.ACCOUNT, EDIT, whole=True)
def add(request: StaffRequest) -> HttpResponse:
    """A new template, like the one that `copy_of` names."""
    like = _named(request, request.GET.get("copy_of", ""))
    form = TemplateForm(request.POST or None, like=like)
    if like:
        form.initial["name"] = _("Copy of %s") % like.name[: LONGEST_TEMPLATE_NAME - 20]
    if form.is_valid() and done(
        form,
        lambda: customers.add_invoice_template(
            details=form.details(), by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("The template is added."))
        return _back(request)
    return _form(request, form, "web/account/invoice_template.html")


@may(Module.ACCOUNT, EDIT, whole=True)
def edit(request: StaffRequest, invoice_template_id: UUID) -> HttpResponse:
    """What a template says from now on, and what it lets through."""
    template = _find(request, invoice_template_id)
    form = TemplateForm(request.POST or None, like=template)
    if form.is_valid() and done(
        form,
        lambda: customers.edit_invoice_template(
            template=template, details=form.details(), by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Saved."))
        return _back(request)
    return _form(request, form, "web/account/invoice_template.html", template=template)


@may(Module.ACCOUNT, EDIT, whole=True)
def default(request: StaffRequest, invoice_template_id: UUID) -> HttpResponse:
    """Makes a template the default one, after a question."""
    template = _find(request, invoice_template_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form,
        lambda: customers.make_default_template(template=template, by=request.by, at=request.at),
    ):
        messages.success(request, _("%s is the default template now.") % template.name)
        return _back(request)
    followers = Customer.objects.visible(request.organization).filter(invoice_template=None)
    return _form(
        request,
        form,
        "web/account/invoice_template_default.html",
        template=template,
        customers=followers.count(),
    )


@may(Module.ACCOUNT, EDIT, whole=True)
def removal(request: StaffRequest, invoice_template_id: UUID) -> HttpResponse:
    """Removes a template, after a question that says who has it."""
    template = _find(request, invoice_template_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form,
        lambda: customers.remove_invoice_template(template=template, by=request.by, at=request.at),
    ):
        messages.success(request, _("The template is removed."))
        return _back(request)
    return _form(
        request,
        form,
        "web/account/invoice_template_removal.html",
        template=template,
        customers=_chosen(request.organization).get(template.id, 0),
        default_name=queries.default_template(request.organization).name,
    )


def _chosen(organization: Organization) -> dict[UUID | None, int]:
    """For how many customers each template is chosen."""
    rows = Customer.objects.visible(organization).filter(invoice_template__isnull=False)
    return dict(rows.order_by().values_list("invoice_template").annotate(Count("id")))


def _named(request: StaffRequest, text: str) -> InvoiceTemplate | None:
    known = queries.invoice_templates(request.organization)
    return next((template for template in known if str(template.id) == text), None)


def _find(request: StaffRequest, invoice_template_id: UUID) -> InvoiceTemplate:
    rows = InvoiceTemplate.objects.of(request.organization).filter(removed=False)
    return get_object_or_404(rows, id=invoice_template_id)


def _url(request: StaffRequest, tab: str) -> str:
    return reverse("account", args=[request.organization.slug], query={"tab": tab})


def _back(request: StaffRequest, tab: str = "invoice_templates") -> HttpResponse:
    return redirect(_url(request, tab))


def _form(
    request: StaffRequest,
    form: forms.Form,
    page: str,
    *,
    tab: str = "invoice_templates",
    **context: object,
) -> HttpResponse:
    context |= {"form": form, "cancel_url": _url(request, tab)}
    return render(request, page, context, status=422 if form.is_bound else 200)
