"""Below /o/SLUG/account/."""

from django.urls import path

from . import collection, fields, roles, views

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
    path("members/<uuid:member_id>/fields/", fields.member_fields, name="member_fields"),
    path("members/<uuid:member_id>/role/", roles.member_role, name="member_role"),
]
