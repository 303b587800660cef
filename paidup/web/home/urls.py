"""The way in, and each organization's first page."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.entrance, name="entrance"),
    path("o/<slug:slug>/", views.home, name="home"),
]
