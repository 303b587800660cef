"""Addresses of an organization's own host."""

from django.urls import include, path

from . import entering, files, inside, saving, statements, views

handler404 = "paidup.portal.views.not_found"

# Of a customer that is open to whoever is signed in.
ACCOUNT = [
    path("invoices/", inside.invoices, name="portal_invoices"),
    path("invoices/<uuid:invoice_id>/", inside.invoice, name="portal_invoice"),
    path("invoices/<uuid:invoice_id>/pdf/", inside.invoice_pdf, name="portal_pdf"),
    path("invoices/<uuid:invoice_id>/payment/", inside.pay_invoice, name="portal_pay_invoice"),
    path("payment/", inside.pay_balance, name="portal_pay_balance"),
    path("payments/", inside.payments, name="portal_payments"),
    path("statements/", statements.statements, name="portal_statements"),
    path("statements/<uuid:statement_id>.pdf", statements.sent, name="portal_statement"),
    path("open-items/<str:currency>.pdf", statements.open_items, name="portal_open_items"),
    path("files/", files.files, name="portal_files"),
    path("files/<uuid:attachment_id>/", files.download, name="portal_file"),
]

urlpatterns = [
    path("brand.css", views.brand, name="brand"),
    path("", inside.home, name="portal"),
    path("sign-in/", entering.sign_in, name="portal_sign_in"),
    path("sign-out/", inside.sign_out, name="portal_sign_out"),
    path("access-request/", entering.access_request, name="portal_access_request"),
    path("password-request/", entering.password_request, name="portal_password_request"),
    path("invitation/<str:token>/", entering.invitation, name="portal_invitation"),
    path("password/<str:token>/", entering.password, name="portal_password"),
    path("accounts/<uuid:customer_id>/", include(ACCOUNT)),
    path("pay/<str:token>/", views.pay_page, name="pay"),
    path("pay/<str:token>/payments/", views.payments, name="pay_payments"),
    path("pay/<str:token>/payments/<uuid:intent_id>/", views.outcome, name="pay_outcome"),
    path("pay/<str:token>/invoices/<uuid:invoice_id>/pdf/", views.invoice_pdf, name="pay_pdf"),
    path("method/<str:token>/", saving.method_page, name="method"),
    path("method/<str:token>/methods/", saving.methods, name="method_saving"),
    path("sandbox/", include("paidup.sandbox.urls")),
]
