"""Pay pages: what is owed, paying it, and what became of the payment."""

from decimal import Decimal
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from paidup.communications.queries import recipients
from paidup.communications.states import Purpose as MessagePurpose
from paidup.invoicing import pdf
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization
from paidup.organizations.queries import organization_by_slug
from paidup.payments import links
from paidup.payments.gateways.interface import Outage, Rejected
from paidup.payments.gateways.registry import GATEWAY, NotOffered, gateway, is_offered
from paidup.payments.mandates import Authority, wording
from paidup.payments.models import Intent, Payment
from paidup.payments.operations import ChargeRefused, MethodRefused
from paidup.payments.queries import kinds_to_save
from paidup.payments.states import Channel, IntentState
from paidup.ui.branding import stylesheet
from paidup.ui.middleware import PortalRequest

from .access import PayRequest, everyone, link_holder, paying_link_holder
from .forms import PaymentForm
from .offers import Offer, offer_of, shown_invoice
from .outcomes import numbers_of, outcome_of, payments_by, permits
from .paying import earlier_payment, pay

BRAND_KEPT = 300  # seconds a browser goes by a colour it knows
LOOK_AGAIN = 3  # seconds until the page of a payment being made asks for its outcome


@link_holder
@require_safe
def pay_page(request: PayRequest) -> HttpResponse:
    """The invoice, or all that is open, and the form that pays it."""
    offer = offer_of(request.link, on=request.on, currency=request.GET.get("currency", ""))
    return _page(request, offer, PaymentForm(offer=offer, wording=wording(request.link.customer)))


@paying_link_holder
def payments(request: PayRequest) -> HttpResponse:
    """Pays, then leads to what became of it. Sent twice, it leads to the same payment."""
    if request.method != "POST":
        return redirect("pay", request.token)
    with tenant(request.organization.id):
        form = _sent(request)
        made = _made_already(request, form)
    if made:
        return _see(request, made)
    sentence = ""
    if form.is_valid():
        try:
            return _see(request, _pay(request, form.cleaned_data))
        except ChargeRefused as refusal:
            sentence = str(refusal)
        except MethodRefused as refusal:
            sentence = f"{refusal} {_('Pay without saving it.')}"
        except Rejected:
            sentence = _("These payment details can't be used. Please enter them once more.")
        except (Outage, NotOffered):
            sentence = _("Payments can't be made right now. Nothing was charged.")
    return _page_again(request, sentence)


@link_holder
@require_safe
def outcome(request: PayRequest, intent_id: UUID) -> HttpResponse:
    """What became of a payment made by a link."""
    intent = get_object_or_404(payments_by(request.link), id=intent_id)
    offer = offer_of(request.link, on=request.on, currency=intent.currency)
    payment = Payment.objects.of(request.organization).filter(intent=intent).first()
    context = {
        "intent": intent,
        "payment": payment,
        "outcome": outcome_of(intent),
        "numbers": numbers_of(intent),
        "permits": permits(intent),
        "left": offer.most if offer.currency == intent.currency else Decimal(0),
        "gets_receipt": bool(recipients(request.link.customer_id, MessagePurpose.RECEIPT)),
    }
    response = render(request, "portal/outcome.html", _shown(request, offer) | context)
    if intent.state == IntentState.PENDING:
        response.headers["Refresh"] = str(LOOK_AGAIN)
    return response


@link_holder
@require_safe
def invoice_pdf(request: PayRequest, invoice_id: UUID) -> HttpResponse:
    """An invoice that this link shows, as a file."""
    invoice = shown_invoice(request.link, invoice_id)
    if invoice is None:
        raise Http404
    content = pdf.invoice_pdf(invoice, payment_link=links.url(request.link, request.organization))
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=pdf.file_name(invoice)
            )
        },
    )


@everyone
@require_safe
@cache_control(public=True, max_age=BRAND_KEPT)
def brand(request: PortalRequest) -> HttpResponse:
    """The organization's colour, as the stylesheet that lays it over ours."""
    organization_id = organization_by_slug(request.portal_slug)
    if organization_id is None:
        raise Http404
    with tenant(organization_id):
        colour = Organization.objects.get(id=organization_id).colour
    return HttpResponse(stylesheet(colour), content_type="text/css")


@everyone
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for every address at which there is nothing, whatever the reason."""
    del exception
    return render(request, "portal/not_found.html", status=404)


def _sent(request: PayRequest) -> PaymentForm:
    offer = offer_of(request.link, on=request.on, currency=request.POST.get("currency", ""))
    return PaymentForm(request.POST, offer=offer, wording=wording(request.link.customer))


def _made_already(request: PayRequest, form: PaymentForm) -> Intent | None:
    return earlier_payment(
        request.link, token=request.POST.get("token", ""), invoice_ids=form.named
    )


def _pay(request: PayRequest, details: dict[str, Any]) -> Intent:
    permission = None
    if details["save"]:
        permission = Authority(
            text=wording(request.link.customer), channel=Channel.WEB, given_by=details["name"]
        )
    return pay(
        link=request.link,
        parts=details["parts"],
        token=details["token"],
        permission=permission,
        vendor=gateway(GATEWAY),
        by=request.by,
        at=request.at,
    )


def _see(request: PayRequest, intent: Intent) -> HttpResponse:
    url = reverse("pay_outcome", args=[request.token, intent.id])
    return HttpResponseRedirect(url, status=HTTPStatus.SEE_OTHER)


def _page_again(request: PayRequest, sentence: str) -> HttpResponse:
    """The page as things stand now, saying what to change; or the payment that came first."""
    with tenant(request.organization.id):
        form = _sent(request)
        if made := _made_already(request, form):
            return _see(request, made)
        if not form.offer.payable:
            return redirect("pay", request.token)
        if sentence:
            form.add_error(None, sentence)
        return _page(request, form.offer, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    request: PayRequest, offer: Offer, form: PaymentForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context, customer = _shown(request, offer), request.link.customer
    if offer.payable and is_offered(GATEWAY):
        url = gateway(GATEWAY).hosted_form_url(
            amount=offer.amount_at_once, currency=offer.currency, kinds=offer.online
        )
        context |= {
            "form": form,
            "frame_url": url,
            "mandate": wording(customer) if {*kinds_to_save(customer)} & {*offer.online} else "",
            "chosen": form.named if form.is_bound else [bill.invoice.id for bill in offer.at_once],
        }
    return render(request, "portal/pay.html", context, status=status)


def _shown(request: PayRequest, offer: Offer) -> dict[str, Any]:
    customer = request.link.customer
    return {
        "organization": request.organization,
        "issuer": customer.entity,
        "customer": customer,
        "token": request.token,
        "offer": offer,
    }
