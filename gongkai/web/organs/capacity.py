"""履职身份: in which role, for which organ, and for whom a signed-in person acts now.

A person may hold several; the session keeps which is in hand, the shell shows it, and the person
switches by hand. Everything done is done in one of them. The browser remembers the one chosen
last for the next session; it is no more than a wish, and counts only where it is held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, Value
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from gongkai.web.accounts.models import Account
from gongkai.web.organs.models import ROLES, Appointment, Delegation, Organ
from gongkai.web.shell.access import Role

KEY = "capacity"
COOKIE = "gongkai_capacity"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Capacity:
    """履职身份: one appointment of one's own, or another's by delegation."""

    account: Account
    organ: Organ
    role: Role
    key: str  # "a12" an appointment, "d5" a delegation
    delegation_id: int | None = None
    acting_for: str = ""  # the name of who delegated

    @property
    def role_label(self) -> str:
        return str(dict(ROLES)[self.role.value])


_ORGAN = [field.attname for field in Organ._meta.concrete_fields]


def of_account(account: Account, on: date) -> list[Capacity]:
    """Every capacity an account may act in on a day, own ones first, in the order of the tree.

    One query: every request of a signed-in person asks this.
    """
    valid = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    own = Appointment.objects.filter(valid, account=account).values_list(
        Value("a"), "pk", Value(""), "role", *(f"organ__{name}" for name in _ORGAN)
    )
    lent = Delegation.objects.filter(
        valid,
        Q(appointment__valid_to__isnull=True) | Q(appointment__valid_to__gt=on),
        delegate=account,
        revoked_at__isnull=True,
        appointment__valid_from__lte=on,
        appointment__account__is_active=True,
    ).values_list(
        Value("d"),
        "pk",
        "appointment__account__name",
        "appointment__role",
        *(f"appointment__organ__{name}" for name in _ORGAN),
    )
    found = [_held(account, *row) for row in own.union(lent, all=True)]
    return sorted(found, key=lambda c: (c.delegation_id is not None, c.organ.path, c.role.value))


def _held(
    account: Account, kind: str, pk: int, acting_for: str, role: str, *organ: Any
) -> Capacity:
    return Capacity(
        account,
        Organ.from_db(account._state.db or DEFAULT_DB_ALIAS, _ORGAN, organ),
        Role(role),
        f"{kind}{pk}",
        pk if kind == "d" else None,
        acting_for,
    )


class Acting:
    """Gives every request of a signed-in account its ``capacity`` (None where it holds none) and
    ``capacities``, both looked up when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.capacities = SimpleLazyObject(lambda: _all(request))  # type: ignore[attr-defined]
        request.capacity = SimpleLazyObject(lambda: _current(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _all(request: HttpRequest) -> list[Capacity]:
    if not request.user.is_authenticated:
        return []
    return of_account(request.user, timezone.localdate())


def _current(request: HttpRequest) -> Capacity | None:
    held: list[Capacity] = request.capacities  # type: ignore[attr-defined]
    chosen = request.session.get(KEY) if request.user.is_authenticated else None
    wished = request.COOKIES.get(COOKIE) if chosen is None else chosen
    found = next((c for c in held if c.key == wished), held[0] if held else None)
    if chosen is not None and (found is None or found.key != chosen):
        _tell_ended(request, found)
    return found


def _tell_ended(request: HttpRequest, now: Capacity | None) -> None:
    """Nobody comes to act as somebody else unawares: says once that the one chosen is over."""
    request.session.pop(KEY, None)
    if now is None:
        messages.warning(request, _("您选用的身份已经结束，现在没有任职。"))
        return
    said = {"organ": now.organ.name, "role": now.role_label}
    messages.warning(
        request, _("您选用的身份已经结束，现在以 %(organ)s%(role)s 的身份办理。") % said
    )


def switch(request: HttpRequest, key: str) -> Capacity | None:
    """Acts in another capacity from now on; None where the person does not hold it."""
    held: list[Capacity] = request.capacities  # type: ignore[attr-defined]
    found = next((c for c in held if c.key == key), None)
    if found is not None:
        request.session[KEY] = found.key
    return found


def remember(response: HttpResponse, chosen: Capacity) -> None:
    """The next session on this browser begins with it, where its account still holds it."""
    response.set_cookie(
        COOKIE,
        chosen.key,
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
