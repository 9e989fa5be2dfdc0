"""样式一览: every component in every state, for whoever builds pages. With GONGKAI_DEBUG only.

Every name and figure here is invented.
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gongkai.web.shell import lists
from gongkai.web.shell.access import public
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.look import Act, Entry, Fact, Grid, GridCell, GridRow, Step
from gongkai.web.shell.seen import Both
from gongkai.web.shell.widgets import Picker


@public
def show(request: HttpRequest) -> HttpResponse:
    """组件图集: answers itself to whatever its samples ask."""
    if not settings.DEBUG:
        raise Http404
    if "q" in request.GET and request.headers.get("HX-Request") == "true":
        return render(request, "components/suggestions.html", _suggestions(request.GET["q"]))
    return render(request, "styleguide.html", _samples())


ORGANS = [
    ("SF-0101 松风区档案局", "松风区档案局", "SF-0101"),
    ("SF-0102 松风区教育局", "松风区教育局", "SF-0102"),
    ("SF-0203 松风区云溪街道办事处", "松风区云溪街道办事处", "SF-0203"),
    ("SF-0311 松风区水务局", "松风区水务局", "SF-0311"),
]


def _suggestions(words: str) -> dict[str, Any]:
    return {"options": [o for o in ORGANS if words and words in o[0]]}


def _samples() -> dict[str, Any]:
    return {
        "sample": _sample_request(),
        "toasts": _toasts(),
        "acts": _acts(),
        "acts_off": [Act(_("批准"), post="#", why_not=_("您是起草人，须由他人批准。"))],
        "facts": _facts(),
        "entries": _entries(),
        "steps": _steps(),
        "form": Sample(initial={"name": "松风区档案局", "opened": "2026-03-02"}),
        "wrong": _wrong(),
        "upload": Upload(auto_id="upload_%s"),
        "listing": _listing(),
        "bare": _bare(),
        "grid": _grid(),
        "tabs": [(_("基本信息"), "#tabs", True, ""), (_("人员"), "#tabs", False, 12)],
        "crumbs": [(_("首页"), "/"), (_("机关"), "/"), ("白鹭市松风区人民政府", "/")],
        "months": [f"{n}" for n in range(1, 13)],
        "by_month": [(_("收到"), [12, 9, 14, 22, 18, 16, 11, 13, 19, 24, 17, None])],
        "years": ["2021", "2022", "2023", "2024", "2025"],
        "by_year": [
            (_("予以公开"), [86, 104, 131, 128, 142]),
            (_("部分公开"), [22, 31, 28, 40, 37]),
            (_("不予公开"), [14, 9, 17, 21, 12]),
        ],
        "consequences": [
            _("今后的申请由松风区文化和旅游局接收。"),
            _("在办的 7 件申请转由松风区文化和旅游局办理，期限不变。"),
            _("历史年度报告仍署松风区文物局。"),
        ],
        "both_sides": [
            Both(_("联系电话"), "0000-00001111", "0000-00002222"),
            Both(_("办公时间"), _("工作日 9:00—17:00"), ""),
        ],
        "ask": forms.Form(auto_id="ask_%s"),
        "failure": _failure(),
    }


class Officer:
    """Somebody signed in."""

    is_authenticated = True

    def __str__(self) -> str:
        return "甲经办"


def _sample_request() -> SimpleNamespace:
    archive = SimpleNamespace(name="白鹭市松风区档案局")
    held = [
        SimpleNamespace(key="a1", organ=archive, role_label=_("经办人"), acting_for=""),
        SimpleNamespace(
            key="d2",
            organ=SimpleNamespace(name="白鹭市松风区人民政府办公室"),
            role_label=_("批准人"),
            acting_for="丙批准",
        ),
    ]
    user = Officer()
    return SimpleNamespace(user=user, capacities=held, lent=held[1], get_full_path="/styleguide/")


def _toasts() -> list[Message]:
    return [
        Message(messages.SUCCESS, _("已提交审核。"), "undo:/styleguide/"),
        Message(messages.INFO, _("这份表单已经提交过，这是上次的结果。")),
        Message(messages.WARNING, _("2027 年工作日安排尚未公布，到期日为暂定。")),
        Message(messages.ERROR, _("没有保存：数据库正忙，请稍后再试。")),
    ]


def _acts() -> list[Act]:
    return [
        Act(_("提交审核"), post="/styleguide/", tone="primary"),
        Act(_("编辑"), href="#acts"),
        Act(_("导出"), href="#acts"),
        Act(
            _("撤销机关"),
            post="/styleguide/",
            tone="danger",
            confirm=_("撤销后不能再以该机关名义办理。确定撤销吗？"),
        ),
    ]


def _facts() -> list[Fact]:
    return [
        Fact(_("单位编号"), "SF-0101"),
        Fact(_("状态"), _("有效"), badge="ok"),
        Fact(_("上级"), "白鹭市松风区人民政府", href="#facts"),
        Fact(_("统一社会信用代码"), "11990000MB0000000X"),
        Fact(_("行政区划代码"), ""),
        Fact(_("设立日期"), "2019-03-21", note=_("依据：松政发〔2019〕8号")),
        Fact(
            _("曾用名称"),
            ["白鹭市松风区档案馆（2004-2014）", "白鹭市松风区档案史志局（2014-2019）"],
            wide=True,
        ),
    ]


def _entries() -> list[Entry]:
    at = datetime(2026, 11, 24, 6, 12, tzinfo=UTC)
    return [
        Entry(at, _("批准指南要素第 4 版"), _("丙批准 · 批准人"), tone="ok"),
        Entry(
            at.replace(hour=3),
            _("退回指南要素第 3 版"),
            _("乙审核 · 审核人"),
            _("办公时间与市政府公布的不一致，请核对冬令时。"),
            tone="bad",
        ),
        Entry(
            at.replace(day=20, hour=1),
            _("修改指南要素第 3 版"),
            _("甲经办 · 经办人"),
            changes=[
                (_("办公时间"), "9:00-12:00，13:00-17:00", "9:00-12:00，13:30-17:30"),
                (_("传真"), "", "0999-5550102"),
            ],
            href="#timeline",
        ),
        Entry(at.replace(day=18), _("起草指南要素第 3 版"), _("甲经办 · 经办人，代 辛两岗")),
    ]


def _steps() -> list[Step]:
    return [
        Step(_("起草"), "done", href="#stepper", note=_("甲经办 11-18")),
        Step(_("审核"), "wrong"),
        Step(_("批准"), "now"),
        Step(_("公布")),
    ]


class Sample(forms.Form):
    """A field of every kind."""

    sections = [
        (gettext_lazy("基本信息"), ["name", "parent", "kind", "opened", "staff"]),
        (
            gettext_lazy("联系"),
            gettext_lazy("公布在信息公开指南中，任何人可见。"),
            ["phone", "email", "hours", "channels", "reply"],
        ),
    ]

    name = forms.CharField(
        label=gettext_lazy("名称"), help_text=gettext_lazy("与印章一致的全称。"), max_length=120
    )
    parent = forms.CharField(
        label=gettext_lazy("上级"),
        widget=Picker("/styleguide/"),
        help_text=gettext_lazy("输入名称或编号，从结果中选择；也可直接填写编号。"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("性质"),
        choices=[
            ("", gettext_lazy("请选择")),
            ("department", gettext_lazy("工作部门")),
            ("subdistrict", gettext_lazy("街道办事处")),
        ],
    )
    opened = forms.DateField(label=gettext_lazy("设立日期"), widget=DateInput())
    staff = forms.IntegerField(label=gettext_lazy("专职人员数"), required=False, min_value=0)
    phone = forms.CharField(label=gettext_lazy("电话"))
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False)
    hours = forms.CharField(
        label=gettext_lazy("办公时间"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("受理渠道"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("desk", gettext_lazy("当面")),
            ("post", gettext_lazy("邮寄")),
            ("web", gettext_lazy("网上")),
        ],
    )
    reply = forms.ChoiceField(
        label=gettext_lazy("答复方式"),
        widget=forms.RadioSelect,
        choices=[("paper", gettext_lazy("纸质")), ("mail", gettext_lazy("电子邮件"))],
    )
    agreed = forms.BooleanField(label=gettext_lazy("已与印章核对，名称无误"))


def _wrong() -> Sample:
    data = {
        "w-name": "<b>松风区档案局</b>",
        "w-opened": "",
        "w-email": "lsj@",
        "w-staff": "3",
    }
    form = Sample(data, prefix="w")
    form.add_error(None, _("这个机关刚被庚管理修改过，请核对后再保存。"))
    return form


class Upload(forms.Form):
    """A file with its kinds and its size."""

    file = forms.FileField(
        label=gettext_lazy("机关和人员表"),
        help_text=gettext_lazy("先导出一份，在其中修改后上传。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


def _listing() -> lists.Listing:
    acts = (
        lists.BulkAct("remind", pgettext("act", "提醒")),
        lists.BulkAct("close", _("停用"), danger=True),
    )
    spec = lists.Spec(
        id="sample", title=_("机关"), columns=(), order="name", search=lambda r, w: r, acts=acts,
        search_hint=_("名称、简称或编号"),
    )  # fmt: skip
    heads = [(_("名称"), "asc"), (_("编号"), ""), (_("性质"), ""), (_("上级"), "")]
    columns = [lists.Heading(label, "#list", way, False, False) for label, way in heads]
    columns += [
        lists.Heading(_("人员"), "", "", True, True),
        lists.Heading(_("指南要素"), "", "", False, True),
        lists.Heading(_("更新"), "#list", "", False, True),
    ]
    return lists.Listing(
        spec=spec,
        columns=columns,
        rows=_rows(),
        search="松风",
        filters=[
            lists.FilterField("kind", _("性质"), "choice", "d", (("d", _("工作部门")),)),
            lists.FilterField("state", _("状态"), "choice", "", (("on", _("有效")),)),
            lists.FilterField("since", _("更新不早于"), "date", "", ()),
        ],
        chips=[
            lists.Chip(_("搜索：%(words)s") % {"words": "松风"}, "#list"),
            lists.Chip(_("性质") + "：" + _("工作部门"), "#list"),
        ],
        pager=lists.Pager(
            "#list", "#list", "#list", "#list", _("超过 %(most)d 条") % {"most": 1000}
        ),
        query="q=x",
        action_url="/styleguide/",
        exports=[(_("导出 XLSX"), "#list"), (_("导出 CSV"), "#list")],
        views=[
            lists.Tab(1, "缺指南的部门", "#list", True, False),
            lists.Tab(2, "街道", "#list", False, True),
        ],
        order="name",
    )


def _rows() -> list[lists.Shown]:
    said = [
        ("档案局", "SF-0101", "工作部门", 6, (_("已公布"), "ok"), "2026-11-24"),
        ("教育局", "SF-0102", "工作部门", 14, (_("审核中"), "quiet"), "2026-11-20"),
        ("水务局", "SF-0311", "工作部门", 3, (_("30 日内到期"), "warn"), "2026-10-09"),
        ("云溪街道办事处", "SF-0203", "街道办事处", 0, (_("缺电话"), "bad"), "2025-12-31"),
        ("城市管理局", "SF-0107", "工作部门", 27, (_("已公布"), "ok"), "2026-11-02"),
        ("<em>测试</em>局", "SF-0999", "工作部门", 1, (_("起草"), "quiet"), "2026-09-15"),
    ]
    return [
        lists.Shown(
            code,
            "#list",
            (
                lists.Cell(f"白鹭市松风区{name}"),
                lists.Cell(code),
                lists.Cell(kind),
                lists.Cell("白鹭市松风区人民政府", href="#list"),
                lists.Cell(str(people), look="number"),
                lists.Cell(state[0], badge=state[1], look="narrow"),
                lists.Cell(day, look="narrow"),
            ),
        )
        for name, code, kind, people, state, day in said
    ]


def _bare() -> lists.Listing:
    spec = lists.Spec(
        id="bare",
        title=_("任职与代理"),
        columns=(),
        order="name",
        empty_title=_("还没有代理"),
        empty_text=_("出差或休假前，把自己的职责在一段时间内交给同事，就会列在这里。"),
    )
    return lists.Listing(
        spec, [], [], "", [], [], lists.Pager(None, None, None, None, ""), "", "", []
    )


def _grid() -> Grid:
    columns = [_("上年结转"), _("收到"), _("予以公开"), _("结转下年")]
    rows = [
        (_("自然人"), [3, 41, 36, 8]),
        (_("商业企业"), [0, 7, 6, 1]),
        (_("科研机构"), [0, 2, 2, 0]),
        (_("总计"), [3, 50, 44, 9]),
    ]
    made = []
    for n, (label, values) in enumerate(rows):
        cells = [
            GridCell(
                f"g-{n}-{i}",
                value,
                columns[i],
                _("应等于前三列之差：7") if (n, i) == (0, 3) else "",
                readonly=n == 3,
            )
            for i, value in enumerate(values)
        ]
        made.append(GridRow(label, cells))
    return Grid(_("收到和处理政府信息公开申请情况"), columns, made, _("申请人"))


def _failure() -> dict[str, Any]:
    return {
        "happened": _("数据库正忙，没有完成这一步。"),
        "kept": _("您填写的内容仍在本页，没有丢失。"),
        "todo": _("请稍等片刻后再次提交；多次不成时请联系管理员。"),
    }
