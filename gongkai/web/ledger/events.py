"""事件: what happened to a matter, written in the change's transaction, never altered.

`record` writes one, `record_many` many; each app `register`s the sentences of its kinds. A kind
without a sentence fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts.models import Account
from gongkai.web.ledger import chains
from gongkai.web.ledger.models import Event
from gongkai.web.shell import requests

Told = Callable[[Mapping[str, Any]], Mapping[str, Any]]

KINDS: dict[str, Promise] = {}
# 分类: the part of a kind before the dot, for filtering.
GROUPS: dict[str, Promise] = {}
# Values of sentences that are kept as ids, so that each reader has them in their own language.
_WORDS: dict[str, dict[str, Any]] = {}
_TOLD: list[Told] = []

_PAPER = _("%(said)s（纸质，%(signer)s签批）")
_FOR = _("%(who)s（代 %(principal)s）")


def register(
    kinds: Mapping[str, Promise],
    groups: Mapping[str, Promise],
    *,
    words: Mapping[str, Mapping[str, Any]] | None = None,
    told: Told | None = None,
) -> None:
    """Makes an app's kinds known, when the app is ready.

    ``words``: what ids in the values of events are called, by the value's name; ``told`` gives
    values that need more than a table.
    """
    KINDS.update(kinds)
    GROUPS.update(groups)
    for key, said in (words or {}).items():
        _WORDS.setdefault(key, {}).update(said)
    if told is not None:
        _TOLD.append(told)


@dataclass(frozen=True, slots=True)
class Act:
    """一次办理: who acted, when, in which role and for whom: the same for every event of it."""

    by: Account | None
    at: datetime
    acting_as: str = ""
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class What:
    """事件内容: what one event tells.

    ``subject`` is an address such as ``organ/SF-0101`` or ``person/12``.
    """

    kind: str
    organ_id: int | None
    subject: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]


def record(
    kind: str,
    *,
    organ: Model | None,
    by: Account | None,
    at: datetime,
    subject: str,
    acting_as: str = "",
    acting_for: str = "",
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> Event:
    """Adds one event; raises KeyError for a kind without a sentence."""
    what = What(kind, organ.pk if organ else None, subject, old or {}, new or {})
    (event,) = record_many(Act(by, at, acting_as, acting_for), [what])
    return event


@transaction.atomic
def record_many(act: Act, told: Sequence[What]) -> list[Event]:
    """Adds several events of one act, in order; raises KeyError for a kind without a sentence."""
    made = requests.current()
    found = [_event(act, one, made.replace("-", "", 1) if made != "-" else "") for one in told]
    chains.append(found)
    return found


def _event(act: Act, what: What, request_id: str) -> Event:
    KINDS[what.kind]
    return Event(
        organ_id=what.organ_id,
        at=act.at,
        by=act.by,
        acting_as=act.acting_as,
        acting_for=act.acting_for,
        kind=what.kind,
        subject=what.subject,
        old=dict(what.old),
        new=dict(what.new),
        request_id=request_id,
    )


def foreseen(by: Account, at: datetime) -> list[str]:
    """What an act that is being tried has recorded so far, a sentence for each organ."""
    found = Event.objects.filter(by=by, at=at).select_related("organ").order_by("pk")
    return [f"{event.organ.name if event.organ else ''}：{sentence(event)}" for event in found]


def sentence(event: Event) -> str:
    """What the event says, in the language of the request."""
    said = KINDS.get(event.kind)
    values = {**event.old, **event.new}
    for key, words in _WORDS.items():
        if key in values:
            values[key] = words.get(values[key], values[key])
    for more in _TOLD:
        values |= more(values)
    try:
        told = str(said) % values if said is not None else event.kind
    except KeyError:  # written by an earlier version, without a value the sentence now names
        return event.kind
    if event.new.get("paper") and event.new.get("signed_by"):
        return _PAPER % {"said": told, "signer": event.new["signed_by"]}
    return told


def role(event: Event) -> str:
    """以何身份: the role, and for whom where it was somebody else's."""
    held = str(_WORDS.get("role", {}).get(event.acting_as, event.acting_as))
    if not event.acting_for:
        return held
    return _FOR % {"who": held, "principal": event.acting_for}


def who(event: Event) -> str:
    """办理人: by name, and for whom where somebody acted for another; the service itself."""
    name = event.by.name if event.by else str(_("系统"))
    if not event.acting_for:
        return name
    return _FOR % {"who": name, "principal": event.acting_for}
