"""事件的种类: what the events of the report desk say; `ledger.events` writes and reads them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.web.ledger import events

KINDS: dict[str, Promise] = {
    "desk.handed_in": _("交来第 %(batch)s 批报告"),
    "desk.read": _("读取“%(file)s”，为第 %(number)s 版"),
    "desk.read_again": _("要求重新读取“%(file)s”"),
    "desk.assigned": _("认定为 %(name)s %(year)s 年度的报告"),
    "desk.merged": _("认定为 %(name)s %(year)s 年度的报告，并入其版本"),
    "desk.unassigned": _("撤回认定，重新待认领"),
    "desk.confirmed": _("确认 %(label)s：%(value)s"),
    "desk.all_confirmed": _("确认全部存疑的单元格，%(count)s 格"),
    "desk.corrected": _("更正 %(label)s：%(read)s 改为 %(given)s"),
    "desk.undone": _("撤销对 %(label)s 的核对"),
    "desk.set_aside": pgettext_lazy("event", "移出报告台"),
    "desk.brought_back": pgettext_lazy("event", "放回报告台"),
    "desk.written": _("下载报告，格式 %(carrier)s"),
    "desk.rolled_up": _("汇总 %(count)s 份报告"),
    "desk.findings_exported": _("导出 %(count)s 份报告的检查发现"),
}
GROUPS: dict[str, Promise] = {"desk": _("报告台")}


def register() -> None:
    """Tells the ledger of them, when the app is ready."""
    events.register(KINDS, GROUPS)
