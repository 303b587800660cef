"""The way in, and each organization's first page."""

from django.urls import path

from . import joining, views

urlpatterns = [
    path("", views.entrance, name="entrance"),
    path("invitations/<str:token>/", joining.invitation, name="invitation"),
    path("o/<slug:slug>/", views.home, name="home"),
]
