"""Payment Settings: what a customer may pay with, and how its invoices are paid by themselves."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from paidup.organizations.models import InvoiceTemplate
from paidup.organizations.paying import in_words, payment_rules
from paidup.organizations.queries import default_template
from paidup.organizations.states import Module
from paidup.payments import queries
from paidup.reporting.customer_file import customer_file
from paidup.web.access import VIEW, StaffRequest, may

from . import details
from .lists import find
from .record import schedule_in_words


@may(Module.PAYMENTS, VIEW)
@require_safe
def settings(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """All of it on one page; each part is changed as on the record."""
    customer = find(request, customer_id)
    template: InvoiceTemplate = customer.invoice_template or default_template(request.organization)
    allowed = queries.allowed_by(payment_rules(), customer)
    methods = queries.saved_methods(customer)
    mandates = queries.live_mandates(methods)
    return render(
        request,
        "web/customers/payment_settings.html",
        {
            "customer": customer,
            "paying": details.paying(customer),
            "taken": in_words(request.organization.payment_kinds),
            "template": template,
            "let_through": in_words(template.payment_kinds),
            "offered": in_words(allowed),
            "methods": [(one, mandates.get(one.id), one.kind in allowed) for one in methods],
            "on": request.on,
            "schedule": schedule_in_words(customer_file(customer.id)),
        },
    )
