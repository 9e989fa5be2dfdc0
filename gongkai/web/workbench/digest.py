"""每日提要: one mail a working day to who has something unread or due, with counts and addresses.

It names organs and kinds of matters, nobody who asked for anything. The key of the mail is the
account and the day: put twice, it is one mail.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gongkai.statute.workdays import Calendar
from gongkai.web.accounts import queries as accounts
from gongkai.web.accounts.models import Account
from gongkai.web.ledger import alerts, outbox
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Alert
from gongkai.web.organs import capacity, preferences
from gongkai.web.organs.capacity import Capacity
from gongkai.web.workbench import inbox, matters

log = logging.getLogger("gongkai.jobs")
SHOWN = 10  # lines of one capacity
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Part:
    """一个身份的提要: how much is unread and open for it, and the first of them."""

    held: Capacity
    unread: int
    open: int
    first: list[Alert]


def send(*, at: datetime, calendar: Calendar, base: str) -> int:
    """发送: puts the mails of the day that are due by now into the outbox; says how many."""
    today = timezone.localdate(at)
    if not calendar.is_working_day(today):
        return 0
    hours: dict[str, int] = {}
    sent = 0
    for part in _batches(accounts.wanting_digest()):
        keys = {_key(one, today): one for one in part}
        known = ledger.put_before(keys)
        for key, account in keys.items():
            held = [] if key in known else capacity.of_account(account, today)
            if not held or timezone.localtime(at).hour < _hour(held[0], hours):
                continue
            parts = list(_parts(account, held))
            if not parts:
                continue
            try:
                _put(key, account, parts, at, calendar, base)
            except outbox.BadAddress:  # it keeps nobody else from theirs
                log.warning("no digest for account %d: its e-mail address is none", account.pk)
            else:
                sent += 1
    return sent


def _key(account: Account, day: date) -> str:
    return f"digest:{account.pk}:{day.isoformat()}"


def _put(
    key: str, account: Account, parts: list[Part], at: datetime, calendar: Calendar, base: str
) -> None:
    with translation.override(settings.LANGUAGE_CODE):  # no account says which it would like
        title, body = written(account, parts, timezone.localdate(at), calendar, base)
    outbox.put(
        key=key,
        organ=parts[0].held.organ,
        subject=f"person/{account.pk}",
        channel="mail",
        to=account.email,
        title=title,
        body=body,
        at=at,
    )


def _batches(rows: QuerySet[Account]) -> Iterator[list[Account]]:
    after = 0
    while part := list(rows.filter(pk__gt=after)[:_BATCH]):
        yield part
        after = part[-1].pk


def _hour(held: Capacity, known: dict[str, int]) -> int:
    path = held.organ.path
    if path not in known:
        known[path] = int(preferences.of_many([path], "digest.hour")[path])
    return known[path]


def _parts(account: Account, held: list[Capacity]) -> Iterator[Part]:
    """Each capacity for which something is unread or still open."""
    for one in held:
        rows = inbox.in_state(inbox.visible(account, one), "open", account)
        open_ = rows.order_by()[: inbox.MOST + 1].count()
        if not open_:
            continue
        unread = inbox.unread(account, one).order_by()[: inbox.MOST + 1].count()
        soonest = rows.select_related("organ", "deadline").order_by(
            F("deadline__due_on").asc(nulls_last=True), "pk"
        )
        yield Part(one, unread, open_, list(soonest[:SHOWN]))


def written(
    account: Account, parts: list[Part], today: date, calendar: Calendar, base: str
) -> tuple[str, str]:
    """The title and the text of a mail."""
    title = _("公开每日提要 %(day)s：未读 %(unread)d 项，未了结 %(open)d 项") % {
        "day": today.isoformat(),
        "unread": sum(part.unread for part in parts),
        "open": sum(part.open for part in parts),
    }
    lines = [_("%(name)s：") % {"name": account.name}, ""]
    for part in parts:
        lines += [*_of(part, today, calendar, base), ""]
    lines += [
        _("收件箱：%(address)s") % {"address": base + reverse("inbox:list")},
        _("不想再收到：在“我的账号”里取消每日提要。%(address)s")
        % {"address": base + reverse("accounts:profile")},
    ]
    return title, "\n".join(lines) + "\n"


def _of(part: Part, today: date, calendar: Calendar, base: str) -> Iterator[str]:
    said = _("%(organ)s · %(role)s：未读 %(unread)s 项，未了结 %(open)s 项")
    yield said % {
        "organ": part.held.organ.name,
        "role": part.held.role_label,
        "unread": inbox.counted(part.unread) or "0",
        "open": inbox.counted(part.open),
    }
    for one in part.first:
        line = _("- %(matter)s：%(what)s") % {
            "matter": matters.title(one.subject, one.organ.name),
            "what": alerts.sentence(one),
        }
        if one.deadline is not None and one.deadline.due_on is not None:
            left = alerts.left(one.deadline.due_on, today, calendar)
            line += _("（%(left)s）") % {"left": inbox.left_in_words(left)}
        yield line
        where = matters.href(one.subject)
        if where:
            yield f"  {base}{where}"
    if part.open > len(part.first):
        yield _("……其余见收件箱。")
