"""Below /o/SLUG/cadences/."""

from django.urls import path

from . import messages, switches, views

urlpatterns = [
    path("", views.cadences, name="cadences"),
    path("preview/", views.preview, name="cadences_preview"),
    path("preview/<uuid:contact_id>/", messages.message, name="cadences_message"),
    path("preview/<uuid:contact_id>/mail/", messages.mail, name="cadences_mail"),
    path("sending-mode/", switches.sending_mode, name="sending_mode"),
    path("automation/", switches.automation, name="automation"),
]
