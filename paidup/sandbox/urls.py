"""The sandbox vendor's addresses, included at /sandbox/ by every host that shows its form."""

from django.urls import path

from paidup.sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("form/", views.form, name="form"),
    path("tokens/", views.tokens, name="tokens"),
]
