"""依申请公开的数据: the paper as put, its applicants, the matters it asks about, their letters.

Fields and constraints only. What happened to a matter is its events in the ledger, each holding an
event of `gongkai.statute.case_events` (``new["event"]``); state, outcome and due day here are
projections of them, made again by `replay`. Names, identity numbers and contacts of people stand in
the vault; only organisations' names and codes, which are public, stand here.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.web.organs.models import ImportRun

ORGAN = "organs.Organ"
SECRET = "ledger.Secret"
NEVER = date(2199, 12, 31)  # due on no day that is known; so that a list can be in this order


class Request(models.Model):
    """申请: one application as it was put: by whom, over which channel, when it came.

    It counts in the report by its matters; both numbers are kept.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("申请公开")
        CORRECTION = "correction", _("申请更正本人信息")  # Art 41: counts in no row

    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")
    kind = models.CharField(_("事项"), max_length=12, choices=Kind.choices, default=Kind.ACCESS)
    year = models.PositiveSmallIntegerField()  # of the number
    number = models.PositiveIntegerField(_("登记号"))  # drawn of the ledger
    channel = models.CharField(_("渠道"), max_length=20)  # a value of clock_events.Channel
    via = models.CharField(_("具体渠道"), max_length=40, blank=True)  # the organ's own name of it
    arrived_on = models.DateField(_("到达日期"))
    wanted_form = models.CharField(_("获取方式"), max_length=100, blank=True)
    # Art 43: a value of side_matters.Need; who was helped how is told by `request.helped`.
    need = models.CharField(_("需要协助的情形"), max_length=12, blank=True)
    code = models.CharField(_("查询码"), max_length=20, unique=True)
    copied_from = models.CharField(max_length=200, blank=True)  # of an old ledger: file and row
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("登记时间"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["organ", "-at", "-id"], name="request_of_organ"),
            models.Index(fields=["year", "number"], name="request_by_number"),
            models.Index(fields=["need", "organ"], name="request_by_need"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "year", "number"], name="one_request_of_a_number"
            )
        ]


class Applicant(models.Model):
    """申请人: a person or an organisation that asks, or the agent who acts for them.

    ``kind`` is the column of table 3 (statute.applicant_kinds); an agent has none and is not
    counted. ``suggested`` is what was proposed; a departure from it has its reason.
    """

    request = models.ForeignKey(Request, models.CASCADE, related_name="applicants")
    position = models.PositiveSmallIntegerField()
    is_agent = models.BooleanField(_("代理人"), default=False)
    kind = models.CharField(_("申请人类别"), max_length=20, blank=True)
    suggested = models.CharField(max_length=20, blank=True)
    kind_reason = models.CharField(_("改变类别的理由"), max_length=200, blank=True)
    organisation = models.CharField(_("单位名称"), max_length=120, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    name = models.ForeignKey(SECRET, models.PROTECT, null=True, related_name="+")
    identity = models.ForeignKey(SECRET, models.PROTECT, null=True, related_name="+")
    phone = models.ForeignKey(SECRET, models.PROTECT, null=True, related_name="+")
    email = models.ForeignKey(SECRET, models.PROTECT, null=True, related_name="+")
    address = models.ForeignKey(SECRET, models.PROTECT, null=True, related_name="+")
    postcode = models.CharField(_("邮政编码"), max_length=6, blank=True)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["organisation"], name="applicant_organisation"),
            models.Index(fields=["credit_code"], name="applicant_credit_code"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="one_applicant_a_position")
        ]


