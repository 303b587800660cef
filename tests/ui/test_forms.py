"""How forms are written."""

from django import forms

from tests.ui.gallery.views import CreditForm


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    html = str(CreditForm({"amount": "x"}))
    assert '<label for="id_amount">Amount</label>' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_helptext"' in html
    assert 'id="id_amount_error"' in html
    assert 'class="form-control is-invalid"' in html


def test_only_the_first_field_in_error_takes_the_focus() -> None:
    html = str(CreditForm({"amount": "12"}))
    assert html.count("autofocus") == 1
    assert "autofocus" in str(CreditForm({"amount": "12"})["description"])
    assert "autofocus" not in str(CreditForm())


def test_choices_stand_before_their_labels_in_a_fieldset() -> None:
    html = str(CreditForm())
    assert "<legend>Apply to</legend>" in html
    assert '<input type="checkbox" name="unapplied"' in html
    assert html.index('id="id_unapplied"') < html.index(">Leave unapplied</label>")


def test_a_placeholder_that_repeats_the_label_is_dropped() -> None:
    class Address(forms.Form):
        email = forms.EmailField(widget=forms.EmailInput({"placeholder": "Email address"}))
        phone = forms.CharField(widget=forms.TextInput({"placeholder": "+1 555 0137"}))

    assert "Email address" not in str(Address())
    assert "+1 555 0137" in str(Address())
