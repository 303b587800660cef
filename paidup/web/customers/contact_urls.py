"""Below /o/SLUG/contacts/."""

from django.urls import path

from . import contact_merging, contacts

urlpatterns = [
    path("", contacts.contacts, name="contacts"),
    path("new/", contacts.new, name="contact_new"),
    path("merging/", contact_merging.merging, name="contact_merging"),
    path("<uuid:contact_id>/", contacts.contact, name="contact"),
    path("<uuid:contact_id>/details/", contacts.edit, name="contact_edit"),
    path("<uuid:contact_id>/links/", contacts.link, name="contact_link"),
    path("<uuid:contact_id>/merging/", contacts.merging, name="contact_merging_of"),
]
