"""失败页的文字: for each failure its status, what happened, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """失败的说法: the page's title and its sentences; ``again`` is the second a retry may help."""

    status: int
    title: str | Promise
    happened: str | Promise
    todo: str | Promise
    again: int | None = None


BAD_REQUEST = Words(
    400,
    _("请求无法处理"),
    _("浏览器发来的内容不完整或不合规定，没有处理。"),
    _("请返回上一页重新操作。"),
)
NULL_CHARACTER = Words(
    400,
    _("内容里有空字符"),
    _("地址或者填写的内容里有看不见的空字符（U+0000），不能保存，也不能用来查找，没有处理。"),
    _("请返回上一页，删去从别处复制来的那段文字，重新输入。"),
)
WRONG_HOST = Words(
    400,
    _("地址不对"),
    _("本系统不以这个主机名提供服务。"),
    _("请核对浏览器地址栏；如需使用这个主机名，请管理员写入设置 GONGKAI_HOSTS。"),
)
SIGNED_OUT = Words(
    400,
    _("登录已结束"),
    _("处理期间，这次登录被退出。"),
    _("请重新登录，再看看刚才的操作是否已经完成。"),
)
STALE_FORM = Words(
    403,
    _("页面已过时"),
    _("这个页面打开以后您重新登录过，它的安全标记已经失效，所以没有处理。"),
    _("内容无误的，请在这里再提交一次。"),
)
FOREIGN_FORM = Words(
    403,
    _("提交被拒绝"),
    _("这次提交没有带来有效的安全标记，可能不是从本系统的页面发出的，所以没有处理。"),
    _("请从本系统的页面重新操作；浏览器如禁用了 Cookie，请对本站放开。"),
)
FORBIDDEN = Words(
    403,
    _("您现在的身份不能打开这个页面"),
    _("这个页面要由别的角色使用。"),
    _("如果这是您的职责，请联系本机关的系统管理员。"),
)
NOT_FOUND = Words(
    404,
    _("没有找到"),
    _("地址不存在，或者您无权查看。"),
    _("请核对地址；如果有人让您看这里，请向他确认您的身份是否能看。"),
)
METHOD = Words(
    405,
    _("不能这样打开"),
    _("这个地址只接受从页面上按钮发出的操作，不能直接打开。"),
    _("请返回上一页，用页面上的按钮操作。"),
)
TOO_LARGE = Words(
    413,
    _("上传的内容太大"),
    _("这次提交超过了上限，没有接收。"),
    _("请缩小或拆分文件后重新上传。"),
)
TOO_MANY_FIELDS = Words(
    413,
    _("表单项太多"),
    _("这次提交的表单项超过了上限，没有接收。"),
    _("请分几次提交，或改用文件导入。"),
)
TOO_OFTEN = Words(
    429,
    _("操作太频繁"),
    _("短时间内请求太多，暂时不再处理。"),
    _("请稍等片刻再试。"),
    again=60,
)
UNEXPECTED = Words(
    500,
    _("系统出错"),
    _("系统内部出错，已记入日志。"),
    _("请稍后再试；仍然不行的，请把请求编号告诉系统管理员。"),
)
BUSY = Words(
    503,
    _("数据库正忙"),
    _("数据库正被别的操作占用，等待超时。"),
    _("通常几秒钟就好，请再试一次。"),
    again=5,
)
GONE = Words(
    503,
    _("数据库暂时不能使用"),
    _("现在连接不上数据库。"),
    _("请稍后再试；几分钟后仍然不行的，请把请求编号告诉系统管理员。"),
    again=30,
)
READ_ONLY = Words(
    503,
    _("数据库现在只能读"),
    _("数据库现在不能写入，可能正在维护。"),
    _("查询不受影响；需要保存的，请稍后再试。"),
    again=30,
)
FULL = Words(
    507,
    _("存储空间已满"),
    _("服务器的存储空间已满，无法保存。"),
    _("请告诉系统管理员清理空间，然后再试一次。"),
)
STORE = Words(
    503,
    _("文件存储暂时不能使用"),
    _("现在连接不上存放文件的对象存储。"),
    _("请稍后再试；几分钟后仍然不行的，请把请求编号告诉系统管理员。"),
    again=30,
)

NOTHING_CHANGED = _("没有改动任何数据。")
TYPED_STAYS = _("您填写的内容保留在本页，没有留下做了一半的改动。")
TYPED_IN_BROWSER = _("没有留下做了一半的改动；填写的内容可以用浏览器的“后退”找回。")
FILES_AGAIN = _("附件不能保留，须重新选择。")
SECRETS_AGAIN = _("密码不保留，须重新填写。")

ROLES: dict[str, str | Promise] = {
    "handler": _("经办人"),
    "reviewer": _("审核人"),
    "approver": _("批准人"),
    "supervisor": _("监督员"),
    "auditor": _("审计员"),
    "administrator": _("系统管理员"),
}
