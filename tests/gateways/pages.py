"""The sandbox's pages and a page that takes payments through them, under the project's policy."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from paidup.payments.gateways.registry import gateway
from paidup.ui.middleware import framed_by_self
from tests.gateways.vendor import request as asked_for

PAGE = """{% load static %}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pay</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="{% static 'sandbox/fields.js' %}"></script></head>
<body>
<iframe id="details" data-hosted-form src="{{ url }}" title="Payment details" width="100%"></iframe>
<form method="post" data-hosted-form-for="details">{% csrf_token %}
<input type="hidden" name="token">
<p role="alert" data-hosted-form-problem hidden>The payment form does not answer.</p>
<button disabled>Pay</button>
</form></body></html>"""


def pay(request: HttpRequest) -> HttpResponse:
    """The page where one pays, and what became of it."""
    if request.method == "POST":
        (fact,) = gateway("sandbox").charge(asked_for(request.POST["token"]))
        return HttpResponse(f"<!doctype html><title>Paid</title><h1>{fact.kind}</h1>")
    url = gateway("sandbox").hosted_form_url(amount=Decimal("120.00"), currency="USD")
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"url": request.GET.get("frame", url)}, request))


@framed_by_self
def silent(request: HttpRequest) -> HttpResponse:
    """A frame that says nothing."""
    return HttpResponse("<!doctype html><title>Silence</title>")


def icon(request: HttpRequest) -> HttpResponse:
    """What browsers ask every site for."""
    return HttpResponse(status=204)


urlpatterns = [
    path("favicon.ico", icon),
    path("sandbox/", include("paidup.sandbox.urls")),
    path("pay/", pay),
    path("pay/silent/", silent),
]
