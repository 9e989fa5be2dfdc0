"""看到的版本: two people change the same thing: the second sees both, and loses nothing.

A form carries what its author saw, usually ``version`` in a hidden field. The act raises Stale
where that is stored no more; the form is shown again with what was typed, beside what is stored
now, and knowing that its author has now seen it: sent once more it is what counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from gongkai.web.shell.refusals import Refusal


class Stale(Refusal):
    """已被他人修改: what was shown is not what is stored any more."""

    def __init__(self) -> None:
        super().__init__(
            _later("您填写期间他人已作修改；您填写的内容仍在下面，请对照最新内容后再保存。")
        )


@dataclass(frozen=True, slots=True)
class Both:
    """两边的内容: of one field: what is stored and what was typed."""

    label: str
    stored: str
    typed: str


def take(form: forms.Form, **values: object) -> None:
    """Puts the state that is stored now into hidden fields of a form that was sent."""
    data = QueryDict(mutable=True)
    for name in form.data:
        data.setlist(name, form.data.getlist(name))  # type: ignore[attr-defined]
    data.update({name: str(value) for name, value in values.items()})
    form.data = data


def told(form: forms.Form, stored: Mapping[str, Any]) -> list[Both]:
    """What is stored and what was typed, where they differ; the form has then seen the former."""
    hidden = {bound.name for bound in form.hidden_fields()}
    take(form, **{name: value for name, value in stored.items() if name in hidden})
    return list(_unlike(form, {n: v for n, v in stored.items() if n not in hidden}))


def _unlike(form: forms.Form, stored: Mapping[str, Any]) -> Iterator[Both]:
    for name, value in stored.items():
        field = form.fields.get(name)
        if field is None:
            continue
        raw = form[name].data
        cleaned = form.cleaned_data.get(name, raw)
        before, now = _said(field, value), _said(field, cleaned)
        if isinstance(raw, str) and isinstance(cleaned, str):
            # As it was typed: a form may have put what is not shown in the place of a mask.
            typed = _said(field, "\n".join(raw.strip().splitlines()))
        else:
            typed = now
        if before not in (now, typed):
            yield Both(str(field.label or name), before, typed)


def _said(field: forms.Field, value: Any) -> str:
    """A field's value as its page shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return _("、").join(_said(field, one) for one in value)
    if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
        known = {str(key): str(label) for key, label in _flat(field.choices)}
        return known.get(str(value), str(value))
    return str(value)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
