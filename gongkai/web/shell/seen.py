"""看到的版本: a form that was refused as stale is shown again knowing what its author has now seen.

What was typed stays; sent once more it is what counts.
"""

from __future__ import annotations

from django import forms
from django.http import QueryDict


def take(form: forms.Form, **values: object) -> None:
    """Puts the state that is stored now into hidden fields of a form that was sent."""
    data = QueryDict(mutable=True)
    data.update({name: form.data[name] for name in form.data})
    data.update({name: str(value) for name, value in values.items()})
    form.data = data
