"""What the columns of a list may hold, and by which headers it is known."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.accounting_sync.states import ListKind
from paidup.customers.search import fold


class ColumnsRefused(Exception):
    """A list can't be imported by columns so assigned; the message says what to change."""


@dataclass(frozen=True)
class Field:
    """Something that a column may hold. What `joins` may stand in several columns."""

    key: str
    label: str | Promise
    headers: tuple[str, ...]  # folded, letters and digits only
    needed: bool = False
    joins: str = ""
    clean: Callable[[str], Any] | None = None  # of a custom field


_NUMBER = ("accountnumber", "accountno", "account", "accountid", "customernumber", "customerno",
    "customerid", "customercode", "clientnumber", "number", "no")  # fmt: skip
_YES_NO = {
    "gets_invoices": gettext_lazy("Receives invoices"),
    "gets_reminders": gettext_lazy("Receives reminders"),
    "gets_statements": gettext_lazy("Receives statements"),
    "gets_receipts": gettext_lazy("Receives receipts"),
}

FIELDS: dict[ListKind, dict[str, Field]] = {
    kind: {field.key: field for field in fields}
    for kind, fields in {
        ListKind.CUSTOMERS: (
            Field("number", gettext_lazy("Account Number"), _NUMBER, needed=True),
            Field("name", gettext_lazy("Display Name"), (
                "displayname", "customer", "customername", "name", "company", "companyname",
                "client", "clientname", "organization", "organisation")),
            Field("phone", gettext_lazy("Phone Number"), (
                "phonenumber", "phone", "telephone", "mainphone", "customerphone", "tel")),
            Field("billing_address", gettext_lazy("Billing Address"), (
                "billingaddress", "address", "billto", "street", "billingstreet", "addressline1",
                "addressline2", "billingaddressline1", "billingaddressline2", "billingstreet2",
                "street1", "street2", "poaddressline1", "poaddressline2", "zip", "zipcode",
                "postcode", "postalcode", "billingzip", "billingpostalcode", "popostalcode",
                "city", "billingcity", "pocity", "state", "region", "province", "billingstate",
                "poregion"), joins="\n"),
            Field("billing_country", gettext_lazy("Country"), (
                "country", "billingcountry", "countrycode", "pocountry")),
            Field("shipping_address", gettext_lazy("Shipping Address"), (
                "shippingaddress", "shipto", "shippingstreet", "shippingaddressline1",
                "shippingaddressline2", "shippingstreet2", "shippingzip", "shippingpostalcode",
                "shippingcity", "shippingstate", "deliveryaddress"), joins="\n"),
            Field("terms_days", gettext_lazy("Payment terms in days"), (
                "paymenttermsindays", "terms", "termsindays", "termsdays", "paymentterms",
                "netdays", "duedays")),
            Field("currency", gettext_lazy("Currency"), ("currency", "currencycode")),
            Field("language", gettext_lazy("Language"), ("language", "lang", "locale")),
            Field("tags", gettext_lazy("Tags"), ("tags", "tag", "labels", "groups"), joins=","),
            Field("parent", gettext_lazy("Parent customer (account number)"), (
                "parent", "parentcustomer", "parentaccount", "parentaccountnumber",
                "parentnumber")),
            Field("billing_owner", gettext_lazy("Billing Owner"), (
                "billingowner", "owner", "arspecialist", "assignedto", "collector")),
            Field("account_manager", gettext_lazy("Account Manager"), ("accountmanager",)),
            Field("sales_rep", gettext_lazy("Sales Rep"), (
                "salesrep", "salesrepresentative", "salesperson")),
            Field("manager", gettext_lazy("Manager"), ("manager",)),
            Field("contact_name", gettext_lazy("Contact: name"), (
                "billingcontact", "contact", "contactname", "contactperson", "attention")),
            Field("contact_email", gettext_lazy("Contact: e-mail"), (
                "email", "emailaddress", "mail", "contactemail", "billingemail",
                "contactemailaddress", "billingcontactemail")),
            Field("contact_phone", gettext_lazy("Contact: phone number"), (
                "contactphone", "contactphonenumber", "billingcontactphone")),
        ),
        ListKind.CONTACTS: (
            Field("number", gettext_lazy("Account Number of the customer"), _NUMBER, needed=True),
            Field("name", gettext_lazy("Name"), (
                "name", "contact", "contactname", "fullname", "person", "billingcontact",
                "firstname", "givenname", "lastname", "surname", "familyname"), joins=" "),
            Field("email", gettext_lazy("E-mail"), (
                "email", "emailaddress", "mail", "contactemail")),
            Field("phone", gettext_lazy("Phone Number"), (
                "phonenumber", "phone", "telephone", "mobile", "mobilephone", "tel",
                "contactphone")),
            Field("language", gettext_lazy("Language"), ("language", "lang", "locale")),
            Field("role", gettext_lazy("Role"), ("role", "contactrole", "type")),
            *(Field(key, label, (key.replace("_", ""), key.removeprefix("gets_"),
                f"receives{key.removeprefix('gets_')}")) for key, label in _YES_NO.items()),
        ),
    }.items()
}  # fmt: skip
YES_NO = frozenset(_YES_NO)


def guessed(fields: Mapping[str, Field], header: Sequence[str]) -> list[str]:
    """For each column the field that its header names, or nothing; none is named twice."""
    # A label of the organization's own means that field.
    own_first = sorted(fields.values(), key=lambda field: field.clean is None)
    columns: list[str] = []
    for title in header:
        bare = re.sub(r"[^a-z0-9]", "", fold(title))
        fits = (field for field in own_first if bare and bare in field.headers)
        field = next(fits, None)
        taken = field and field.key in columns and not field.joins
        columns.append(field.key if field and not taken else "")
    return columns


def checked(fields: Mapping[str, Field], columns: Sequence[str]) -> list[str]:
    """The columns as assigned. Raises ColumnsRefused unless a list can be imported by them."""
    for field in fields.values():
        if field.needed and field.key not in columns:
            raise ColumnsRefused(
                _("Say which column holds the %s: it tells whom a row is about.") % field.label
            )
        if not field.joins and list(columns).count(field.key) > 1:
            raise ColumnsRefused(_("Two columns hold the %s; choose one.") % field.label)
    unknown = set(columns) - {*fields, ""}
    if unknown:
        raise ColumnsRefused(
            _("There is nothing called %s to import.") % ", ".join(sorted(unknown))
        )
    if not set(columns) - {"number", ""}:
        raise ColumnsRefused(_("Besides the account number, say what at least one column holds."))
    return list(columns)
