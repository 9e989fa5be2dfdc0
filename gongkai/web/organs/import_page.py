"""导入页的内容: steps, numbers, problems and changes of one import, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext, pgettext_lazy

from gongkai.web.organs import import_actions, import_found, workbook
from gongkai.web.organs.import_plan import Change
from gongkai.web.organs.import_problems import Problem
from gongkai.web.organs.models import ImportRun
from gongkai.web.shell import lists
from gongkai.web.shell.lists import Cell, Pager
from gongkai.web.shell.look import Act, Fact, Step

State = ImportRun.State
PAGE = 50
BADGES = {
    State.CHECKING: "warn",
    State.CHECKED: "warn",
    State.REFUSED: "bad",
    State.APPLYING: "warn",
    State.APPLIED: "ok",
    State.FAILED: "bad",
    State.DROPPED: "quiet",
}
SHEETS: dict[str, Promise] = {
    "organs": _later("机关"),
    "names": _later("曾用名"),
    "reconsiderations": _later("复议机关"),
    "people": _later("人员"),
    "appointments": _later("任职"),
}
ACTIONS: dict[str, tuple[Promise, str]] = {
    "new": (_later("新增"), "ok"),
    "changed": (pgettext_lazy("import", "修改"), "warn"),
    "ended": (pgettext_lazy("import", "结束"), "bad"),
}
STAGES: dict[str, Promise] = {
    "reading": _later("正在读取文件"),
    "comparing": _later("正在与系统中的数据比较"),
    "keeping": _later("正在整理结果"),
    "organs": _later("正在写入机关"),
    "names": _later("正在写入名称"),
    "placements": _later("正在写入隶属关系"),
    "reconsiderations": _later("正在写入复议机关"),
    "people": _later("正在写入人员"),
    "appointments": _later("正在写入任职"),
    "events": _later("正在写入事件"),
}


def link(run: ImportRun) -> str:
    return reverse("organs:import_run", args=[run.pk])


def spec() -> lists.Spec:
    """The list of imports."""
    return lists.Spec(
        id="imports",
        title=_later("导入导出"),
        columns=(
            lists.Column("file", _later("文件"), lambda r: Cell(r.file_name, href=link(r))),
            lists.Column(
                "state",
                _later("状态"),
                lambda r: Cell(r.get_state_display(), badge=BADGES[r.state]),
                narrow=True,
            ),
            lists.Column("organ", _later("机关"), lambda r: r.organ.name),
            lists.Column("by", _later("上传人"), lambda r: r.by.name, narrow=True),
            lists.Column(
                "started",
                _later("上传时间"),
                lambda r: _moment(r.started_at),
                sort=("started_at",),
                value=lambda r: r.started_at,
                narrow=True,
            ),
            lists.Column(
                "rows", _later("行数"), lambda r: str(r.rows), sort=("rows",), numeric=True
            ),
        ),
        order="-started",
        filters=(
            lists.Filter(
                "state",
                _later("状态"),
                lambda rows, value: rows.filter(state=value),
                choices=lambda: State.choices,
            ),
        ),
        search=lambda rows, words: rows.filter(
            Q(file_name__icontains=words) | Q(by__name__icontains=words)
        ),
        search_hint=_later("文件名、上传人"),
        empty_title=_later("还没有导入"),
        empty_text=_later("下载空白表或现有数据，填好后上传；先核对，确认后才导入。"),
        exports=False,
    )


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "Y-m-d H:i")


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """一处问题: as the table shows it."""

    sheet: str
    row: str
    column: str
    value: str
    words: str
    warning: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """一处变化: as the table shows it."""

    sheet: str
    row: int
    key: str
    title: str
    action: str
    badge: str
    fields: list[tuple[str, str, str]]


def context(request: HttpRequest, run: ImportRun, at: datetime) -> dict[str, Any]:
    """Everything the page of one import prints."""
    own = run.by_id == request.user.pk
    summary = run.summary
    problems = summary.get("errors", 0) + summary.get("warnings", 0)
    changes = summary.get("changes", 0)
    kept = run.state in import_actions.OPEN
    shown = request.GET.get("show", "")
    if shown not in ("problems", "changes"):
        shown = "problems" if problems else "changes"
    page = _page(request, problems if shown == "problems" else changes)
    stalled = import_actions.is_stalled(run, at)
    found: dict[str, Any] = {
        "run": run,
        "steps": steps(run),
        "facts": _facts(run),
        "crumbs": [(_("导入导出"), reverse("organs:imports"))],
        "numbers": _numbers(summary),
        "own": own,
        "stalled": stalled,
        "waiting": run.state in import_actions.WAITING and not stalled,
        "acts": _acts(run, stalled=stalled) if own else [],
        "notice": _notice(run),
        "errors": summary.get("errors", 0),
        "warnings": summary.get("warnings", 0),
        "shown": shown,
        "has_file": kept and import_found.problem_file(run) is not None,
        "newcomers": import_actions.newcomers(run).count() if own else 0,
        "without": import_actions.without_password(run).count() if own else 0,
    }
    if run.state == State.DROPPED:
        return found
    count = problems if shown == "problems" else changes
    found["tabs"] = [
        (_("问题"), f"{link(run)}?show=problems", shown == "problems", problems),
        (_("变化"), f"{link(run)}?show=changes", shown == "changes", changes),
    ]
    found["pager"] = _pager(run, shown, page, count)
    start = (page - 1) * PAGE
    if shown == "problems":
        found["problems"] = [_problem(p) for p in import_found.problems(run, start, PAGE)]
    else:
        found["changes"] = [_change(c) for c in import_found.changes(run, start, PAGE)]
    return found


def progress(run: ImportRun) -> dict[str, Any]:
    """What components/progress.html prints while a job works."""
    life = import_found.life(run)
    stage = STAGES.get(life.stage) if life is not None else None
    text = _("可以离开本页，稍后在列表里查看结果。")
    if life is not None and stage is not None and life.done:
        label = _("%(stage)s：%(done)d 行") % {"stage": stage, "done": life.done}
    else:
        label = str(stage or _("排队等待后台处理"))
    return {
        "label": label,
        "value": "",
        "text": text,
        "href": reverse("organs:import_progress", args=[run.pk]),
    }


def steps(run: ImportRun) -> list[Step]:
    """上传 → 核对 → 导入 → 结果."""
    checked = bool(run.summary.get("digest"))
    states = {
        State.CHECKING: ("done", "now", "todo", "todo"),
        State.CHECKED: ("done", "done", "now", "todo"),
        State.REFUSED: ("done", "wrong", "todo", "todo"),
        State.APPLYING: ("done", "done", "now", "todo"),
        State.APPLIED: ("done", "done", "done", "done"),
        State.FAILED: ("done", "done", "wrong", "todo")
        if checked
        else ("done", "wrong", "todo", "todo"),
        State.DROPPED: ("done", "todo", "todo", "todo"),
    }[State(run.state)]
    notes = ["", "", "", ""]
    if run.state == State.CHECKED:
        notes[2] = _("待确认") if run.summary.get("changes") else _("没有要导入的")
    if run.state == State.FAILED:
        notes[states.index("wrong")] = _("未能完成")
    if run.state == State.DROPPED:
        notes[1:] = [_("已放弃")] * 3
    labels = (_("上传"), _("核对"), _("导入"), _("结果"))
    return [
        Step(label, state, note=note)
        for label, state, note in zip(labels, states, notes, strict=True)
    ]


def _facts(run: ImportRun) -> list[Fact]:
    return [
        Fact(_("状态"), run.get_state_display(), badge=BADGES[State(run.state)]),
        Fact(_("范围"), run.organ.name, note=_("及其全部下级")),
        Fact(_("上传"), f"{run.by.name} · {_moment(run.started_at)}"),
        Fact(_("行数"), str(run.rows)),
    ]


def _notice(run: ImportRun) -> tuple[str, str, str] | None:
    """Tone, title and text of what the person should know first."""
    summary = run.summary
    if run.state == State.REFUSED and summary.get("since_confirmed"):
        return (
            "bad",
            _("没有导入：确认之后数据已被他人修改"),
            _("按现在的数据重新核对，有下列问题。没有写入任何内容。"),
        )
    if run.state == State.CHECKED and summary.get("since_confirmed"):
        return (
            "warn",
            _("没有导入：确认之后数据已被他人修改"),
            _("下面是按现在的数据重新核对的结果，请再看一遍后确认。没有写入任何内容。"),
        )
    if run.state == State.REFUSED:
        title = ngettext(
            "有 %(count)d 处问题，没有导入", "有 %(count)d 处问题，没有导入", summary["errors"]
        ) % {"count": summary["errors"]}
        text = _("系统中的数据没有改动。请下载标明问题的文件，在原处改正后作为新的文件上传。")
        return "bad", title, text
    if run.state == State.CHECKED and not summary.get("changes"):
        return "ok", _("文件与系统中的数据一致"), _("没有要导入的内容。")
    if run.state == State.CHECKED:
        return (
            "info",
            _("核对完毕，还没有导入"),
            _("请看下面的数字和变化，确认后才写入。文件里没有的机关、人员和任职不受影响。"),
        )
    if run.state == State.FAILED:
        return (
            "bad",
            _("没有完成，也没有写入任何内容"),
            _("上传的文件还在，可以重新核对。多次失败请把时间和文件名告诉运维人员。"),
        )
    if run.state == State.DROPPED:
        return "info", _("已放弃"), _("上传的文件和核对结果已删除；系统中的数据没有改动。")
    return None


def _numbers(summary: dict[str, Any]) -> list[tuple[str, int, int, int, int]]:
    return [
        (str(SHEETS[id]), n["new"], n["changed"], n["ended"], n["same"])
        for id, n in summary.get("sheets", {}).items()
        if any(n.values())
    ]


def consequences(run: ImportRun) -> list[str]:
    """What the confirmation says will happen, in numbers."""
    words = {
        "new": _("%(sheet)s：新增 %(count)d 行"),
        "changed": _("%(sheet)s：修改 %(count)d 行"),
        "ended": _("%(sheet)s：结束 %(count)d 行"),
    }
    found = [
        words[action] % {"sheet": SHEETS[id], "count": n[action]}
        for id, n in run.summary.get("sheets", {}).items()
        for action in ACTIONS
        if n[action]
    ]
    new = run.summary.get("sheets", {}).get("people", {}).get("new", 0)
    if new:
        found.append(_("导入后为 %(count)d 名新人员发放一次性初始密码") % {"count": new})
    found.append(_("文件里没有的机关、人员和任职不受影响"))
    found.append(_("全部写入，或者（遇到任何问题时）完全不写入"))
    return found


def _acts(run: ImportRun, *, stalled: bool) -> list[Act]:
    def to(name: str) -> str:
        return reverse(f"organs:{name}", args=[run.pk])

    acts = []
    if stalled:
        acts.append(Act(_("继续处理"), post=to("import_resume"), tone="primary"))
    if run.state in import_actions.OPEN and run.state != State.REFUSED:
        acts.append(Act(_("重新核对"), post=to("import_again")))
    if run.state in (*import_actions.OPEN, State.CHECKING):
        text = _("上传的文件和核对结果将被删除，系统中的数据不变。")
        acts.append(Act(_("放弃"), post=to("import_drop"), confirm=text))
    if run.state == State.CHECKED and run.summary.get("changes"):
        href = f"{to('import_apply')}?of={run.summary['digest']}"
        acts.append(Act(_("导入……"), href=href, tone="primary"))
    if run.state == State.REFUSED:
        href = reverse("organs:import_new")
        acts.append(Act(_("上传改好的文件"), href=href, tone="primary"))
    return acts


# -- tables


def _page(request: HttpRequest, count: int) -> int:
    asked = lists.number(request.GET.get("page", "1")) or 1
    return min(max(1, -(-count // PAGE)), max(1, asked))


def _pager(run: ImportRun, shown: str, page: int, count: int) -> Pager:
    last = max(1, -(-count // PAGE))

    def to(number: int) -> str:
        return f"{link(run)}?show={shown}&page={number}"

    return Pager(
        first=to(1) if page > 1 else None,
        previous=to(page - 1) if page > 1 else None,
        next=to(page + 1) if page < last else None,
        last=to(last) if page < last else None,
        count_text=_("共 %(count)d 条") % {"count": count},
    )


def _problem(one: Problem) -> ProblemLine:
    letters = workbook.letters(one.place) if one.place >= 0 else ""
    return ProblemLine(
        one.sheet,
        str(one.row) if one.row else "",
        f"{letters} {one.label}".strip(),
        one.value,
        one.words,
        one.warning,
    )


def _change(one: Change) -> ChangeLine:
    spec = workbook.by_id()[one.sheet]
    label, badge = ACTIONS[one.action]
    fields = [(spec.column(c).label, old, new) for c, old, new in one.fields]
    return ChangeLine(
        str(SHEETS[one.sheet]), one.row, one.key, one.title, str(label), badge, fields
    )
