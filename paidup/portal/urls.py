"""Addresses of an organization's own host."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
