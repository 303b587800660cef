"""Kinds of account."""

from django.db import models


class AccountKind(models.TextChoices):
    RECEIVABLE = "receivable"  # one per customer; debit normal
    UNAPPLIED = "unapplied"  # one per customer; credit normal: money and credits not yet used
    REVENUE = "revenue"
    TAX_PAYABLE = "tax_payable"
    CLEARING = "clearing"  # money on its way to the bank
    CREDITS_GRANTED = "credits_granted"
    BAD_DEBT = "bad_debt"
    OPENING = "opening"


OF_CUSTOMER = frozenset({AccountKind.RECEIVABLE, AccountKind.UNAPPLIED})
