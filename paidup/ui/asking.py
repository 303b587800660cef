"""Forms that ask once before they do what can be meant, and mostly isn't."""

from collections.abc import Iterable
from typing import Any

from django import forms

ANSWER = "sure"


class AskingForm(forms.Form):
    """A form whose valid but unusual input is asked about before it is accepted.

    The answer repeats the questions: whoever changes the input so that others come up is asked
    those.
    """

    is_asking = False
    answer = ""

    def questions(self) -> Iterable[str]:
        """What to ask about the cleaned data, in whole sentences."""
        return ()

    def clean(self) -> dict[str, Any] | None:
        """Ask, once nothing else is wrong."""
        cleaned = super().clean()
        questions = [] if self.errors else list(self.questions())
        self.answer = _on_one_line(" ".join(questions))
        if questions and _on_one_line(self.data.get(ANSWER, "")) != self.answer:
            self.is_asking = True
            raise forms.ValidationError(questions)
        return cleaned


def _on_one_line(text: str) -> str:
    """As a browser writes a line's end its own way, and a name may have one."""
    return " ".join(text.split())
