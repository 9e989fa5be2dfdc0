"""事件用语: what the values that events keep are called, and those kept as ids in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import clocks
from gongkai.web.organs.event_kinds import LISTINGS, MATTERS
from gongkai.web.organs.models import ROLES, Level, OrganKind, Particulars
from gongkai.web.organs.particulars_queries import FIELDS

# Row keys for the service itself; the same event keeps in words whose they are.
INNER = frozenset({"for_id", "seal", "signature", "event"})
LABELS: dict[str, Promise | str] = {
    **{n: Particulars._meta.get_field(n).verbose_name for n in FIELDS},  # type: ignore[union-attr]
    "name": _("名称或姓名"),
    "short_name": _("简称"),
    "username": _("登录名"),
    "phone": _("电话"),
    "email": _("电子邮箱"),
    "code": _("单位编号"),
    "kind": _("性质"),
    "level": _("层级"),
    "credit_code": _("统一社会信用代码"),
    "division_code": _("行政区划代码"),
    "parent": _("上级机关"),
    "successor": _("接受机关"),
    "successors": _("接受机关"),
    "predecessor": _("原机关"),
    "heir": _("接办在办事项"),
    "basis": _("依据文件"),
    "on": _("生效日"),
    "from": _("起始日"),
    "to": _("最后一天"),
    "body": _("行政复议机关"),
    "points": _("得分"),
    "complete": _("已评完"),
    "not_applicable": _("不适用的项数"),
    "subordinates": _("转隶的下级机关数"),
    "appointments_moved": _("转移的任职数"),
    "appointments_ended": _("结束的任职数"),
    "drafts_withdrawn": _("撤回的草稿数"),
    "label": _("设置项"),
    "setting": _("设置项"),
    "value": _("设置值"),
    "sha256": _("文件校验值（SHA-256）"),
    "paper": _("纸质签批"),
    "signed_by": _("签批人"),
    "signed_on": _("签批日期"),
    "names": _("历次名称"),
    "valid_from": _("起始日"),
    "role": _("角色"),
    "delegate": _("代理人"),
    "acting_for": _("代谁办理"),
    "reason": _("事由"),
    "purpose": _("事由"),
    "comment": _("意见"),
    "matter": _("提醒事项"),
    "due_on": _("办理期限"),
    "number": _("版本"),
    "file": _("文件"),
    "listing": _("列表"),
    "rows": _("行数"),
    "organs": _("机关数"),
    "people": _("人数"),
    "letter": _("文书"),
    "batch": _("批次"),
    "files": _("文件数"),
    "count": _("件数"),
    "carrier": _("格式"),
    "read": _("读到"),
    "given": _("改为"),
    "clock": _("期限的种类"),
    "year": _("年份"),
    "title": _("通知名称"),
}
_VALUES: dict[str, Mapping[str, Promise | str]] = {
    "role": dict(ROLES),
    "kind": dict(OrganKind.choices),
    "level": dict(Level.choices),
    "matter": MATTERS,
    "listing": LISTINGS,
}


def label(key: str) -> str:
    """What a value is called; its key where nobody named it."""
    return str(LABELS.get(key, key))


def value(key: str, kept: str) -> str:
    """A value in words, where it is kept as an id."""
    if key == "clock":
        return clocks.label(kept)
    return str(_VALUES.get(key, {}).get(kept, kept))
