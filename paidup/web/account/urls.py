"""Below /o/SLUG/account/."""

from django.urls import path

from . import (
    collection,
    fields,
    invitations,
    invoice_templates,
    late_fees,
    members,
    roles,
    templates,
    views,
)

urlpatterns = [
    path("", views.account, name="account"),
    path("delivery-window/", views.delivery_window, name="delivery_window"),
    path("roles/new/", roles.add, name="role_add"),
    path("roles/<uuid:role_id>/", roles.edit, name="role_edit"),
    path("roles/<uuid:role_id>/deletion/", roles.deletion, name="role_deletion"),
    path("custom-fields/new/<slug:of>/", fields.add, name="field_add"),
    path("custom-fields/<uuid:field_id>/", fields.edit, name="field_edit"),
    path("custom-fields/<uuid:field_id>/position/", fields.position, name="field_position"),
    path("custom-fields/<uuid:field_id>/removal/", fields.removal, name="field_removal"),
    path("collection-statuses/new/", collection.add, name="status_add"),
    path("collection-statuses/<uuid:status_id>/", collection.edit, name="status_edit"),
    path(
        "collection-statuses/<uuid:status_id>/position/",
        collection.position,
        name="status_position",
    ),
    path(
        "collection-statuses/<uuid:status_id>/removal/", collection.removal, name="status_removal"
    ),
    path("late-fees/preview/", late_fees.preview, name="late_fee_preview"),
    path("late-fees/new/", late_fees.add, name="late_fee_add"),
    path("late-fees/<uuid:rule_id>/", late_fees.edit, name="late_fee_edit"),
    path("late-fees/<uuid:rule_id>/switch/", late_fees.switch, name="late_fee_switch"),
    path("late-fees/<uuid:rule_id>/removal/", late_fees.removal, name="late_fee_removal"),
    path("payment-methods/", invoice_templates.payment_kinds, name="payment_kinds"),
    path("invoice-templates/new/", invoice_templates.add, name="invoice_template_add"),
    path(
        "invoice-templates/<uuid:invoice_template_id>/",
        invoice_templates.edit,
        name="invoice_template_edit",
    ),
    path(
        "invoice-templates/<uuid:invoice_template_id>/default/",
        invoice_templates.default,
        name="invoice_template_default",
    ),
    path(
        "invoice-templates/<uuid:invoice_template_id>/removal/",
        invoice_templates.removal,
        name="invoice_template_removal",
    ),
    path("templates/new/", templates.add, name="template_add"),
    path("templates/<uuid:template_id>/", templates.edit, name="template_edit"),
    path("templates/<uuid:template_id>/removal/", templates.removal, name="template_removal"),
    path("templates/<uuid:template_id>/preview/", templates.preview, name="template_preview"),
    path(
        "templates/<uuid:template_id>/preview/mail/",
        templates.preview_mail,
        name="template_preview_mail",
    ),
    path("members/members.csv", members.csv, name="members_csv"),
    path("members/<uuid:member_id>/fields/", fields.member_fields, name="member_fields"),
    path("members/<uuid:member_id>/role/", roles.member_role, name="member_role"),
    path("members/<uuid:member_id>/signing-out/", members.signing_out, name="member_signing_out"),
    path("members/<uuid:member_id>/activity/", roles.member_activity, name="member_activity"),
    path("invitations/new/", invitations.invitation, name="invitation_add"),
    path(
        "invitations/<uuid:invitation_id>/renewal/", invitations.renewal, name="invitation_renewal"
    ),
    path(
        "invitations/<uuid:invitation_id>/revocation/",
        invitations.revocation,
        name="invitation_revocation",
    ),
]
