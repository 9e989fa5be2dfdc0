"""复议、诉讼的数据: one remedy against the answer to a matter, or against its silence.

Fields and constraints only. What happened to a remedy is its events in the ledger, each holding an
event of `gongkai.statute.remedy_events` (``new["event"]``); what stands here from ``state`` on is a
projection of them, made again by `life.project`.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

ORGAN = "organs.Organ"
NEVER = date(2199, 12, 31)  # due on no day; so that a list can be in this order


class Remedy(models.Model):
    """复议或者诉讼: several may stand against one answer, each a history of its own.

    ``against_…`` is what it attacks, as it was when the remedy began: the case may be answered
    anew since. A silence has no ``against_ground``. ``after``: the reconsideration before a suit.
    """

    matter = models.ForeignKey("applications.Matter", models.PROTECT, related_name="remedies")
    organ = models.ForeignKey(ORGAN, models.PROTECT, related_name="+")  # as its matter's
    part = models.PositiveSmallIntegerField(_("序号"))  # among those of its matter
    kind = models.CharField(_("救济种类"), max_length=30)  # remedy_results.Kind
    third_party = models.BooleanField(_("由第三方提起"), default=False)
    after = models.ForeignKey("self", models.PROTECT, null=True, related_name="suits")
    against_known = models.DateField(_("知道答复之日"))
    against_decided = models.DateField(_("答复日期"), null=True)
    against_ground = models.CharField(max_length=30, blank=True)  # grounds.Ground
    against_withheld = models.JSONField(default=list)  # of them
    against_told = models.BooleanField(_("答复写明救济途径"), default=True)

    state = models.CharField(_("状态"), max_length=12)  # remedy_table.State
    body = models.CharField(_("复议机关或者法院"), max_length=80)
    case_number = models.CharField(_("案号"), max_length=60, blank=True)
    filed_on = models.DateField(_("提起日期"))
    result = models.CharField(_("处理结果"), max_length=20, blank=True)  # remedy_results.Result
    column = models.CharField(_("计入的列"), max_length=12)  # remedy_results.Column
    counts = models.BooleanField(_("计入本机关"), default=True)  # by the rule of co-defendants
    concluded_on = models.DateField(_("审结日期"), null=True)
    due_on = models.DateField(_("本机关的期限"), default=NEVER)  # the soonest of its own
    is_open = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("登记时间"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["matter", "part"]
        indexes = [
            models.Index(fields=["organ", "-at", "-id"], name="remedy_of_organ"),
            models.Index(fields=["-at", "-id"], name="remedy_newest"),
            models.Index(
                fields=["organ", "due_on", "id"],
                condition=models.Q(is_open=True),
                name="remedy_of_organ_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["matter", "part"], name="one_remedy_of_a_part")
        ]
