"""报告台的数据: reports handed in as files, what was read in them, what people made of it.

Fields and constraints only. A report is one organ's of one year; each file of it that comes in is a
version. What the reader found in a version never changes: what people confirm or correct stands
beside it (Mark), so that both values are always there.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ORGAN = "organs.Organ"


class Batch(models.Model):
    """批次: the files that somebody handed in at once."""

    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")  # for which they acted
    acting_as = models.CharField(max_length=20, blank=True)  # in which role: it says what they see
    acting_for = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField()  # of the number, not of the reports
    number = models.PositiveIntegerField(_("批次号"))  # drawn of the ledger
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("交来时间"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organ", "-at", "-id"], name="batch_of_organ")]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "year", "number"], name="one_batch_of_a_number"
            )
        ]


class Paper(models.Model):
    """来件: one file of a batch, and how far its reading has come."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待读取")
        READING = "reading", _("正在读取")
        READ = "read", _("已读取")
        FAILED = "failed", _("未能读取")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="papers")
    # None where the file was refused: it was not kept.
    attachment = models.ForeignKey("ledger.Attachment", models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("文件名"), max_length=255)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    # {"id", "zh", "en"}: one for the file, or one for each file of an archive that failed (its
    # name is "member"). Of one that is here already (desk.same_file) "paper" is the earlier one.
    errors = models.JSONField(default=list)
    taken_at = models.DateTimeField(null=True)  # by a worker; taken anew where it never ended
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="paper_by_state"),
            models.Index(fields=["batch", "id"], name="paper_of_batch"),
        ]


class Report(models.Model):
    """报告: an organ's report of a year, as far as files of it came in. Without an organ or a year:
    it waits for a person to say whose it is (待认领).

    The counts are those of the version in hand, made anew with every mark.
    """

    # 在谁的报告台: its organ's; while it has none, the one's for which it was handed in. One field,
    # so that whatever a person sees is found by one index.
    holder = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")
    organ = models.ForeignKey(ORGAN, models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"), null=True)
    said = models.CharField(_("文件中的机关名称"), max_length=200, blank=True)
    title = models.CharField(_("标题"), max_length=300, blank=True)
    edition = models.CharField(_("格式"), max_length=4, blank=True)
    matched_by = models.CharField(max_length=10, blank=True)  # code, name, title, file, person
    set_aside_at = models.DateTimeField(null=True)
    errors = models.PositiveSmallIntegerField(_("错误"), default=0)
    warnings = models.PositiveSmallIntegerField(_("警告"), default=0)
    cannot_tell = models.PositiveSmallIntegerField(_("无法判断"), default=0)
    doubtful = models.PositiveSmallIntegerField(_("存疑"), default=0)  # not yet confirmed
    absent = models.PositiveSmallIntegerField(_("缺失"), default=0)  # not yet given
    version = models.PositiveIntegerField(default=1)  # for optimistic locking
    changed_at = models.DateTimeField(_("更新时间"))

    class Meta:
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="report_newest"),
            models.Index(fields=["holder", "-changed_at", "-id"], name="report_of_holder"),
            models.Index(fields=["organ", "-year"], name="report_of_organ"),
            models.Index(fields=["year", "-errors", "id"], name="report_of_year"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "year"],
                condition=Q(set_aside_at__isnull=True, organ__isnull=False, year__isnull=False),
                name="one_report_of_a_year",
            )
        ]


class Version(models.Model):
    """版本: one file's reading of a report. ``value`` is the report's JSON (gongkai.report/1),
    compressed; the newest is the one in hand, the others stay readable."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions")
    part = models.PositiveIntegerField(null=True)  # which report of the file, from 1
    member = models.CharField(max_length=400, blank=True)  # of an archive: the file in it
    value = models.BinaryField()
    sha256 = models.CharField(max_length=64)  # of the JSON
    reader = models.CharField(max_length=20)  # the program's version that read it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("读取时间"))

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_version_of_a_number")
        ]


class Mark(models.Model):
    """核对: a cell that a person confirmed or corrected: the reader's value and theirs, both kept.

    ``read`` and ``given`` are cells of the report's JSON. Undone ones stay on record.
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("确认")
        CORRECTED = "corrected", _("更正")

    of = models.ForeignKey(Version, models.CASCADE, related_name="marks")
    address = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    read = models.JSONField()
    given = models.JSONField()
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of", "address"],
                condition=Q(undone_at__isnull=True),
                name="one_mark_of_a_cell",
            )
        ]


class Finding(models.Model):
    """检查发现: what the checks say of the version in hand with its marks; made anew with each."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="findings")
    position = models.PositiveSmallIntegerField()
    rule = models.CharField(_("规则"), max_length=60)
    level = models.CharField(_("级别"), max_length=10)  # error, warning, note
    outcome = models.CharField(_("结论"), max_length=12)  # broken, cannot_tell
    # {"cells", "printed", "expected", "message": {"zh", "en"}, "hint": {...}, "source", "place"}
    said = models.JSONField()

    class Meta:
        ordering = ["report", "position"]
        indexes = [models.Index(fields=["rule", "outcome", "report"], name="finding_by_rule")]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="one_finding_of_a_position")
        ]
