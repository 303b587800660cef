"""Below /o/SLUG/contacts/."""

from django.urls import path

from . import contacts

urlpatterns = [
    path("", contacts.contacts, name="contacts"),
    path("<uuid:contact_id>/", contacts.contact, name="contact"),
    path("<uuid:contact_id>/details/", contacts.edit, name="contact_edit"),
]
