"""Below /o/SLUG/cadences/."""

from django.urls import path

from . import arranging, messages, switches, views

urlpatterns = [
    path("", views.cadences, name="cadences"),
    path("preview/", views.preview, name="cadences_preview"),
    path("preview/<uuid:contact_id>/", messages.message, name="cadences_message"),
    path("preview/<uuid:contact_id>/mail/", messages.mail, name="cadences_mail"),
    path("sending-mode/", switches.sending_mode, name="sending_mode"),
    path("automation/", switches.automation, name="automation"),
    path("new/", arranging.add, name="cadence_add"),
    path("<uuid:cadence_id>/details/", arranging.edit, name="cadence_edit"),
    path("<uuid:cadence_id>/default/", arranging.default, name="cadence_default"),
    path("<uuid:cadence_id>/removal/", arranging.removal, name="cadence_removal"),
    path("<uuid:cadence_id>/steps/", arranging.add_step, name="step_add"),
    path("<uuid:cadence_id>/steps/<uuid:step_id>/", arranging.edit_step, name="step_edit"),
    path(
        "<uuid:cadence_id>/steps/<uuid:step_id>/removal/",
        arranging.remove_step,
        name="step_removal",
    ),
]
