"""Where vendors bring their news, on the staff host."""

from django.urls import path

from . import webhooks

urlpatterns = [
    path("sandbox/", webhooks.receive, {"name": "sandbox"}, name="webhook_sandbox"),
]
