"""The staff pages' addresses: everything of an organization lies below /o/SLUG/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
