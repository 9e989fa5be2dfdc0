"""机关列表: its columns and filters."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.web.organs import queries
from gongkai.web.organs.models import Level, Organ, OrganKind
from gongkai.web.shell import lists

_KINDS = dict(OrganKind.choices)
_LEVELS = dict(Level.choices)


def _in_state(rows: lists.Rows, value: str, today: date) -> lists.Rows:
    return (
        rows.filter(valid_to__isnull=True)
        if value == "valid"
        else rows.filter(valid_to__isnull=False)
    )


def spec(today: date) -> lists.Spec:
    """The list of organs as of a day."""

    def state(organ: Organ) -> lists.Cell:
        if organ.valid_to is None:
            return lists.Cell(_("存续"), badge="ok")
        return lists.Cell(_("%(day)s 撤销") % {"day": organ.valid_to.isoformat()}, badge="quiet")

    def parent(organ: Organ) -> lists.Cell:
        above = organ.parent
        return lists.Cell(above.short_name or above.name) if above else lists.Cell("")

    return lists.Spec(
        id="organs",
        title=_("机关"),
        columns=(
            lists.Column("name", _("名称"), lambda o: o.name, sort=("name",)),
            lists.Column("code", _("单位编号"), lambda o: o.code, sort=("code",), narrow=True),
            lists.Column("kind", _("性质"), lambda o: _KINDS[o.kind], narrow=True),
            lists.Column("level", _("层级"), lambda o: _LEVELS[o.level], narrow=True),
            lists.Column(
                "tree",
                _("上级机关"),
                parent,
                sort=("path",),
                unique=True,
                value=lambda o: o.parent.name if o.parent else "",
            ),
            lists.Column("credit_code", _("统一社会信用代码"), lambda o: o.credit_code),
            lists.Column("state", _("状态"), state, narrow=True),
        ),
        order="tree",
        filters=(
            lists.Filter(
                "kind",
                _("性质"),
                lambda rows, value: rows.filter(kind=value),
                choices=lambda: OrganKind.choices,
            ),
            lists.Filter(
                "level",
                _("层级"),
                lambda rows, value: rows.filter(level=value),
                choices=lambda: Level.choices,
            ),
            lists.Filter(
                "state",
                _("状态"),
                lambda rows, value: _in_state(rows, value, today),
                choices=lambda: [("valid", _("存续")), ("ended", _("已撤销"))],
            ),
            lists.Filter(
                "from",
                _("设立不早于"),
                lambda rows, value: rows.filter(valid_from__gte=value),
                kind="date",
            ),
        ),
        search=lambda rows, words: queries.found_by(rows, words),
        search_hint=_("名称、曾用名、编号"),
        acts=(lists.BulkAct("reconsideration", _("指定复议机关")),),
        empty_title=_("还没有机关"),
        empty_text=_("可以逐个设立，也可以在“导入导出”里一次导入整棵机关树。"),
        href=lambda organ: reverse("organs:organ", args=[organ.code]),
    )
