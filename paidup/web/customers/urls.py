"""Below /o/SLUG/customers/."""

from django.urls import path

from . import (
    acts,
    arranging,
    below,
    changes,
    contacts,
    lists,
    merging,
    record,
    revoking,
    saved_views,
)

urlpatterns = [
    path("", lists.customers, name="customers"),
    path("customers.csv", lists.csv, name="customers_csv"),
    path("columns/", arranging.columns, name="customers_columns"),
    path("filters/", lists.filters, name="customers_filters"),
    path("views/", saved_views.new, name="customers_view_new"),
    path("views/<uuid:view_id>/removal/", saved_views.removal, name="customers_view_removal"),
    path("new/", changes.add, name="customer_add"),
    path("<uuid:customer_id>/", record.customer, name="customer"),
    path("<uuid:customer_id>/panel/", lists.panel, name="customer_panel"),
    path("<uuid:customer_id>/invoices/", below.invoices, name="customer_invoices"),
    path("<uuid:customer_id>/details/", changes.edit, name="customer_edit"),
    path("<uuid:customer_id>/owner/", changes.owner, name="customer_owner"),
    path("<uuid:customer_id>/note/", changes.note, name="customer_note"),
    path("<uuid:customer_id>/todo/", changes.todo, name="customer_todo"),
    path("<uuid:customer_id>/deactivation/", changes.deactivation, name="customer_deactivation"),
    path("<uuid:customer_id>/reactivation/", changes.reactivation, name="customer_reactivation"),
    path("<uuid:customer_id>/archiving/", changes.archiving, name="customer_archiving"),
    path("<uuid:customer_id>/merger/", merging.merger, name="customer_merger"),
    path("<uuid:customer_id>/auto-payments/", acts.auto_payments, name="customer_auto_payments"),
    path("<uuid:customer_id>/schedule/", acts.schedule, name="customer_schedule"),
    path("<uuid:customer_id>/pay-link/", acts.pay_link, name="customer_pay_link"),
    path(
        "<uuid:customer_id>/pay-link/revocation/",
        revoking.pay_link,
        name="customer_pay_link_revocation",
    ),
    path(
        "<uuid:customer_id>/authority/revocation/",
        revoking.authority,
        name="customer_authority_revocation",
    ),
    path("<uuid:customer_id>/method/removal/", revoking.method, name="customer_method_removal"),
    path("<uuid:customer_id>/payment/", acts.payment, name="customer_payment"),
    path("<uuid:customer_id>/credit/", acts.credit, name="customer_credit"),
    path("<uuid:customer_id>/invoice/", acts.invoice, name="customer_invoice"),
    path("<uuid:customer_id>/promise/", acts.promise, name="customer_promise"),
    path("<uuid:customer_id>/dispute/", acts.dispute, name="customer_dispute"),
    path("<uuid:customer_id>/contacts/", contacts.add, name="contact_add"),
    path("<uuid:customer_id>/contacts/<uuid:link_id>/", contacts.place, name="contact_place"),
    path(
        "<uuid:customer_id>/contacts/<uuid:link_id>/removal/",
        contacts.removal,
        name="contact_removal",
    ),
]
