"""The hosted form with the vendor's own fields, and the one-time tokens it makes."""

import re
from dataclasses import asdict
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from paidup.lib import clock
from paidup.lib.money import BadAmount, parse, positive
from paidup.payments.gateways.interface import Rejected
from paidup.payments.gateways.sandbox.behaviours import BEHAVIOURS, Behaviour
from paidup.payments.gateways.sandbox.methods import expiry, tokenize
from paidup.sandbox.access import is_too_often, where_offered
from paidup.ui.middleware import HEADER

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self' {parent}"
)


@where_offered
@require_GET
@xframe_options_exempt  # which knows no subdomains; frame-ancestors below does
def form(request: HttpRequest) -> HttpResponse:
    """The fields, in a page made to be framed: `?amount=120.00&currency=USD`, without both for a
    method that is to be saved while nothing is paid, and with `&kinds=card,bank_debit` for methods
    of these kinds alone.

    Talks to its own origin, or to another of our hosts when `parent_origin` names one.
    """
    parent = request.GET.get("parent_origin", "")
    currency = request.GET.get("currency", "")
    amount = None
    try:
        if "amount" in request.GET or currency:
            amount = positive(parse(request.GET.get("amount", ""), currency), currency)
    except BadAmount as problem:
        return HttpResponse(str(problem), status=400, content_type="text/plain")
    if parent and not _is_ours(parent, request.get_host()):
        return HttpResponse(
            _("The form cannot be shown in a page of this origin."),
            status=400,
            content_type="text/plain",
        )
    methods = _of_kinds(request.GET.get("kinds", ""))
    if not methods:
        return HttpResponse(
            _("The form takes no methods of these kinds."), status=400, content_type="text/plain"
        )
    context = {
        "amount": amount,
        "currency": currency,
        "methods": [_shown(behaviour) for behaviour in methods],
        "parent": parent,
    }
    response = render(request, "sandbox/form.html", context)
    response.headers[HEADER] = POLICY.format(parent=parent)
    return response


# Exempt from CSRF: the frame has no cookies, and what it makes is a token that belongs to nobody.
@where_offered
@csrf_exempt
@require_POST
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """A one-time token for the test method chosen (`method`, its last four digits)."""
    if is_too_often(request.META["REMOTE_ADDR"]):
        problem = _("Too many attempts. Wait a minute, then try again.")
        return JsonResponse({"problem": problem}, status=429)
    try:
        method = tokenize(last4=request.POST.get("method", ""), at=clock.now())
    except Rejected as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    shown = asdict(method)
    del shown["is_saved"]  # between us and the gateway alone
    return JsonResponse({"token": shown.pop("token"), "method": shown}, status=201)


def _of_kinds(named: str) -> list[Behaviour]:
    """The test methods of the kinds named, separated by commas; all of them where none is."""
    kinds = set(named.split(",")) if named else None
    return [one for one in BEHAVIOURS.values() if kinds is None or one.kind in kinds]


def _shown(behaviour: Behaviour) -> dict[str, str | Promise]:
    """A line of the list: the method as a payer knows it, and what it will do."""
    brand, last4 = behaviour.brand, behaviour.last4
    year, _dash, month = expiry(behaviour.kind, at=clock.now()).partition("-")
    return {
        "last4": last4,
        "kind": behaviour.kind,
        "name": _("%(brand)s ending %(last4)s") % {"brand": brand, "last4": last4},
        "picture": f"sandbox/{slugify(brand)}.svg",
        "expiry": f"{month}/{year[2:]}" if month else "",
        "promise": behaviour.promise,
    }


def _is_ours(origin: str, host: str) -> bool:
    """Whether an origin is the staff host or a subdomain of it, under this request's port."""
    scheme = urlsplit(settings.BASE_URL).scheme
    port = split_domain_port(host)[1]
    ours = rf"{scheme}://([a-z0-9-]+\.)*{re.escape(settings.HOST)}" + (f":{port}" if port else "")
    return re.fullmatch(ours, origin) is not None
