from django.urls import include, path

from tests.ui.gallery import views

urlpatterns = [
    path("", views.start, name="home"),
    path("o/<slug:slug>/", views.home, name="home"),
    path("o/<slug:slug>/customers/", views.listing, name="customers"),
    path("o/<slug:slug>/customers/<int:id>/", views.record, name="customer"),
    path("o/<slug:slug>/customers/<int:id>/peek/", views.peek, name="peek"),
    path("o/<slug:slug>/contacts/", views.listing, name="contacts"),
    path("o/<slug:slug>/to-do/", views.listing, name="todos"),
    path("o/<slug:slug>/invoices/", views.listing, name="invoices"),
    path("o/<slug:slug>/payments/", views.listing, name="payments"),
    path("o/<slug:slug>/cadences/", views.listing, name="cadences"),
    path("o/<slug:slug>/account/", views.plain, name="account"),
    path("o/<slug:slug>/credit/", views.credit, name="credit"),
    path("o/<slug:slug>/erase/", views.erase, name="erase"),
    path("o/account/<path:page>/", views.account),
    path("brand.css", views.brand, name="brand"),
    path("pay/", views.pay, name="pay"),
    path("o/refused/<slug:status>/", views.refused),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
