"""不予办理: the base of every expected failure of an action; its words are shown to the person."""

from __future__ import annotations

from django.utils.functional import Promise


class Refusal(Exception):
    """不予办理: says what is wrong and what to do. ``field`` names the form's field it is about."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
