"""The templates of staff's e-mails: added, edited, removed, and looked at for a real customer."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from paidup.communications import variables
from paidup.communications.models import MessageTemplate
from paidup.communications.operations import remove_template, save_template
from paidup.communications.rendering import render_blocks
from paidup.communications.states import Purpose
from paidup.communications.variables import TemplateRefused, Variable
from paidup.correspondence.composing import (
    MOST_INVOICES,
    NO_LINKS,
    Composed,
    Written,
    compose,
    open_invoices,
)
from paidup.correspondence.queries import encloses
from paidup.customers import queries, search
from paidup.customers.models import Contact, Customer
from paidup.lib.ids import new_id
from paidup.organizations.states import Module
from paidup.ui.middleware import shows_mail
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.acting import done

FORM = "web/account/template.html"


class TemplateForm(forms.Form):
    """What a template is called, and what it says."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=10_000, widget=forms.Textarea({"rows": 12})
    )

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What can be put into it."""
        return variables.variables(Purpose.MAIL)


@may(Module.ACCOUNT, EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """A template for e-mails."""
    return _save(request, TemplateForm(request.POST or None), None)


@may(Module.ACCOUNT, EDIT)
def edit(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Changes what a template says from now on."""
    template = _find(request, template_id)
    known = {"name": template.name, "subject": template.subject, "body": template.body}
    return _save(request, TemplateForm(request.POST or None, initial=known), template)


@may(Module.ACCOUNT, EDIT)
def removal(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Removes a template, after a question."""
    template = _find(request, template_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form, lambda: remove_template(template=template, by=request.by, at=request.at)
    ):
        messages.success(request, _("The template is removed."))
        return redirect(_list(request))
    context = {"form": form, "template": template, "cancel_url": _list(request)}
    status = 422 if form.is_bound else 200
    return render(request, "web/account/template_removal.html", context, status=status)


@may(Module.ACCOUNT, VIEW)
@require_safe
def preview(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """What a template says to a real customer: the one that is searched for, else one that owes."""
    template = _find(request, template_id)
    q = request.GET.get("q", "").strip()[:100]
    customer, contact = _example(request, q)
    context: dict[str, Any] = {"template": template, "q": q, "customer": customer}
    if customer and contact:
        try:
            context["composed"] = _composed(request, template, customer, contact)
        except TemplateRefused as refusal:
            context["refusal"] = str(refusal)
    return render(request, "web/account/template_preview.html", context | {"contact": contact})


@may(Module.ACCOUNT, VIEW)
@require_safe
@shows_mail
@xframe_options_sameorigin
def preview_mail(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """The mail of the preview."""
    template = _find(request, template_id)
    customer, contact = _example(request, request.GET.get("q", "").strip()[:100])
    if customer is None or contact is None:
        raise Http404
    try:
        composed = _composed(request, template, customer, contact)
    except TemplateRefused:
        raise Http404 from None
    rendered = render_blocks(
        composed.blocks,
        subject=composed.subject,
        organization=request.organization,
        language=contact.language or request.organization.language,
    )
    return HttpResponse(rendered.html)


def _save(
    request: StaffRequest, form: TemplateForm, template: MessageTemplate | None
) -> HttpResponse:
    if form.is_valid() and done(
        form,
        lambda: save_template(
            **form.cleaned_data,
            purpose=Purpose.MAIL,
            template=template,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(_list(request))
    context = {"form": form, "template": template, "cancel_url": _list(request)}
    return render(request, FORM, context, status=422 if form.is_bound else 200)


def _example(request: StaffRequest, q: str) -> tuple[Customer | None, Contact | None]:
    """The customer that is asked for, or some that owes, with the person to write to; nobody for
    whom the role shows none."""
    if not all(request.member.may(module, VIEW) for module in (Module.CUSTOMERS, Module.INVOICES)):
        return None, None
    if q:
        customer = next(iter(search.alike(q, most=1, but=new_id())), None)
    else:
        rows = Customer.objects.visible(request.organization).filter(open_invoices__gt=0)
        customer = rows.order_by("id").first()
    if customer is None:
        return None, None
    places = queries.contacts_of(customer.id).exclude(contact__email="")
    place = places.first()
    return customer, place.contact if place else None


def _composed(
    request: StaffRequest, template: MessageTemplate, customer: Customer, contact: Contact
) -> Composed:
    """With the customer's oldest open invoices enclosed, where it speaks of them."""
    oldest = open_invoices(customer)[:MOST_INVOICES] if encloses(template) else []
    return compose(
        Written(
            subject=template.subject,
            body=template.body,
            invoice_ids=tuple(one.id for one in oldest),
        ),
        customer=customer,
        contact=contact,
        sender=request.member,
        on=request.on,
        links=NO_LINKS,
    )


def _find(request: StaffRequest, template_id: UUID) -> MessageTemplate:
    """A template of e-mails; those of cadences are theirs."""
    rows = MessageTemplate.objects.of(request.organization).filter(purpose=Purpose.MAIL)
    return get_object_or_404(rows, id=template_id)


def _list(request: StaffRequest) -> str:
    return reverse("account", args=[request.organization.slug], query={"tab": "templates"})
