"""事件的内容: whom or what an event concerns and what it changed, in words, for its page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Event
from gongkai.web.organs import (
    event_kinds,
    event_words,
    forms,
    people_forms,
    people_queries,
    preference_kinds,
    preferences,
    queries,
)
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Organ
from gongkai.web.shell import masking
from gongkai.web.shell.access import Role

Said = tuple[str, str]  # the words, and where they lead, "" where the reader may not go


def subject(one: Event, capacity: Capacity) -> Said:
    """Whom or what it concerns, with a link where the reader may open it."""
    kind, _slash, key = one.subject.partition("/")
    if kind == "person" and key.isdigit():
        return _person(one, int(key), capacity)
    if kind == "organ":
        found = Organ.objects.filter(code=key).first()
        return (forms.shown(found), _link(found, capacity, "organ")) if found else (one.subject, "")
    if kind == "particulars":
        return _particulars(one, key, capacity)
    if kind == "calendar":
        return _("%(year)s 年放假安排") % {"year": key}, reverse("calendar:year", args=[int(key)])
    if kind == "list":
        return _("列表：%(name)s") % {"name": event_kinds.listing(key)}, ""
    return one.subject, ""


def _person(one: Event, key: int, capacity: Capacity) -> Said:
    account = Account.objects.filter(pk=key).first()
    if account is None:
        return one.subject, ""
    said = people_forms.shown(account)
    if capacity.role is not Role.ADMINISTRATOR:
        return masking.text(said), ""
    mine = people_queries.visible_accounts(capacity).filter(pk=key).exists()
    return said, reverse("organs:person", args=[key]) if mine else ""


def _particulars(one: Event, key: str, capacity: Capacity) -> Said:
    code, _slash, number = key.partition("/")
    organ = Organ.objects.filter(code=code).first()
    if organ is None:
        return one.subject, ""
    values = {"organ": organ.name, "number": number}
    if not number.isdigit():
        return _("%(organ)s · 指南要素") % values, _link(organ, capacity, "particulars_of")
    href = _link(organ, capacity, "particulars_version", int(number))
    return _("%(organ)s · 指南要素第 %(number)s 版") % values, href


def _link(organ: Organ, capacity: Capacity, route: str, *more: int) -> str:
    if not queries.visible_organs(capacity).filter(pk=organ.pk).exists():
        return ""
    return reverse(f"organs:{route}", args=[organ.code, *more])


# -- what changed


@dataclass(frozen=True, slots=True)
class Changes:
    """变更前后: each value: what, before, after; ``compared`` where anything was before."""

    rows: list[tuple[str, str, str]]

    @property
    def compared(self) -> bool:
        return any(old for _label, old, _new in self.rows)


def changes(one: Event) -> Changes:
    """Each value that the event keeps. ``name_before`` is the old ``name``."""
    rows: dict[str, list[str]] = {}
    for side, kept in enumerate((one.old, one.new)):
        setting = preferences.KEYS.get(str(one.new.get("setting", "")))
        for key, value in masking.values(kept).items():
            plain = key.removesuffix("_before")
            if plain in event_words.INNER:
                continue
            shown = _shown(plain, value)
            if setting is not None:
                shown = _of_setting(setting, plain, shown)
            rows.setdefault(plain, ["", ""])[side] = shown
    if one.subject.startswith("person/") and not rows.get("name", ["", ""])[0]:
        rows.pop("name", None)  # whose it is stands above
    said = [(event_words.label(key), old, new) for key, (old, new) in rows.items()]
    return Changes([row for row in said if row[1] or row[2]])


def _of_setting(setting: preference_kinds.Key, key: str, stored: str) -> str:
    if key == "setting":
        return str(setting.label)
    value = setting.valid(stored) if key == "value" else None
    return stored if value is None else setting.said(value)


def _shown(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str):
        return event_words.value(key, value)
    return json.dumps(value, ensure_ascii=False)
