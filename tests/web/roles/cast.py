"""Two customers with everything: one of which a limited member is an owner, and one that the
member must not learn of, though it is its parent, pays for it and shares a person with it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from paidup.accounting_sync.lists.uploads import keep_upload
from paidup.accounting_sync.states import ListKind
from paidup.attachments.models import Attachment
from paidup.batches.starting import start_batch
from paidup.batches.states import Action
from paidup.cadences.models import Step
from paidup.cadences.operations import establish_default, run_day
from paidup.communications.models import Message
from paidup.correspondence.composing import Written
from paidup.correspondence.operations import establish_templates, send_mail
from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.queries import collection_statuses
from paidup.lib import clock
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.organizations import roles
from paidup.organizations.invitations import invite
from paidup.organizations.models import Member, Role
from paidup.organizations.queries import default_template
from paidup.organizations.roles import RoleDetails
from paidup.organizations.saved_views import save_view
from paidup.organizations.states import Level, Module, ReadyRole
from paidup.payments import operations as payments
from paidup.payments.models import Allocation, Credit, Payment
from paidup.payments.states import CreditReason, PaymentKind
from paidup.statements.models import Statement
from paidup.todos.models import Todo
from tests.late_fees.fining import rule
from tests.lifecycle.cast import customer_with_everything, text_field
from tests.support.books import Books, found_books
from tests.web.staff import member_with

# What only the hidden customers have.
HIDDEN = ("Hiddenco", "hiddenco", "Inc West", "7,777.77", "7777.77", "Secret")
LIMITED = dict.fromkeys(Module, Level.EDIT) | {Module.ACCOUNT: Level.NONE}


@dataclass
class Cast:
    """The books with one member of each role, and by the names in addresses what they lead to."""

    books: Books
    members: dict[str, Member]
    own: dict[str, UUID | str]
    hidden: dict[str, UUID | str]


def make_cast() -> Cast:
    """Founds it all, today."""
    books = found_books(at=clock.now())
    limited = _role(books, "Limited", limited=True, levels=LIMITED)
    nothing = _role(books, "Nothing", limited=False, levels={})
    members = {
        **{str(ready): member_with(books, ready) for ready in ReadyRole if ready != "owner"},
        "owner": _with_role(books.owner),
        "limited": member_with(books, limited, "Lee Limited"),
        "nothing": member_with(books, nothing, "Nora Nothing"),
    }
    own, hidden = _customers(books, members["limited"])
    _tangle(books, own, hidden)
    with tenant(books.id):
        field = text_field(books)
        step = Step.objects.of(books.id).earliest("days")
        invoicing.establish_statuses(organization=books.organization, by=books.by, at=books.at)
        status = collection_statuses()[0]
        look = default_template(books.id)
        invitation = invite(
            email="new@example.test",
            name="Nia New",
            role=limited,
            inviter=books.owner,
            at=books.at,
        )
        template, *_others = establish_templates(
            organization=books.organization, by=books.by, at=books.at
        )
    common: dict[str, UUID | str] = {
        "role_id": limited.id,
        "field_id": field.id,
        "cadence_id": step.cadence_id,
        "step_id": step.id,
        "status_id": status.id,
        "of": "customer",
        "member_id": members["viewer"].id,
        "invitation_id": invitation.id,
        "action": "archive",
        "name": "phone",
        "template_id": template.id,
        "rule_id": rule(books).id,
        "invoice_template_id": look.id,
    }
    return Cast(
        books,
        members,
        own=_ids(books, own) | _lists(books, members["limited"], own, "Mine") | common,
        hidden=_ids(books, hidden) | _lists(books, members["owner"], hidden, "Hiddenco") | common,
    )


def _role(books: Books, name: str, *, limited: bool, levels: dict[Module, Level]) -> Role:
    details = RoleDetails(name=name, limited=limited, levels=levels)
    with tenant(books.id):
        return roles.add_role(details=details, by=books.by, at=books.at)


def _lists(books: Books, member: Member, customer: Customer, name: str) -> dict[str, UUID | str]:
    """A view that the member keeps, and a batch that the member started."""
    with tenant(books.id):
        batch = start_batch(
            action=Action.ARCHIVE,
            customers=Customer.objects.of(books.id).filter(id=customer.id),
            expected=1,
            settings={},
            member=member,
            at=books.at,
        )
        view = save_view(
            member=member,
            of="customers",
            name=name,
            query=f"q={name}",
            shared=True,
            by=books.by,
            at=books.at,
        )
        upload = keep_upload(
            kind=ListKind.CUSTOMERS,
            content=f"Account Number,Display Name\nX-1,{name}\n".encode(),
            file_name="customers.csv",
            entity=books.entity,
            member=member,
            at=books.at,
        )
    return {"view_id": view.id, "batch_id": batch.id, "upload_id": upload.id}


def _with_role(member: Member) -> Member:
    with tenant(member.organization_id):
        return Member.objects.select_related("role").get(id=member.id)


def _customers(books: Books, member: Member) -> tuple[Customer, Customer]:
    hidden = customer_with_everything(books, "Hiddenco Ltd")
    own = customer_with_everything(books, "Ownwell Inc")
    books.invoice(hidden, "7777.77", due_in=-20)
    with tenant(books.id):
        customers.edit_customer(
            customer=own, parent=hidden, sales_rep=member, by=books.by, at=books.at
        )
        customers.edit_customer(customer=hidden, tags=["Hiddenco tag"], by=books.by, at=books.at)
        own.refresh_from_db()
    return own, hidden


def _tangle(books: Books, own: Customer, hidden: Customer) -> None:
    """What leads from the one to the other."""
    acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
    by_parent = books.invoice(own, "55.00", due_in=-9)
    with tenant(books.id):
        west = Customer.objects.get(parent=own)
    childs = books.invoice(west, "44.00", due_in=-9)
    with tenant(books.id):
        for payer, invoice in ((hidden, by_parent), (own, childs)):
            payments.record_payment(
                customer=payer,
                amount=invoice.total,
                currency="USD",
                kind=PaymentKind.WIRE,
                reference=f"Wire of {payer.name}",
                received_on=books.on,
                to=[(invoice.id, Decimal(invoice.total))],
                **acts,
            )
        for customer in (own, hidden):
            payments.grant_credit(
                customer=customer,
                amount=Decimal(3),
                currency="USD",
                reason=CreditReason.GOODWILL,
                description=f"For {customer.name}",
                leave_unapplied=True,
                **acts,
            )
        shared = Contact.objects.get(email="ownwell@example.test")
        customers.link_contact(customer=hidden, contact=shared, by=books.by, at=books.at)
        customers.add_contact(
            customer=own, name="Ann Own", email="ann@example.test", by=books.by, at=books.at
        )
        customers.add_contact(
            customer=hidden, name="Secret", email="secret@example.test", by=books.by, at=books.at
        )
        establish_default(organization=books.organization, by=books.by, at=books.at)
        run_day(organization=books.organization, on=books.on, by=books.by, at=books.at)


def _ids(books: Books, customer: Customer) -> dict[str, UUID | str]:
    name = "ann@example.test" if customer.name.startswith("Own") else "secret@example.test"
    with tenant(books.id):
        link = ContactLink.objects.select_related("contact").get(
            customer=customer, contact__email=name
        )
        message = Message.objects.get(to_address=name)
        payment = Payment.objects.filter(customer=customer, intent=None, currency="USD").first()
        allocation = Allocation.objects.filter(payment__customer=customer).earliest("recorded_at")
        assert payment
        mail_id = new_id()
        send_mail(
            customer=customer,
            contacts=[link.contact],
            written=Written(subject="About {{ customer.name }}", body=f"To {name}"),
            mail_id=mail_id,
            by=books.by,
            at=books.at,
        )
        return {
            "customer_id": customer.id,
            "link_id": link.id,
            "contact_id": link.contact_id,
            "invoice_id": Invoice.objects.of(books.id).filter(customer=customer).earliest("id").id,
            "attachment_id": Attachment.objects.get(customer=customer, note=None).id,
            "statement_id": Statement.objects.get(customer=customer).id,
            "payment_id": payment.id,
            "allocation_id": allocation.id,
            "credit_id": Credit.objects.filter(customer=customer).earliest("recorded_at").id,
            "todo_id": Todo.objects.get(subject_id=message.id).id,
            "message_id": message.id,
            "mail_id": mail_id,
        }
