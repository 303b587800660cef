"""The composer: notes, and e-mails with what goes with them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from paidup.attachments import operations as attachments
from paidup.communications.rendering import render_blocks
from paidup.communications.states import MessageState
from paidup.communications.variables import TemplateRefused
from paidup.correspondence.composing import (
    METHOD,
    NO_LINKS,
    Composed,
    Written,
    compose,
    open_invoices,
)
from paidup.correspondence.operations import MailRefused, masking_cards, send_mail, undo_mail
from paidup.correspondence.queries import messages_of, templates
from paidup.customers import queries
from paidup.customers.models import Contact, Customer
from paidup.invoicing.pdf import file_name
from paidup.organizations.states import Module
from paidup.ui.context import Permitted
from paidup.ui.middleware import shows_mail
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.acting import done

from .changes import back
from .composing_forms import Beginning, MailForm, beginning
from .file_forms import NoteForm
from .lists import find

NOTE, MAIL = "note", "mail"


@may(Module.CUSTOMERS, EDIT)
def note(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Writes something down."""
    customer = find(request, customer_id)
    form = NoteForm(request.POST or None, request.FILES or None)
    if form.is_valid() and done(
        form,
        lambda: attachments.add_note(
            customer=customer,
            text=form.cleaned_data["text"],
            files=[(file.name, file) for file in form.cleaned_data["attached"]],
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("The note is kept."))
        return back(request, customer, tab="notes")
    return _composer(request, customer, NOTE, note=form)


@may(Module.COMMUNICATIONS, EDIT)
def mail(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Writes an e-mail to some of the customer's people; for half a minute it can be undone."""
    customer = find(request, customer_id)
    form = _mail_form(request, customer)
    if form.is_valid() and done(
        form,
        lambda: send_mail(
            customer=customer,
            contacts=form.cleaned_data["to"],
            written=form.written(),
            mail_id=form.cleaned_data["mail_id"],
            by=request.by,
            at=request.at,
        ),
    ):
        _say_sent(request, customer, form)
        return back(request, customer, tab="communication")
    return _composer(request, customer, MAIL, mail=form)


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
def preview(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """To whom what is written would go, with which files; the mail itself stands in a frame."""
    customer = find(request, customer_id)
    form = _mail_form(request, customer)
    context: dict[str, object] = {"form": form, "customer": customer}
    shown = form.is_valid() and _shown(request, customer, form)
    if shown:
        contact, composed = shown
        enclosed = open_invoices(customer, form.written().invoice_ids)
        context |= {
            "contact": contact,
            "contacts": form.cleaned_data["to"],
            "composed": composed,
            "files": [file_name(invoice) for invoice in enclosed],
        }
    status = 200 if shown else 422
    return render(request, "web/customers/mail_preview.html", context, status=status)


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
@shows_mail
@xframe_options_sameorigin
def preview_mail(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """What is written, as its reader would get it; its links lead nowhere yet."""
    customer = find(request, customer_id)
    form = _mail_form(request, customer)
    shown = form.is_valid() and _shown(request, customer, form)
    if not shown:
        return HttpResponse(status=422)
    contact, composed = shown
    rendered = render_blocks(
        composed.blocks,
        subject=composed.subject,
        organization=request.organization,
        language=contact.language or request.organization.language,
    )
    return HttpResponse(rendered.html)


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
def withdrawal(request: StaffRequest, customer_id: UUID, mail_id: UUID) -> HttpResponse:
    """Takes an e-mail back that hasn't left, and its words into the composer again."""
    customer = find(request, customer_id)
    if not messages_of(customer, mail_id).exists():
        raise Http404
    try:
        undone = undo_mail(customer=customer, mail_id=mail_id, by=request.by, at=request.at)
    except MailRefused as refusal:
        messages.error(request, str(refusal))
        return back(request, customer, tab="communication")
    if undone.left_for:
        left_for = ", ".join(undone.left_for)
        messages.warning(request, _("Undone, but it had left already for %s.") % left_for)
    else:
        messages.success(request, _("Undone. What you wrote is here again."))
    if request.htmx:
        again = _again(customer, mail_id)
        return _composer(request, customer, MAIL, mail=_mail_form(request, customer, again))
    url = reverse("customer_mail", args=[request.organization.slug, customer.id])
    return redirect(f"{url}?again={mail_id}")


def _composer(
    request: StaffRequest,
    customer: Customer,
    kind: str,
    *,
    note: NoteForm | None = None,
    mail: MailForm | None = None,
) -> HttpResponse:
    """The composer, open at a kind; the others that the role allows are beside it."""
    allowed = Permitted(request)
    shown: dict[str, forms.Form] = {}
    if allowed["customer_note"]:
        shown[NOTE] = note or NoteForm()
    if allowed["customer_mail"]:
        shown[MAIL] = mail or _mail_form(request, customer)
    words = shown[kind].fields["text" if kind == NOTE else "body"]
    words.widget.attrs["autofocus"] = not shown[kind].errors
    here = (request.htmx.current_url_abs_path or "") if request.htmx else ""
    record = reverse("customer", args=[request.organization.slug, customer.id])
    context = {
        "customer": customer,
        "kind": kind,
        "forms": shown,
        "cancel_url": record,
        "stale_url": here if request.method == "POST" and here.startswith(record) else "",
    }
    status = 422 if any(form.is_bound and form.errors for form in shown.values()) else 200
    return render(request, "web/customers/composer.html", context, status=status)


def _mail_form(
    request: StaffRequest, customer: Customer, again: Beginning | None = None
) -> MailForm:
    """As it was sent, else as the address asks to begin."""
    links = list(queries.contacts_of(customer.id))
    sees_invoices = request.member.may(Module.INVOICES, VIEW)
    invoices = open_invoices(customer) if sees_invoices and customer.open_invoices else []
    kept = templates()
    asked, about = request.GET.get("again", ""), request.GET.get("about", "")
    if asked and again is None:
        again = _again(customer, _uuid(asked))
    is_sent = request.method == "POST" and again is None and "mail_id" in request.POST
    return MailForm(
        request.POST if is_sent else None,
        links=links,
        invoices=invoices,
        templates=kept,
        beginning=again
        or beginning(
            links=links,
            invoices=invoices,
            templates=kept,
            about=about if invoices or about == METHOD else "",
            contact=request.GET.get("contact", ""),
        ),
        sees_invoices=sees_invoices,
    )


def _again(customer: Customer, mail_id: UUID) -> Beginning:
    """What was undone, as it was written; 404 for what wasn't."""
    undone = list(messages_of(customer, mail_id).filter(state=MessageState.WITHDRAWN))
    if not undone:
        raise Http404
    written = Written.from_json(undone[0].gate_data)
    words = (written.subject, written.body)
    return Beginning(
        contact_ids=[one.contact_id for one in undone if one.contact_id],
        invoice_ids=written.invoice_ids,
        subject=written.subject,
        body=written.body,
        template=next((one for one in templates() if (one.subject, one.body) == words), None),
    )


def _shown(
    request: StaffRequest, customer: Customer, form: MailForm
) -> tuple[Contact, Composed] | None:
    """The mail to the one of its readers whom the form names; None for one that can't be sent."""
    contacts: list[Contact] = form.cleaned_data["to"]
    asked = request.POST.get("preview_for", "")
    contact = next((one for one in contacts if str(one.id) == asked), contacts[0])
    try:
        composed = compose(
            masking_cards(form.written()),
            customer=customer,
            contact=contact,
            sender=request.member,
            on=request.on,
            links=NO_LINKS,
        )
    except TemplateRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    return contact, composed


def _say_sent(request: StaffRequest, customer: Customer, form: MailForm) -> None:
    """With the address that undoes it, which the message on the page offers."""
    contacts: list[Contact] = form.cleaned_data["to"]
    words = ngettext(
        "The e-mail to %(name)s leaves in a moment.",
        "The e-mail to %(count)d contacts leaves in a moment.",
        len(contacts),
    ) % {"name": contacts[0].name, "count": len(contacts)}
    slug, mail_id = request.organization.slug, form.cleaned_data["mail_id"]
    undo_url = reverse("customer_mail_withdrawal", args=[slug, customer.id, mail_id])
    messages.success(request, words, extra_tags=undo_url)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
