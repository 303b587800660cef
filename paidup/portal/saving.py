"""The page of a payment method link: a card or bank account is entered and kept, nothing paid."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.lib.tenancy import tenant
from paidup.payments.gateways.interface import Outage, Rejected
from paidup.payments.gateways.registry import GATEWAY, NotOffered, gateway, is_offered
from paidup.payments.mandates import Authority, wording
from paidup.payments.models import PaymentMethod
from paidup.payments.operations import MethodRefused, keep_method
from paidup.payments.queries import kinds_to_save
from paidup.payments.states import Channel

from .access import MethodRequest, method_link_holder, saving_link_holder
from .forms import MethodForm


@method_link_holder
@require_safe
def method_page(request: MethodRequest) -> HttpResponse:
    """Where details are entered. What is on file already, nobody sees here."""
    return _page(request, MethodForm(wording=wording(request.link.customer)))


@saving_link_holder
def methods(request: MethodRequest) -> HttpResponse:
    """Keeps what was entered and says so. Sent twice, it is kept once."""
    if request.method != "POST":
        return redirect("method", request.token)
    form = MethodForm(request.POST, wording=wording(request.link.customer))
    if form.is_valid():
        try:
            method = _keep(request, form.cleaned_data["token"], form.cleaned_data["name"])
        except MethodRefused as refusal:
            form.add_error(None, str(refusal))
        except Rejected:
            form.add_error(None, _("These details can't be used. Please enter them once more."))
        except (Outage, NotOffered):
            form.add_error(None, _("Nothing can be saved right now. Please try again later."))
        else:
            with tenant(request.organization.id):
                context = _shown(request) | {"method": method}
                return render(request, "portal/method_saved.html", context)
    with tenant(request.organization.id):
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _keep(request: MethodRequest, token: str, name: str) -> PaymentMethod:
    customer = request.link.customer
    return keep_method(
        customer=customer,
        token=token,
        authority=Authority(text=wording(customer), channel=Channel.WEB, given_by=name),
        vendor=gateway(GATEWAY),
        link=request.link,
        by=request.by,
        at=request.at,
    )


def _page(request: MethodRequest, form: MethodForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = _shown(request)
    kinds = kinds_to_save(request.link.customer)
    if kinds and is_offered(GATEWAY):
        context |= {
            "form": form,
            "frame_url": gateway(GATEWAY).hosted_form_url(kinds=kinds),
            "mandate": form.wording,
        }
    return render(request, "portal/method.html", context, status=status)


def _shown(request: MethodRequest) -> dict[str, object]:
    customer = request.link.customer
    return {
        "organization": request.organization,
        "issuer": customer.entity,
        "customer": customer,
        "token": request.token,
    }
