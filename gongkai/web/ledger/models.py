"""台账的数据: what is common to every matter: events, numbers, secrets, files, messages, clocks.

Fields and constraints only. The ledger stands below the organs, whose own changes are events too:
it holds an organ as a foreign key and asks nothing else of it. A matter is known by its address, a
string such as ``particulars/SF-0101`` or ``report/812``, made by the app that owns it.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ORGAN = "organs.Organ"  # by name: nothing of that app is imported here
SUBJECT = 80  # characters of an address


class Event(models.Model):
    """事件: what happened to a matter: who, when, what, old, new. Only ever added.

    ``position`` counts from 1 in the chain of the organ (chain 0 holds those of no organ);
    ``digest`` is over everything the row says and the digest before it (`chains`).
    """

    organ = models.ForeignKey(ORGAN, models.PROTECT, null=True, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField(max_length=20, blank=True)
    acting_for = models.CharField(max_length=60, blank=True)  # the name of who delegated
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=SUBJECT)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    request_id = models.CharField(max_length=12, blank=True)
    chain = models.PositiveBigIntegerField()
    position = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("事件")
        indexes = [
            models.Index(fields=["-at", "-id"], name="event_newest"),
            models.Index(fields=["organ", "-at", "-id"], name="event_of_organ"),
            models.Index(fields=["subject", "-at", "-id"], name="event_of_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="one_event_of_a_position")
        ]


class Chain(models.Model):
    """事件链: the end of an organ's chain of events; its row is the lock under which it grows."""

    key = models.PositiveBigIntegerField(primary_key=True)  # the organ's, 0 for no organ
    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class Counter(models.Model):
    """编号: the last number drawn of a kind in a year by an organ; without gaps (`numbers`)."""

    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "kind", "year"], name="one_counter_of_a_kind")
        ]


class Secret(models.Model):
    """个人信息: one value of the vault, encrypted; others refer to it by its key (`vault`).

    ``mark`` finds equal values without opening any. Erased: the row stays, what it held is gone.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organ = models.ForeignKey(ORGAN, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=SUBJECT)
    label = models.CharField(max_length=40)  # phone, email, identity_number
    algorithm = models.CharField(max_length=20)
    key_id = models.CharField(max_length=16, db_index=True)
    nonce = models.BinaryField(max_length=16)
    sealed = models.BinaryField()  # empty once erased
    mark = models.CharField(max_length=64, blank=True, db_index=True)
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject"], name="secret_of_subject")]


class StoredFile(models.Model):
    """存储的文件: content kept once, however often it is attached; named by its SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10)  # a key of shell.uploads.KINDS, or what sniff says
    stored_at = models.DateTimeField()
    scanned = models.CharField(max_length=40, blank=True)  # the scanner that found nothing


class Attachment(models.Model):
    """附件: a file under its original name, of an organ's matter. Removed ones stay on record."""

    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=SUBJECT)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    name = models.CharField(_("文件名"), max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="attachment_of_subject")]


class Message(models.Model):
    """待发消息: one mail or text message, written in the transaction of what it tells of.

    ``key`` is said by the caller: a message of the same key is one message, however often it is put
    here. The address stands in the vault.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("邮件")
        SMS = "sms", _("短信")

    class State(models.TextChoices):
        WAITING = "waiting", _("待发")
        SENDING = "sending", _("正在发送")
        SENT = "sent", _("已发")
        GIVEN_UP = "given_up", _("未能发出")
        DROPPED = "dropped", _("不再发送")

    key = models.CharField(max_length=120, unique=True)
    organ = models.ForeignKey(ORGAN, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=SUBJECT)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel.choices)
    to = models.ForeignKey(Secret, models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=200, blank=True)
    body = models.TextField(_("内容"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"))
    made_at = models.DateTimeField(_("写入时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    error = models.CharField(_("未发出的原因"), max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_at"], name="message_due"),
            models.Index(fields=["organ", "-made_at", "-id"], name="message_of_organ"),
        ]


class Deadline(models.Model):
    """期限: one running clock of a matter. ``due_on`` is a projection, made again by `deadlines`.

    ``kind`` names who reckons it; ``basis`` is what it is reckoned from: for plain working days
    ``{"from": "2026-03-02", "days": 20}``. ``provisional``: it rests on a year whose notice is not
    entered (暂定).
    """

    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="deadlines")
    subject = models.CharField(max_length=SUBJECT)
    kind = models.CharField(max_length=40)
    basis = models.JSONField(default=dict)
    due_on = models.DateField(_("到期日"), null=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_on", "id"], condition=Q(closed_at__isnull=True), name="deadline_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=Q(closed_at__isnull=True),
                name="one_open_deadline_of_a_kind",
            )
        ]


class Alert(models.Model):
    """预警: what lands in an inbox, once: the same ``key`` (matter, clock, threshold) never twice.

    For the roles of an organ (``roles``: values of Role, joined by commas) or one account.
    ``values`` fill the sentence of ``kind`` (`alerts.KINDS`).
    """

    key = models.CharField(max_length=160, unique=True)
    # No index of its own: those below begin with it, and the planner is to take the partial one.
    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="alerts", db_index=False)
    roles = models.CharField(max_length=120, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="alerts"
    )
    subject = models.CharField(max_length=SUBJECT)
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    deadline = models.ForeignKey(Deadline, models.PROTECT, null=True, related_name="alerts")
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # what it asked for has been done

    class Meta:
        indexes = [
            models.Index(fields=["organ", "-raised_at", "-id"], name="alert_of_organ"),
            models.Index(fields=["subject"], name="alert_of_subject"),
            # What lies in inboxes now: few beside all that was ever told.
            models.Index(
                fields=["organ", "-raised_at", "-id"],
                condition=Q(settled_at__isnull=True),
                name="alert_open",
            ),
        ]


class Seen(models.Model):
    """已读: who has read an alert."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="seen")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "account"], name="one_reading_of_an_alert")
        ]


class HolidayNotice(models.Model):
    """放假通知: a year's working days as a supervisor entered them; a later one replaces it.

    ``breaks``: ``[{"name": "spring", "from": "2027-02-05", "to": "2027-02-12", "work": [...]}]``,
    as `statute/data/calendars.json` has them. The newest of a year that was not withdrawn counts,
    before the one that came with the program.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    title = models.CharField(_("通知名称"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    dated = models.DateField(_("发文日期"), null=True, blank=True)
    breaks = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "-at"]
