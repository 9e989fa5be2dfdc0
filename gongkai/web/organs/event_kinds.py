"""事件的种类: what the events of organs and people say; `ledger.events` writes and reads them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.web.ledger import events
from gongkai.web.organs import preferences
from gongkai.web.organs.models import ROLES

KINDS: dict[str, Promise] = {
    "organ.founded": _("设立机关 %(name)s"),
    "organ.changed": pgettext_lazy("event", "修改机关信息"),
    "organ.renamed": _("机关更名为 %(name)s"),
    "organ.moved": _("改为隶属 %(parent)s"),
    "organ.merged": _("并入 %(successor)s"),
    "organ.split": _("分设为 %(successors)s"),
    "organ.received": _("接受 %(predecessor)s 的职责和在办事项"),
    "organ.closed": pgettext_lazy("event", "撤销机关"),
    "organ.reopened": pgettext_lazy("event", "撤回撤销"),
    "organ.reconsideration": _("复议机关改为 %(body)s"),
    "organ.setting": _("设置“%(label)s”改为 %(value)s"),
    "organ.setting_cleared": _("设置“%(label)s”恢复沿用上级"),
    "organ.seal": pgettext_lazy("event", "更换印章图样"),
    "organ.seal_ended": pgettext_lazy("event", "停用印章图样"),
    "person.added": _("建立账号 %(name)s"),
    "person.changed": _("修改账号 %(name)s"),
    "person.suspended": _("停用账号 %(name)s"),
    "person.restored": _("启用账号 %(name)s"),
    "person.password_reset": _("重置 %(name)s 的密码"),
    "person.password_due": _("要求 %(name)s 修改密码"),
    "person.password_not_due": _("不再要求 %(name)s 修改密码"),
    "person.sessions_ended": _("结束 %(name)s 的全部会话"),
    "person.unlocked": _("解除账号 %(name)s 的锁定"),
    "person.second_factor_reset": _("清除 %(name)s 的动态口令"),
    "person.unmasked": _("查看 %(name)s 的联系方式，事由：%(purpose)s"),
    "role.given": _("任命 %(name)s 为%(role)s"),
    "role.ended": _("免去 %(name)s 的%(role)s"),
    "delegation.given": _("%(name)s 的%(role)s职责由 %(delegate)s 代理"),
    "delegation.revoked": _("收回 %(delegate)s 的代理"),
    "capacity.switched": _("切换身份为%(role)s"),
    "particulars.drafted": _("起草指南要素第 %(number)s 版"),
    "particulars.changed": _("修改指南要素第 %(number)s 版"),
    "particulars.submitted": _("提交审核指南要素第 %(number)s 版"),
    "particulars.recalled": _("取回指南要素第 %(number)s 版修改"),
    "particulars.reviewed": _("审核通过指南要素第 %(number)s 版"),
    "particulars.approved": _("批准指南要素第 %(number)s 版"),
    "particulars.returned": _("退回指南要素第 %(number)s 版"),
    "particulars.withdrawn": _("撤回指南要素第 %(number)s 版"),
    "particulars.sent_back": _("监督员退回生效的指南要素第 %(number)s 版，要求更正"),
    "organ.reminded": _("监督员提醒办理%(matter)s"),
    "reminder.withdrawn": _("撤回对%(matter)s的提醒"),
    "import.applied": _("导入 %(file)s：机关 %(organs)s 个，人员 %(people)s 人"),
    "export.made": _("导出 %(listing)s，%(rows)s 行"),
}


# 分类: the part of a kind before the dot, for filtering.
GROUPS: dict[str, Promise] = {
    "organ": _("机关"),
    "person": _("人员"),
    "role": _("任职"),
    "delegation": _("授权代理"),
    "capacity": _("切换身份"),
    "particulars": _("指南要素"),
    "reminder": _("提醒"),
    "import": _("导入"),
    "export": _("导出"),
}
# What reminders can be of: the first part of their subjects.
MATTERS: dict[str, Promise] = {"particulars": _("指南要素")}
LISTINGS: dict[str, Promise] = {
    "organs": _("机关"),
    "people": _("人员"),
    "delegations": _("授权代理"),
    "events": _("事件"),
    "outbox": _("待发消息"),
    "account_events": _("登录与账号"),
    "workbook": _("机关和人员"),
}


def register() -> None:
    """Tells the ledger of them, when the app is ready."""
    events.register(
        KINDS,
        GROUPS,
        words={"role": dict(ROLES), "matter": MATTERS, "listing": LISTINGS},
        told=preferences.told,
    )


def listing(key: str) -> str:
    """What a list is called."""
    return str(LISTINGS.get(key, key))
