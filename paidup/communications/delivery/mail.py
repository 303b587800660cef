"""A message as a mail."""

import re
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from paidup.communications import files, rendering
from paidup.communications.models import Message
from paidup.organizations.models import Organization

from .smtp import Envelope

_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>\"\\]+")


class BadAddress(Exception):
    """No mail can be sent to this address."""


def envelope(message: Message, *, organization: Organization, at: datetime) -> Envelope:
    """The mail as it goes to the mail server, with its attachments made now. Raises BadAddress."""
    recipient = _address(message.to_address)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_name(organization.name), addr_spec=sender)
    mail["To"] = _to(message, recipient)
    mail["Subject"] = message.subject
    mail["Date"] = at
    mail["Message-ID"] = message.message_id
    if message.automatic:
        mail["Auto-Submitted"] = "auto-generated"
    rendered = rendering.render_to_leave(message, organization=organization)
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.html, subtype="html")
    for file in files.make(message.attachments):
        kind, _slash, subtype = file.content_type.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    mail["Content-Language"] = rendered.language  # last, as adding content takes it away
    return Envelope(sender=sender, recipient=recipient, data=mail.as_bytes())


def _address(written: str) -> str:
    """The address with its domain as mail servers take it. Raises BadAddress."""
    try:
        validate_email(written)
        local, _at, domain = written.rpartition("@")
        return f"{local}@{domain.encode('idna').decode()}"
    except (ValidationError, UnicodeError):
        raise BadAddress(_("“%s” is no e-mail address; correct it.") % written) from None


def _to(message: Message, recipient: str) -> Address | str:
    name = _name(message.contact.name) if message.contact else ""
    try:
        return Address(name, addr_spec=recipient)
    except (HeaderParseError, ValueError):
        raise BadAddress(_("“%s” is no e-mail address; correct it.") % recipient) from None


def _name(name: str) -> str:
    """A name without what could end a header or an address early."""
    return " ".join(_UNSAFE.sub(" ", name).split())
