"""待发消息的列表: what an organ's mail and text messages are doing; addresses masked."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.web.ledger import keys, outbox, vault
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Message
from gongkai.web.organs import queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell import lists
from gongkai.web.shell.lists import BulkAct, Cell, Column, Filter, Rows
from gongkai.web.shell.look import when

TONES = {"waiting": "warn", "sending": "warn", "sent": "ok", "given_up": "bad", "dropped": "quiet"}
RETRY = BulkAct("retry", _("立即再发"))


def visible(capacity: Capacity | None) -> Rows:
    """The messages somebody may see: those of the organs they may open."""
    return ledger.messages().filter(organ__in=queries.visible_organs(capacity))


def state(message: Message) -> Cell:
    """The state in words and colour."""
    return Cell(message.get_state_display(), badge=TONES[message.state])


def title(message: Message) -> str:
    """The title of a mail, the beginning of a text message."""
    return message.title or " ".join(message.body.split())[:40]


def _moment(day: str, *, after: bool) -> datetime:
    found = parse_date(day)
    assert found is not None, "the filter has parsed it"
    return timezone.make_aware(datetime.combine(found + timedelta(days=int(after)), time.min))


def _found(rows: Rows, words: str) -> Rows:
    """By title, or by the whole address, which the vault finds without opening any."""
    wanted = Q(title__icontains=words)
    try:
        for label in outbox.LABEL.values():
            wanted |= Q(to__in=vault.like(words, label).values("pk"))
    except keys.Unreadable:
        pass  # titles are found all the same
    return rows.filter(wanted)


def spec(capacity: Capacity | None) -> lists.Spec:
    """The list of who acts in a capacity."""

    def of_organ(rows: Rows, words: str) -> Rows:
        found = queries.found_by(queries.visible_organs(capacity), words)
        return rows.filter(organ__in=found.values("pk"))

    return lists.Spec(
        id="outbox",
        title=_("待发消息"),
        columns=(
            Column(
                "at",
                _("写入时间"),
                lambda m: when(m.made_at),
                sort=("made_at",),
                value=lambda m: m.made_at,
                narrow=True,
            ),
            Column("state", _("状态"), state, narrow=True),
            Column("channel", _("渠道"), lambda m: m.get_channel_display(), narrow=True),
            Column("title", _("标题"), title),
            Column("to", _("收件地址"), lambda m: vault.shown(m.to), narrow=True),
            Column("organ", pgettext_lazy("of one row", "机关"), lambda m: m.organ.name),
            Column("attempts", _("已试次数"), lambda m: str(m.attempts), numeric=True),
            Column("error", _("未发出的原因"), outbox.why),
        ),
        order="-at",
        filters=(
            Filter(
                "state",
                _("状态"),
                lambda rows, value: rows.filter(state=value),
                choices=lambda: Message.State.choices,
            ),
            Filter(
                "channel",
                _("渠道"),
                lambda rows, value: rows.filter(channel=value),
                choices=lambda: Message.Channel.choices,
            ),
            Filter("organ", pgettext_lazy("of one row", "机关"), of_organ, kind="text"),
            Filter(
                "from",
                _("自"),
                lambda rows, value: rows.filter(made_at__gte=_moment(value, after=False)),
                kind="date",
            ),
            Filter(
                "to_day",
                _("至"),
                lambda rows, value: rows.filter(made_at__lt=_moment(value, after=True)),
                kind="date",
            ),
        ),
        search=_found,
        search_hint=_("标题，或完整的邮箱、手机号"),
        acts=(RETRY,),
        empty_title=_("没有待发消息"),
        empty_text=_("系统发出的邮件和短信列在这里：等待发送的、已发的、未能发出的。"),
        href=lambda m: reverse("outbox:message", args=[m.pk]),
    )
