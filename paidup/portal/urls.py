"""Addresses of an organization's own host."""

from django.urls import include, path

from . import views

handler404 = "paidup.portal.views.not_found"

urlpatterns = [
    path("brand.css", views.brand, name="brand"),
    path("pay/<str:token>/", views.pay_page, name="pay"),
    path("pay/<str:token>/payments/", views.payments, name="pay_payments"),
    path("pay/<str:token>/payments/<uuid:intent_id>/", views.outcome, name="pay_outcome"),
    path("pay/<str:token>/invoices/<uuid:invoice_id>/pdf/", views.invoice_pdf, name="pay_pdf"),
    path("sandbox/", include("paidup.sandbox.urls")),
]
