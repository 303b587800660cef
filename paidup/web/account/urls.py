"""Below /o/SLUG/account/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.account, name="account"),
    path("delivery-window/", views.delivery_window, name="delivery_window"),
]