class Matter(models.Model):
    """事项: what is handled and counted: one piece of information asked for, with its own clock.

    ``state`` (case_table.State), ``ground`` (grounds.Ground), ``row`` of table 3, ``received_on``,
    ``closed_on``, ``waits_for`` and the open deadline are projections of its events; ``due_on`` is
    the deadline's day beside the matter, for lists.
    """

    class Waits(models.TextChoices):
        APPLICANT = "applicant", _("申请人")
        PARTY = "party", _("第三方、共同制作机关")
        HANDLER = "handler", _("经办人")
        REVIEWER = "reviewer", _("审核人")
        APPROVER = "approver", _("批准人")
        NOBODY = "nobody", _("无")

    request = models.ForeignKey(Request, models.PROTECT, related_name="matters")
    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")  # as its request's
    part = models.PositiveSmallIntegerField(_("分项"), default=1)
    title = models.CharField(_("事由"), max_length=200)
    sought = models.TextField(default="")  # what words are looked for in: `queries.sought`
    text = models.TextField(_("所需政府信息"))
    first_text = models.TextField(blank=True)  # as first put, where a clarification changed it
    state = models.CharField(_("状态"), max_length=40)
    received_on = models.DateField(_("收到日期"), null=True)
    # The clock of its answer, the last one where it was reopened; holds the day it is due.
    deadline = models.ForeignKey("ledger.Deadline", models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("到期日"), default=NEVER)
    is_open = models.BooleanField(default=True)
    waits_for = models.CharField(
        _("等待"), max_length=10, choices=Waits.choices, default=Waits.NOBODY
    )
    ground = models.CharField(_("办理结果"), max_length=30, blank=True)
    row = models.CharField(_("计入的行"), max_length=60, blank=True)
    kind = models.CharField(_("申请人类别"), max_length=20)  # of the first principal
    closed_on = models.DateField(_("办结日期"), null=True)
    # Where it counts as concluded (statute.year_counts): its first answer's day, and the ground
    # of the latest answer of that year.
    counted_on = models.DateField(null=True)
    counted_ground = models.CharField(max_length=30, blank=True)
    answers = models.PositiveSmallIntegerField(default=0)  # how often it was answered
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    is_key = models.BooleanField(_("重点件"), default=False)  # set by a supervisor
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    at = models.DateTimeField(_("登记时间"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["organ", "-at", "-id"], name="matter_of_organ"),
            models.Index(fields=["organ", "state", "-at", "-id"], name="matter_by_state"),
            models.Index(fields=["organ", "ground", "-at", "-id"], name="matter_by_outcome"),
            models.Index(fields=["-at", "-id"], name="matter_newest"),
            # Of a large subtree, whose organs are too many to be named.
            models.Index(fields=["state", "-at", "-id"], name="matter_newest_of_state"),
            models.Index(fields=["ground", "-at", "-id"], name="matter_newest_of_outcome"),
            models.Index(
                fields=["-at", "-id"], condition=models.Q(is_key=True), name="matter_newest_key"
            ),
            models.Index(fields=["organ", "received_on"], name="matter_by_receipt"),
            models.Index(fields=["organ", "counted_on"], name="matter_by_count"),
            models.Index(
                fields=["organ", "due_on", "id"],
                condition=models.Q(is_open=True),
                name="matter_of_organ_due",
            ),
            models.Index(
                fields=["due_on", "id"], condition=models.Q(is_open=True), name="matter_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "part"], name="one_matter_of_a_part")
        ]


class Party(models.Model):
    """被征求意见方: a third party or joint maker of a matter; in events it is ``key`` alone."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="parties")
    key = models.CharField(max_length=10)  # "甲", "乙", ...
    joint_maker = models.BooleanField(_("共同制作机关"), default=False)
    organisation = models.CharField(_("单位名称"), max_length=120, blank=True)
    name = models.ForeignKey(SECRET, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(SECRET, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "key"], name="one_party_of_a_key")]


class LetterTemplate(models.Model):
    """文书模板: an organ's own text of a kind of letter, in versions; the newest is in force."""

    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)  # statute.letter_kinds
    number = models.PositiveIntegerField(_("版本"))
    text = models.TextField(blank=True)  # empty: back to the program's own
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "kind", "number"], name="one_template_of_a_number"
            )
        ]


