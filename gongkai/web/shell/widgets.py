"""控件: what forms need beyond Django's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise


class Picker(forms.TextInput):
    """边输边选: a text field that offers matches while one types.

    ``url`` answers GET ``?q=<what was typed>`` with components/suggestions.html. A match that is
    chosen is written into the field as its ``value``. Without scripts one types the value by hand.
    """

    def __init__(self, url: str | Promise, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url = url

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        given = {
            "autocomplete": "off",
            "data-picker": "",
            "hx-get": str(self.url),
            "hx-trigger": "input changed delay:180ms",
            "hx-target": "next .picks",
            "hx-params": "none",
            "hx-sync": "this:replace",
        }
        return super().get_context(name, value, given | (attrs or {}))
