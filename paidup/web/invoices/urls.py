"""Below /o/SLUG/invoices/."""

from django.urls import path

from . import acts, cadences, collection, fields, views, waiving

urlpatterns = [
    path("", views.invoices, name="invoices"),
    path("invoices.csv", views.csv, name="invoices_csv"),
    path("<uuid:invoice_id>/", views.invoice, name="invoice"),
    path("<uuid:invoice_id>/fields/", fields.fields, name="invoice_fields"),
    path("<uuid:invoice_id>/details/<slug:name>/", fields.detail, name="invoice_detail"),
    path("<uuid:invoice_id>/pdf/", views.pdf, name="invoice_pdf"),
    path("<uuid:invoice_id>/pay-link/", views.pay_link, name="invoice_pay_link"),
    path(
        "<uuid:invoice_id>/pay-link/revocation/",
        acts.pay_link_revocation,
        name="invoice_pay_link_revocation",
    ),
    path("<uuid:invoice_id>/dispute/", acts.dispute, name="invoice_dispute"),
    path("<uuid:invoice_id>/resolution/", acts.resolution, name="invoice_resolution"),
    path("<uuid:invoice_id>/promise/", acts.promise, name="invoice_promise"),
    path(
        "<uuid:invoice_id>/collection-status/",
        collection.collection_status,
        name="invoice_collection_status",
    ),
    path("<uuid:invoice_id>/cadence/", cadences.cadence, name="invoice_cadence"),
    path("<uuid:invoice_id>/waiver/", waiving.waiver, name="invoice_waiver"),
    path("<uuid:invoice_id>/release/", acts.release, name="invoice_release"),
]
