"""What is written in the composer: an e-mail to a customer's people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.communications import variables
from paidup.communications.models import MessageTemplate
from paidup.communications.states import Purpose
from paidup.communications.variables import Variable
from paidup.correspondence.composing import ACCOUNT, INVOICES, METHOD, MOST_INVOICES, Written
from paidup.correspondence.defaults import ReadyTemplate, payment_method
from paidup.correspondence.queries import topic
from paidup.customers.models import Contact, ContactLink
from paidup.invoicing.models import Invoice
from paidup.lib.ids import new_id

MOST_OFFERED = 100  # open invoices, the oldest


@dataclass(frozen=True)
class Person:
    """A contact as the composer offers it, or says why it doesn't."""

    link: ContactLink
    why_not: str
    chosen: bool


@dataclass(frozen=True)
class Enclosed:
    """An open invoice as the composer offers it."""

    invoice: Invoice
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """With what an e-mail begins."""

    contact_ids: Sequence[UUID]
    invoice_ids: Sequence[UUID] = ()
    subject: str = ""
    body: str = ""
    template: MessageTemplate | None = None


class MailForm(forms.Form):
    """To whom, what it says, and which invoices go with it."""

    mail_id = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.MultipleChoiceField(
        label=gettext_lazy("To"),
        error_messages={
            "required": gettext_lazy("Choose at least one contact to write to."),
            "invalid_choice": gettext_lazy(
                "One of these people can't be written to any more; choose again."
            ),
        },
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 9}),
    )
    invoices = forms.MultipleChoiceField(
        label=gettext_lazy("Enclose invoices"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "One of these invoices isn't open any more; choose again."
            ),
        },
    )

    def __init__(
        self,
        data: Any,
        *,
        links: Sequence[ContactLink],
        invoices: Sequence[Invoice],
        templates: Sequence[MessageTemplate],
        beginning: Beginning,
        sees_invoices: bool,
    ) -> None:
        """Offers these people and invoices; begins with what is given."""
        known = {
            "mail_id": new_id(),
            "to": [str(one) for one in beginning.contact_ids],
            "invoices": [str(one) for one in beginning.invoice_ids],
            "subject": beginning.subject,
            "body": beginning.body,
        }
        super().__init__(data, initial=known, auto_id="mail_%s")
        self.links, self.open, self.templates = links, invoices, templates
        self.template, self.sees_invoices = beginning.template, sees_invoices
        self.contacts = {str(one.contact_id): one.contact for one in links if not _why_not(one)}
        for name, values in (
            ("to", self.contacts),
            ("invoices", {str(one.id) for one in invoices}),
        ):
            self.fields[name].choices = [(value, value) for value in values]  # type: ignore[attr-defined]  # both are choices

    @property
    def people(self) -> list[Person]:
        """All contacts, those who can't be written to with the reason."""
        chosen = self["to"].value() or []
        return [Person(one, _why_not(one), str(one.contact_id) in chosen) for one in self.links]

    @property
    def enclosed(self) -> list[Enclosed]:
        """The oldest open invoices."""
        chosen = self["invoices"].value() or []
        return [Enclosed(one, str(one.id) in chosen) for one in self.open[:MOST_OFFERED]]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What can be put into the text."""
        return variables.variables(Purpose.MAIL)

    @property
    def texts(self) -> list[dict[str, str]]:
        """The templates as the page's script takes them."""
        return [
            {"id": str(one.id), "subject": one.subject, "body": one.body} for one in self.templates
        ]

    def clean_to(self) -> list[Contact]:
        """Return the people themselves."""
        return [self.contacts[key] for key in self.cleaned_data["to"]]

    def clean_body(self) -> str:
        """Refuses a list of invoices to whom may see none."""
        body: str = self.cleaned_data["body"]
        if not self.sees_invoices and ACCOUNT in variables.used(body):
            raise forms.ValidationError(_("Your role does not allow invoices; take them out."))
        return body

    def written(self) -> Written:
        """What was written."""
        return Written(
            subject=self.cleaned_data["subject"],
            body=self.cleaned_data["body"],
            invoice_ids=tuple(UUID(one) for one in self.cleaned_data["invoices"]),
        )


def beginning(
    *,
    links: Sequence[ContactLink],
    invoices: Sequence[Invoice],
    templates: Sequence[MessageTemplate],
    about: str,
    contact: str = "",
) -> Beginning:
    """How an e-mail begins: to the first of billing, with the first template about this topic, or
    the ready words about a payment method; about invoices with those that are open, to whoever
    receives invoices."""
    writable = [one for one in links if not _why_not(one)]
    asked = [one for one in writable if str(one.contact_id) == contact]
    if about == INVOICES:
        asked = asked or [one for one in writable if one.gets_invoices]
    fitting = [one for one in templates if topic(one) == about]
    template = next(iter(fitting or templates), None)
    words: MessageTemplate | ReadyTemplate | None = template
    if about == METHOD and not fitting:
        template, words = None, payment_method()
    return Beginning(
        contact_ids=[one.contact_id for one in asked or writable[:1]],
        invoice_ids=[one.id for one in invoices[:MOST_INVOICES]] if about == INVOICES else (),
        subject=words.subject if words else "",
        body=words.body if words else "",
        template=template,
    )


def _why_not(link: ContactLink) -> str:
    if not link.contact.email:
        return _("no e-mail address")
    return _("mail came back as undeliverable") if link.contact.bounced_at else ""
