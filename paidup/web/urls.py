"""The staff pages' addresses: everything of an organization lies below /o/SLUG/."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("paidup.web.home.urls")),
    path("o/<slug:slug>/cadences/", include("paidup.web.cadences.urls")),
    path("o/<slug:slug>/customers/", include("paidup.web.customers.urls")),
    path("o/<slug:slug>/contacts/", include("paidup.web.customers.contact_urls")),
    path("o/<slug:slug>/invoices/", include("paidup.web.invoices.urls")),
    path("o/<slug:slug>/account/", include("paidup.web.account.urls")),
    path("o/<slug:slug>/devices/", include("paidup.web.devices.urls")),
    path("o/<slug:slug>/todos/", include("paidup.web.todos.urls")),
    path("o/<slug:slug>/payments/", include("paidup.web.payments.urls")),
]
