"""机关的数据: organs through time, appointments and delegations, published particulars.

Fields and constraints only. What changes them is `actions`, what reads them is `queries`.
Periods are half open: ``valid_from <= day < valid_to``; an empty ``valid_to`` means still valid.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gongkai.web.shell.access import Role


class OrganKind(models.TextChoices):
    """机关性质: what an organ is, as far as its duties differ."""

    GOVERNMENT = "government", _("人民政府")
    OFFICE = "office", _("政府办公厅（室）")
    DEPARTMENT = "department", _("工作部门")
    DISPATCHED = "dispatched", _("派出机构")
    SUBDISTRICT = "subdistrict", _("街道办事处")
    VERTICAL = "vertical", _("垂直管理部门")
    AUTHORISED = "authorised", _("授权组织")
    PUBLIC_SERVICE = "public_service", _("公共企事业单位")


class Level(models.TextChoices):
    """行政层级: of the government an organ belongs to."""

    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡级")


ROLES = [
    (Role.HANDLER.value, _("经办人")),
    (Role.REVIEWER.value, _("审核人")),
    (Role.APPROVER.value, _("批准人")),
    (Role.SUPERVISOR.value, _("监督员")),
    (Role.AUDITOR.value, _("审计员")),
    (Role.ADMINISTRATOR.value, _("系统管理员")),
]


class Period(models.Model):
    """有效期: from a day on, up to but not including another."""

    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        abstract = True


def _ordered(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=name
    )


class Organ(Period):
    """行政机关: one organ from founding to end. ``path`` orders the tree and finds subtrees.

    Name, parent and path are those of today; their history is OrganName and Placement.
    """

    code = models.CharField(
        _("单位编号"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9-]{2,32}\Z", _("单位编号用大写字母、数字和短横。"))],
    )
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    kind = models.CharField(_("性质"), max_length=20, choices=OrganKind.choices)
    level = models.CharField(_("层级"), max_length=20, choices=Level.choices)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    division_code = models.CharField(_("行政区划代码"), max_length=12, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    position = models.PositiveIntegerField(_("排序"), default=0)
    # "00010003": four digits of position for each step down, made by `tree`. Digits only: every
    # database's collation orders them alike.
    path = models.CharField(max_length=64, unique=True)
    # Every name and code it was ever known by, for finding it.
    known_as = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("机关")
        indexes = [
            models.Index(fields=["name", "id"], name="organ_by_name"),
            models.Index(fields=["kind", "path"], name="organ_by_kind"),
            models.Index(fields=["parent", "position"], name="organ_by_parent"),
        ]
        constraints = [
            _ordered("organ_period_ordered"),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code="") & Q(valid_to__isnull=True),
                name="one_living_organ_of_a_credit_code",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganName(Period):
    """机关名称: what an organ was called when; an old report keeps the name of its day."""

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="names")
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            _ordered("organ_name_period_ordered"),
            models.UniqueConstraint(
                fields=["organ"], condition=Q(valid_to__isnull=True), name="one_name_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(Period):
    """隶属关系: whose subordinate an organ was when."""

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            _ordered("placement_period_ordered"),
            models.UniqueConstraint(
                fields=["organ"], condition=Q(valid_to__isnull=True), name="one_parent_at_a_time"
            ),
        ]


class Succession(models.Model):
    """撤并: whose duties passed to whom on which day, by which document.

    Open work of the predecessor is the successor's from that day, told by this row, not by moving
    cases. ``reports``: this successor writes the predecessor's annual report of that year.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("合并")
        SPLIT = "split", _("分设")

    kind = models.CharField(_("方式"), max_length=10, choices=Kind.choices)
    predecessor = models.ForeignKey(Organ, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organ, models.PROTECT, related_name="inheritances")
    effective_on = models.DateField(_("生效日"))
    basis = models.CharField(_("依据文件"), max_length=200)
    takes_open_work = models.BooleanField(_("接办在办事项"), default=True)
    reports = models.BooleanField(_("编写当年年度报告"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="one_succession_a_pair"
            ),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(reports=True),
                name="one_reports_for_predecessor",
            ),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(takes_open_work=True),
                name="one_takes_open_work",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_of_another"
            ),
        ]


class Reconsideration(Period):
    """行政复议机关: who hears reconsideration against an organ, by period (行政复议法 24-28)."""

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="reconsiderations")
    body = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="+")
    body_name = models.CharField(_("复议机关名称"), max_length=120)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [_ordered("reconsideration_period_ordered")]


class OrganSetting(models.Model):
    """机关设置: a value an organ sets for itself and all below it that set none (`preferences`)."""

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="settings")
    key = models.CharField(max_length=60)
    value = models.CharField(max_length=400)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "key"], name="one_value_of_a_setting")
        ]