class Letter(models.Model):
    """文书: one letter of a matter, or of a request for correction: drafted, numbered, sent.

    ``values`` are what was given to it; personal data among them are keys of the vault.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        NUMBERED = "numbered", _("已编号")
        SENT = "sent", _("已发出")
        VOID = "void", _("作废")

    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="letters")
    correction = models.ForeignKey(
        "Correction", models.PROTECT, null=True, related_name="letters"
    )  # either this or the matter
    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")  # as that of either
    kind = models.CharField(_("种类"), max_length=40)
    template = models.ForeignKey(LetterTemplate, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    values = models.JSONField(default=dict)
    dated = models.DateField(_("成文日期"), null=True)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    docx = models.ForeignKey("ledger.Attachment", models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey("ledger.Attachment", models.PROTECT, null=True, related_name="+")
    # What is to be printed, sealed, from its numbering until both files are made.
    shown = models.JSONField(default=dict)  # what a numbered one says, people's names masked
    composed = models.ForeignKey(SECRET, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    @property
    def unmade(self) -> bool:
        """Numbered, and its files are still to be made."""
        return self.composed_id is not None

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["organ", "-at", "-id"], name="letter_of_organ")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(matter__isnull=False, correction__isnull=True)
                | models.Q(matter__isnull=True, correction__isnull=False),
                name="letter_of_either",
            )
        ]

    @property
    def of(self) -> Matter | Correction:
        """What it is of."""
        found = self.matter or self.correction
        assert found is not None
        return found


class Link(models.Model):
    """关联: two matters that a person found alike: a repeat, or the same information."""

    class Kind(models.TextChoices):
        REPEAT = "repeat", _("重复申请")
        ALIKE = "alike", _("申请相同信息")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="links")
    other = models.ForeignKey(Matter, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "other", "kind"], name="one_link_of_a_pair")
        ]


class Redaction(models.Model):
    """遮盖: a file of a matter prepared for release: the marks, and what was made of them.

    ``marks`` are places and grounds, never what stands under them. The original stays as it is.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("标记中")
        MAKING = "making", _("正在制作")
        MADE = "made", _("已制作")
        FAILED = "failed", _("未通过核验")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="redactions")
    original = models.ForeignKey("ledger.Attachment", models.PROTECT, related_name="+")
    marks = models.JSONField(default=list)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    said = models.JSONField(default=list)  # of a failure: what is left, as [zh, en]
    made = models.ForeignKey("ledger.Attachment", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "original"],
                condition=~models.Q(state="made"),
                name="one_redaction_in_hand",
            )
        ]


class TrackingTries(models.Model):
    """查询次数: how often a tracking code, or an address, was refused of late (by its digest)."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)


class Correction(models.Model):
    """更正申请 (Art 41): of a record about the applicant; counts in no row and has no day count.

    What happened is its events (``correction.…`` of "correction/<pk>"), each holding an event of
    `gongkai.statute.side_matters`; ``state`` and ``settlement`` are projections of them.
    """

    request = models.OneToOneField(Request, models.PROTECT, related_name="correction")
    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")  # as its request's
    record = models.TextField(_("要求更正的记录"))
    state = models.CharField(_("状态"), max_length=12)  # side_matters.State
    settlement = models.CharField(_("处理"), max_length=12, blank=True)  # side_matters.Settlement
    is_open = models.BooleanField(default=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("登记时间"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["organ", "-at", "-id"], name="correction_of_organ")]


class FileCheck(models.Model):
    """案卷评查: closed matters of a period drawn by a supervisor, to be scored one by one."""

    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")  # the supervisor's
    title = models.CharField(_("名称"), max_length=80)
    first = models.DateField(_("办结日期从"))
    last = models.DateField(_("到"))
    seed = models.PositiveIntegerField(_("抽取号"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("抽取时间"))
    ended_at = models.DateTimeField(_("评查结束"), null=True)
    notice = models.TextField(_("评查意见"), blank=True)  # to the units, when it was ended
    answer_by = models.DateField(_("请于此日前回复"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["organ", "-at", "-id"], name="filecheck_of_organ")]


class Checked(models.Model):
    """一件案卷的评查: the points given for each item of `samples.ITEMS`, and what was found.

    ``points`` {"item id": points}; ``not_applicable``: ids of items the case has not. What is in
    neither is still open: no 0 is made up. The case is told as it stood when it was drawn, so that
    the record stays whole wherever its organ moves.
    """

    of = models.ForeignKey(FileCheck, models.CASCADE, related_name="files")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(_("编号"), max_length=40)
    title = models.CharField(_("事由"), max_length=200)
    organ_name = models.CharField(_("机关"), max_length=200)
    ground = models.CharField(_("办理结果"), max_length=30, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True)
    handler_name = models.CharField(_("经办人"), max_length=150, blank=True)
    points = models.JSONField(default=dict)
    not_applicable = models.JSONField(default=list)
    words = models.TextField(_("意见"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["of", "matter"], name="one_check_of_a_matter")
        ]


class OldLedger(models.Model):
    """旧台账: a workbook of past applications: checked first, then taken in whole, or not at all.

    The file holds personal data and is deleted when it was taken in, refused or dropped.
    """

    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")
    file = models.FileField(upload_to="imports/%Y")
    file_name = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=ImportRun.State.choices)
    # {"rows", "closed", "unlisted", "guessed", "errors", "warnings", "years": {year: {…: n}}}
    summary = models.JSONField(default=dict)
    # [[sheet, row, column, {"zh", "en", "warning"}]]: never what stands in the cell
    problems = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("结束"), null=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["organ", "-started_at"], name="old_ledger_of_organ")]


Holder = Matter | Correction
"""文书所属: what a letter is of."""
