"""The cadence that a new organization starts with, in its own language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class DefaultStep:
    """A step to be: days from the due date, and its template."""

    days: int
    name: str
    subject: str
    body: str


def steps() -> tuple[DefaultStep, ...]:
    """Three days before, on the day, and 7, 14 and 30 days late, ever firmer."""
    return (
        DefaultStep(
            -3,
            _("Before the due date"),
            _("Coming up: {{ invoices.summary }}, {{ total.due }}"),
            _(
                "Hello {{ contact.name }},\n\n"
                "this is a friendly note before the due date, so that nothing comes as a "
                "surprise. On the account of {{ customer.name }} we have:\n\n"
                "{{ invoices }}\n\n"
                "If you have arranged payment already, thank you; there is nothing left to do. "
                "If anything looks wrong, please tell us now, so that we can put it right in "
                "time.\n\n"
                "Kind regards,\n{{ owner.name }}\n{{ organization.name }}"
            ),
        ),
        DefaultStep(
            0,
            _("On the due date"),
            _("Now due: {{ invoices.summary }}, {{ total.due }}"),
            _(
                "Hello {{ contact.name }},\n\n"
                "payment on the account of {{ customer.name }} is now due. You can pay online "
                "in a minute:\n\n"
                "{{ invoices }}\n\n"
                "If your payment is on its way, thank you, and please disregard this note.\n\n"
                "Kind regards,\n{{ owner.name }}\n{{ organization.name }}"
            ),
        ),
        DefaultStep(
            7,
            _("7 days late"),
            _("Payment reminder: {{ overdue.summary }}, {{ total.overdue }}"),
            _(
                "Hello {{ contact.name }},\n\n"
                "we have not yet received payment of {{ total.overdue }} from {{ customer.name }}. "
                "It may simply have been overlooked, so here is what is open:\n\n"
                "{{ invoices }}\n\n"
                "Please pay within the next days, or let us know when we can expect payment. If "
                "there is a question about an invoice, tell us, and we will look into it at "
                "once.\n\n"
                "Kind regards,\n{{ owner.name }}\n{{ organization.name }}"
            ),
        ),
        DefaultStep(
            14,
            _("14 days late"),
            _("Second reminder: {{ overdue.summary }}, {{ total.overdue }}"),
            _(
                "Dear {{ contact.name }},\n\n"
                "despite our earlier reminder, {{ total.overdue }} on the account of "
                "{{ customer.name }} is still unpaid:\n\n"
                "{{ invoices }}\n\n"
                "Please arrange payment within the next seven days. If something stands in the "
                "way, contact us today, so that we can find a solution together.\n\n"
                "Sincerely,\n{{ owner.name }}\n{{ organization.name }}"
            ),
        ),
        DefaultStep(
            30,
            _("30 days late"),
            _("Final reminder: {{ overdue.summary }}, {{ total.overdue }}"),
            _(
                "Dear {{ contact.name }},\n\n"
                "the account of {{ customer.name }} is seriously overdue. We have written to you "
                "several times and have received neither payment nor an answer about:\n\n"
                "{{ invoices }}\n\n"
                "We ask you to pay the overdue {{ total.overdue }} within seven days. After that "
                "we will have to consider further steps, which we would much rather avoid. If you "
                "dispute an invoice or need an arrangement, contact us before then.\n\n"
                "Sincerely,\n{{ owner.name }}\n{{ organization.name }}"
            ),
        ),
    )
