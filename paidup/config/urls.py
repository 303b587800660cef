"""The staff host's addresses. An organization's own host is served by `paidup.portal.urls`."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("intake/", include("paidup.intake.urls")),
    path("sandbox/", include("paidup.sandbox.urls")),
    path("", include("paidup.web.urls")),
]
