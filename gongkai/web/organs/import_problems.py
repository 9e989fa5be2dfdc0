"""导入的问题: what is wrong with a row and what to write instead, each with an id of its own.

The words are made when they are shown, in the language of whoever reads them. ``hint`` words say
what to do; a problem that is a warning stops nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.organs import workbook
from gongkai.web.shell.languages import lang

# The words of the file itself, which are Chinese in every language.
FIXED = {
    "organs_sheet": workbook.ORGANS.title,
    "names_sheet": workbook.NAMES.title,
    "people_sheet": workbook.PEOPLE.title,
    "posts_sheet": workbook.APPOINTMENTS.title,
    "active": workbook.ACTIVE,
}
SENTENCES: dict[str, Promise] = {
    # the workbook
    "book.unreadable": _("文件读不出来：%(why)s 请用办公软件打开后另存为 .xlsx 再上传。"),
    "book.no_sheet": _("没有可以导入的表。表名应为：%(titles)s。请使用下载的模板。"),
    "book.empty": _("各表都没有内容。请在列名下面填写后再上传。"),
    "sheet.unknown": _("不认识这张表。请把表名改为 %(titles)s 之一，或删去这张表。"),
    "sheet.twice": _("表名重复。请把内容合到一张表里。"),
    "sheet.hidden": _("这张表是隐藏的，没有读取。请取消隐藏，或删去这张表。"),
    "column.unknown": _("这张表没有这一列。请改为 %(labels)s 之一，或删去这一列。"),
    "column.twice": _("这一列出现了两次。请删去一列。"),
    "column.missing": _("缺少“%(label)s”列。请补上这一列。"),
    # a cell
    "cell.needed": _("必须填写。"),
    "cell.unheaded": _("这一列没有列名。请补上列名，或删去内容。"),
    "cell.formula": _("是公式。请改为写入它的结果。"),
    "cell.error": _("是电子表格的错误值。请改为写入正确的内容。"),
    "cell.bool": _("是逻辑值。请改为文字。"),
    "cell.long": _("超过 %(most)s 个字符（现有 %(found)s 个）。请缩短。"),
    "cell.signs": _("含有看不见的控制字符。请重新输入。"),
    "cell.date": _("不是日期。请写成 2024-01-01。"),
    "cell.date_text": _("应是文字，单元格却是日期格式。请把单元格格式改为“文本”后重新输入。"),
    "cell.choice": _("只能填：%(allowed)s。"),
    "cell.inexact": _("数字超过 15 位，已被电子表格改写。请把单元格格式改为“文本”后重新输入。"),
    "cell.not_whole": _("代码不能是小数。请把单元格格式改为“文本”后重新输入。"),
    "code.shape": _("单位编号用大写字母、数字和短横，2 至 32 个字符。可改为 %(instead)s。"),
    "code.shape_bare": _("单位编号用大写字母、数字和短横，2 至 32 个字符。请重新编号。"),
    "credit.wrong": _("不是有效的统一社会信用代码（18 位，末位为校验码）。请对照登记证书改正。"),
    "credit.check": _("校验码不对：前 17 位若无误，末位应为 %(instead)s。请对照登记证书改正。"),
    "division.wrong": _("行政区划代码应为 6、9 或 12 位数字。请对照改正；没有的留空。"),
    "username.shape": _("登录名只能用文字、数字和 . @ - _。请去掉其他符号和空格。"),
    "phone.shape": _("电话只能有数字、空格和 + - ( ) 转，至少 3 位数字；多个用顿号隔开。"),
    "email.shape": _("不是电子邮箱地址。应像 name@example.cn；没有的留空。"),
    # rows of a sheet
    "row.twice": _("与第 %(first)s 行重复：%(key)s。请删去一行。"),
    "period.order": _("“%(to)s”应晚于“%(since)s”（%(day)s）。请改正其中一个。"),
    "period.overlap": _("与 %(since)s 至 %(to)s 的一段重叠。请改正日期，或先给那一段写上止日。"),
    "period.overlap_open": _("与 %(since)s 起仍有效的一段重叠。请先给那一段写上止日。"),
    "period.reopen": _("已于 %(day)s 结束，导入不能让它重新有效。请恢复止日，或另加一行。"),
    "period.ahead": _("不能晚于今天（%(today)s）。请在生效当日或之后再导入。"),
    # organs
    "organ.unknown": _("没有这个单位编号。请核对，或在“%(organs_sheet)s”表里加上它。"),
    "organ.outside": _("不在您管理的范围（%(top)s）内。请删去这一行，由其管理员办理。"),
    "organ.before": _("早于机关设立（%(day)s）。请改正。"),
    "organ.ended": _("机关已于 %(day)s 撤销，止日不能为空或更晚。请写上止日。"),
    "organ.founded": _("系统中的设立日期是 %(day)s，还有更早的记录，不能改为这一天。"),
    "organ.reopen": _("机关已于 %(day)s 撤销，导入不能恢复。请恢复这个日期，或在机关页撤回撤销。"),
    "organ.ended_on": _("系统中的撤销日期是 %(day)s，导入不能改。请恢复这个日期。"),
    "organ.ends_early": _("应晚于设立、最近一次更名和改变隶属（%(day)s）。请改正。"),
    "organ.living": _("尚有下级机关未撤销：%(names)s。请先让它们撤销或改变隶属。"),
    "organ.top_ends": _("不能撤销您自己所管理的机关。请删去这个日期。"),
    "parent.missing": _("没有这个单位编号。请核对上级编号，或在“%(organs_sheet)s”表里加上它。"),
    "parent.outside": _("上级不在您管理的范围（%(top)s）内。请写范围内的上级编号。"),
    "parent.top": _("这是您所管理的最高机关，导入不能改变它的上级。请恢复为 %(code)s。"),
    "parent.none": _("只有最高一级机关可以没有上级。请写上级编号。"),
    "parent.loop": _("上下级成环：%(loop)s。请改正其中一个上级编号。"),
    "parent.day": _("上级由 %(old)s 改为 %(new)s，请写从哪天起（晚于 %(day)s，不晚于今天）。"),
    "parent.not_valid": _("隶属起始之日（%(day)s）上级尚未设立或已撤销。请改正日期或上级。"),
    "parent.outlived": _("上级已于 %(day)s 撤销。请写另一个上级，或写撤销日期。"),
    "parent.full": _("上级的直接下级已满（9998 个）。请分到不同的上级之下。"),
    "parent.deep": _("层级超过 16 层。请放到较高的上级之下。"),
    "placed.fixed": _("上级没有变，系统中的隶属起始日期是 %(day)s。请恢复，或留空。"),
    "placed.before": _("早于设立日期（%(day)s）。请改正，或留空。"),
    "credit.twice": _("与第 %(first)s 行（%(code)s）的代码相同。请对照登记证书改正其中一个。"),
    "credit.taken": _("这个代码已属于另一个机关（%(code)s）。请对照登记证书改正。"),
    "credit.taken_outside": _("这个代码已属于范围之外的另一个机关。请对照登记证书改正。"),
    # names
    "name.renamed": _(
        "名称由“%(old)s”改为“%(new)s”：请在“%(names_sheet)s”表加一行，写原名称、"
        "启用日期 %(day)s 和停用日期。"
    ),
    "name.gap": _("前一个名称用到 %(day)s，这一个应从那天启用。请改为 %(day)s。"),
    "name.first": _("第一个名称应从设立之日启用。请改为 %(day)s。"),
    "name.past": _("现名称应在停用之日启用，而机关已于 %(day)s 撤销。请改正。"),
    # reconsideration
    "body.missing": _("没有这个单位编号。请核对；不在系统里的机关只写名称。"),
    "body.none": _("请写复议机关编号或名称。"),
    # people
    "person.unknown": _("没有这个登录名。请核对，或在“%(people_sheet)s”表里加上他。"),
    "person.outside": _(
        "这个登录名已由范围之外的人使用。要任命此人，请由共同的上级机关办理；若是另一人，请换一个登录名。"
    ),
    "person.elsewhere": _(
        "此人由另一机关的系统管理员管理。请由共同的上级机关任命，或请其系统管理员先免去其现有任职；若是另一人，请换一个登录名。"
    ),
    "person.operator": _("这是运维账号，不担任机关的角色。请换一个登录名。"),
    "person.shared": _("此人在您管理的范围之外也有任职，导入不能改他的资料。请恢复为原来的内容。"),
    "person.self": _("不能停用自己的账号。请写“%(active)s”。"),
    "person.no_post": _("新人员没有任职，导入后无人管理其账号。请在“%(posts_sheet)s”表加一行。"),
    "role.suspended": _("账号已停用，不能任命。请先启用，或删去这一行。"),
    "role.auditor": _(
        "审计员在其审计的机关范围内不能担任其他角色，否则审计的是自己的办理。请删去其中一行，或写明前一项的免职日期。"
    ),
    "role.administrator": _(
        "系统管理员在其管理的机关范围内不能审核、批准，否则可以自行任命、自行批准。请删去其中一行，或写明前一项的免职日期。"
    ),
    "role.last": _("不能免去自己现在的系统管理员。请由另一位管理员办理。"),
    # warnings
    "warn.same_name": _("与第 %(first)s 行（%(code)s）名称相同。确是两个机关就不用改。"),
    "warn.same_name_known": _("与系统中的 %(code)s 名称相同。确是两个机关就不用改。"),
    "warn.ends_posts": _("撤销时，在这个机关的 %(count)s 个任职同时结束。"),
    "warn.suspended": _("账号停用后不能登录，现有的登录立即结束。"),
}


@dataclass(slots=True)
class Problem:
    """一处问题: where it stands, what stands there, which it is. Row 0 is the sheet itself."""

    id: str
    sheet: str  # the sheet's name as the file has it
    row: int = 0
    place: int = -1  # the column from 0; -1 where it is the whole row
    label: str = ""
    value: str = ""
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def warning(self) -> bool:
        return self.id.startswith("warn.")

    def as_json(self) -> list[Any]:
        """As short as it can be: there may be many."""
        return [
            self.id,
            self.sheet,
            self.row,
            self.place,
            self.label,
            self.value[:200],
            dict(self.about),
        ]

    @classmethod
    def from_json(cls, said: list[Any]) -> Problem:
        return cls(*said)

    @property
    def words(self) -> str:
        """The sentence, in the language of the request."""
        values = {**FIXED, **self.about}
        if lang() == "en" and "why_en" in values:
            values["why"] = values["why_en"]
        return str(SENTENCES[self.id]) % values
