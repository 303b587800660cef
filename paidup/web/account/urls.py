"""Below /o/SLUG/account/."""

from django.urls import path

from . import roles, views

urlpatterns = [
    path("", views.account, name="account"),
    path("delivery-window/", views.delivery_window, name="delivery_window"),
    path("roles/new/", roles.add, name="role_add"),
    path("roles/<uuid:role_id>/", roles.edit, name="role_edit"),
    path("roles/<uuid:role_id>/deletion/", roles.deletion, name="role_deletion"),
    path("members/<uuid:member_id>/role/", roles.member_role, name="member_role"),
]
