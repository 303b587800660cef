"""Below /o/SLUG/payments/."""

from django.urls import path

from . import acts, views
from . import credits as given

urlpatterns = [
    path("", views.payments, name="payments"),
    path("<uuid:payment_id>/", views.payment, name="payment"),
    path("<uuid:payment_id>/allocation/", acts.allocation, name="payment_allocation"),
    path("<uuid:payment_id>/refund/", acts.refund, name="payment_refund"),
    path("<uuid:payment_id>/reversal/", acts.reversal, name="payment_reversal"),
    path("credits/<uuid:credit_id>/", given.credit, name="credit"),
    path("credits/<uuid:credit_id>/allocation/", given.allocation, name="credit_allocation"),
    path("allocations/<uuid:allocation_id>/undoing/", acts.undoing, name="allocation_undoing"),
]
