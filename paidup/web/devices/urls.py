"""Below /o/SLUG/devices/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.devices, name="devices"),
    path("signing-out/", views.signing_out, name="device_signing_out"),
    path("signing-out-others/", views.signing_out_others, name="device_signing_out_others"),
]