class Seal(Period):
    """印章图样: the picture printed where a seal goes, by period; kept when replaced."""

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="seals")
    picture = models.FileField(upload_to="seals/%Y")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            _ordered("seal_period_ordered"),
            models.UniqueConstraint(
                fields=["organ"], condition=Q(valid_to__isnull=True), name="one_seal_at_a_time"
            ),
        ]


class Particulars(models.Model):
    """指南要素: what the guide says of an organ's disclosure office (条例 Art 12), in versions.

    Drafted, reviewed and approved by three people; the newest approved version is the one in force.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        REVIEWED = "reviewed", _("待批准")
        APPROVED = "approved", _("已批准")
        RETURNED = "returned", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="particulars")
    number = models.PositiveIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    office = models.CharField(_("政府信息公开工作机构"), max_length=120)
    address = models.CharField(_("办公地址"), max_length=200)
    postcode = models.CharField(_("邮政编码"), max_length=6)
    hours = models.CharField(_("办公时间"), max_length=200)
    phone = models.CharField(_("联系电话"), max_length=60)
    fax = models.CharField(_("传真"), max_length=60, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    website = models.URLField(_("网上申请地址"), blank=True)
    remarks = models.TextField(_("受理说明"), max_length=2000, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("起草时间"))
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["state", "approved_at"], name="particulars_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organ", "number"], name="one_number_of_particulars"),
            models.UniqueConstraint(
                fields=["organ"],
                condition=Q(state__in=["draft", "submitted", "reviewed", "returned"]),
                name="one_open_draft_of_particulars",
            ),
        ]


class Signature(models.Model):
    """审批意见: who reviewed or approved what, for whom, on screen or on paper."""

    class Step(models.TextChoices):
        REVIEW = "review", _("审核")
        APPROVE = "approve", _("批准")
        OVERSEE = "oversee", _("监督")  # a supervisor's return, which counts for no step

    particulars = models.ForeignKey(Particulars, models.CASCADE, related_name="signatures")
    step = models.CharField(_("环节"), max_length=10, choices=Step.choices)
    agreed = models.BooleanField(_("同意"))
    comment = models.CharField(_("意见"), max_length=500, blank=True)
    # Who decided; on paper this may be a person who never signs in.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("签批人"), max_length=60)
    delegation = models.ForeignKey("Delegation", models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(_("签批日期"))
    scan = models.FileField(_("纸质签批扫描件"), upload_to="paper/%Y", blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at"]


class Reminder(models.Model):
    """提醒: a supervisor reminds an organ of a matter, or sends it back for correction.

    ``subject`` is the matter's address, such as ``particulars/SF-0101``; any app may have its own.
    Open until it is answered by what was asked for, or withdrawn; one at a time of a subject.
    """

    class Kind(models.TextChoices):
        REMIND = "remind", _("提醒")
        RETURN = "return", _("退回更正")

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="reminders")
    subject = models.CharField(max_length=80)
    kind = models.CharField(_("方式"), max_length=10, choices=Kind.choices)
    words = models.CharField(_("内容"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # For which organ the supervisor acted: who acts for it or above it may withdraw.
    given_for = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_on = models.DateField(_("办理期限"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_reminder_of_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="reminder_answered_or_withdrawn",
            ),
        ]


class Appointment(Period):
    """任职: a role that an account holds for an organ."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointments"
    )
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="appointments")
    role = models.CharField(_("角色"), max_length=20, choices=ROLES)

    class Meta:
        constraints = [
            _ordered("appointment_period_ordered"),
            models.UniqueConstraint(
                fields=["account", "organ", "role"],
                condition=Q(valid_to__isnull=True),
                name="one_open_appointment",
            ),
        ]


class Delegation(Period):
    """授权代理: who acts in another's appointment between two days; both days are given."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations"
    )
    reason = models.CharField(_("事由"), max_length=200)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [_ordered("delegation_period_ordered")]


class ImportRun(models.Model):
    """导入: one workbook of organs or people: checked first, then applied whole or not at all."""

    class State(models.TextChoices):
        CHECKING = "checking", _("正在核对")
        CHECKED = "checked", _("已核对，待导入")
        REFUSED = "refused", _("有误，未导入")
        APPLYING = "applying", _("正在导入")
        APPLIED = "applied", _("已导入")
        FAILED = "failed", _("未能完成")
        DROPPED = "dropped", _("已放弃")

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    file = models.FileField(upload_to="imports/%Y")
    file_name = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("结束"), null=True)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # [{"id", "count"}]: each kind and how often; where they stand is kept beside the file.
    problems = models.JSONField(default=list)
    # {"sheets": {"organs": {"new": n, ...}, ...}, "errors", "warnings", "changes", "digest", ...}
    summary = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at"]
