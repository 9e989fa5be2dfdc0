"""一批的页面: how far each paper is, why one could not be read, whose a report may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.web.desk import known, matching, queries
from gongkai.web.desk.intake_words import SAME_FILE
from gongkai.web.desk.known import Known
from gongkai.web.desk.models import Batch, Paper, Report, Version
from gongkai.web.organs import forms as organ_forms
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import Organ
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import lists, once
from gongkai.web.shell.languages import lang
from gongkai.web.shell.look import undoable
from gongkai.web.shell.refusals import Refusal

CLAIMS = 40  # reports that wait shown at once
PAPERS = 500  # of a batch shown
State = Paper.State
TONES = {
    State.WAITING: "quiet",
    State.READING: "quiet",
    State.READ: "ok",
    State.FAILED: "bad",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """一件: as the page of its batch shows it."""

    name: str
    state: str
    tone: str
    why: Sequence[str]
    reports: Sequence[tuple[str, str, str, str]]  # name, address, state, tone


@dataclass(frozen=True, slots=True)
class Claim:
    """待认领的一份: what it says of itself, whose it may be."""

    pk: int
    version: int
    said: str
    file: str
    year: int | None
    href: str
    candidates: Sequence[tuple[str, str, str]]  # code, name, why
    known: str  # the code of the organ, where only the year is missing


def why(paper: Paper) -> str:
    """Why a paper failed, in one line."""
    return " ".join(_told(paper.errors))


def _told(errors: Iterable[dict[str, Any]]) -> list[str]:
    shown_in = lang()
    return [
        f"{one['member']}：{one[shown_in]}" if one.get("member") else str(one[shown_in])
        for one in errors
    ]


def context(batch: Batch, capacity: Capacity) -> dict[str, Any]:
    """The whole page."""
    told = queries.progress(batch)
    waiting = told[State.WAITING] + told[State.READING]
    # What failed comes first, so that of a large batch it is never among those not shown.
    failed_first = Case(When(state=State.FAILED, then=0), default=1)
    rows = batch.papers.order_by("pk")
    if sum(told.values()) > PAPERS:
        rows = batch.papers.order_by(failed_first, "pk")
    papers = list(rows[: PAPERS + 1])
    reports = _reports(papers[:PAPERS], capacity)
    seen = queries.visible_reports(capacity).filter(versions__paper__batch=batch).distinct()
    waits = queries.unmatched(seen)
    unclaimed = waits.count()
    open_ones = [] if waiting else waits.select_related("organ").order_by("pk")[:CLAIMS]
    done = sum(told.values()) - waiting
    here_before = batch.papers.filter(state=State.FAILED, errors__0__id=SAME_FILE).count()
    return {
        "batch": batch,
        "waiting": waiting,
        "done": done,
        "of": sum(told.values()),
        "read": told[State.READ],
        "failed": told[State.FAILED] - here_before,
        "here_before": here_before,
        "claimed": queries.matched(seen).count(),
        "papers": [_shown(p, reports.get(p.pk, ())) for p in papers[:PAPERS]],
        "more": len(papers) > PAPERS,
        "claims": claims(open_ones, capacity),
        "unclaimed": unclaimed,
        "progress_url": reverse("desk:batch_progress", args=[batch.pk]),
        "here": reverse("desk:batch", args=[batch.pk]),
    }


def _reports(papers: Sequence[Paper], capacity: Capacity) -> dict[int, list[Report]]:
    """What came of each paper, as far as the person may see it."""
    read = {paper.pk: earlier_of(paper) or paper.pk for paper in papers}
    rows = Version.objects.filter(paper__in=set(read.values())).values_list("paper_id", "report_id")
    pairs = list(dict.fromkeys(rows.order_by("paper_id", "part", "pk")))
    visible = queries.visible_reports(capacity).select_related("organ")
    found = visible.in_bulk({report for _paper, report in pairs})
    made: dict[int, list[Report]] = {}
    for paper, report in pairs:
        if report in found:
            made.setdefault(paper, []).append(found[report])
    return {paper: made[key] for paper, key in read.items() if key in made}


def earlier_of(paper: Paper) -> int | None:
    """The paper of the same file that was here before, where that is why this one was not read."""
    told = paper.errors[0] if paper.errors else {}
    return told.get("paper") if told.get("id") == SAME_FILE else None


def here_before(paper: Paper, capacity: Capacity) -> dict[str, str]:
    """What to say of a file that was here before, and a link to what came of it: the report; its
    batch, where there are several or none that the person sees."""
    from gongkai.web.desk.report_page import name_of

    reports = _reports([paper], capacity).get(paper.pk, [])
    if len(reports) == 1:
        href = reverse("desk:report", args=[reports[0].pk])
        return {"why": why(paper), "href": href, "label": name_of(reports[0])}
    first = queries.visible_papers(capacity).filter(pk=earlier_of(paper) or 0).first()
    if first is None:
        return {"why": why(paper), "href": "", "label": ""}
    href = reverse("desk:batch", args=[first.batch_id])
    return {"why": why(paper), "href": href, "label": _("看那一批")}


def _shown(paper: Paper, reports: Sequence[Report]) -> Shown:
    from gongkai.web.desk import lists as desk_lists
    from gongkai.web.desk.report_page import name_of

    told = []
    for one in reports:
        state = desk_lists.state(one)
        href = reverse("desk:report", args=[one.pk])
        told.append((name_of(one), href, str(state.text), state.badge))
    label, tone = str(State(paper.state).label), TONES[State(paper.state)]
    if earlier_of(paper) is not None:
        label, tone = _("重复"), "quiet"
    return Shown(paper.name, label, tone, _told(paper.errors), told)


# -- whose a report is


def claims(reports: Iterable[Report], capacity: Capacity) -> list[Claim]:
    """Reports that wait, each with the organs it may be of."""
    made: list[Claim] = []
    organs: Known | None = None  # the same for all of them
    for one in reports:
        if organs is None:
            organs = Known.of(capacity)
        found = [] if one.organ_id else matching.candidates(one, capacity, organs)
        version = queries.in_hand(one)
        options = [(organ.code, organ.name, why) for organ, why in found]
        if one.organ is not None:
            options = [(one.organ.code, one.organ.name, "")]
        made.append(
            Claim(
                one.pk,
                one.version,
                one.said or one.title or _("文件中没有写明机关"),
                version.member or version.paper.name,
                one.year,
                reverse("desk:report", args=[one.pk]),
                options,
                one.organ.code if one.organ else "",
            )
        )
    return made


class NoOrgan(Refusal):
    """没有选机关: neither a candidate nor another organ."""

    def __init__(self) -> None:
        super().__init__(_("请选择机关。"), field="organ")


class NoYear(Refusal):
    """没有年度: no year of a report."""

    def __init__(self) -> None:
        super().__init__(_("请填写年度，例如 2024。"), field="year")


def organ_of(typed: str, capacity: Capacity) -> Organ:
    """The organ meant, of those the person sees; raises NoOrgan, Refusal."""
    if not typed.strip():
        raise NoOrgan
    try:
        return organ_forms.picked(typed, organ_queries.visible_organs(capacity))
    except ValidationError as wrong:
        raise Refusal(" ".join(wrong.messages), field="organ") from None


def year_of(typed: str, latest: int) -> int:
    """A year up to the latest that a report may be of; raises NoYear."""
    found = lists.number(typed.strip().removesuffix("年"))
    if found is None or not known.FIRST <= found <= latest:
        raise NoYear
    return found


def claim(request: HttpRequest, *, back: str) -> HttpResponse:
    """认领: one report, or all whose organ and year are filled in; what is refused is said and the
    others are done."""
    done = once.earlier(request)
    if done is not None:
        once.told(request)
        return redirect(done.result or back)
    only = request.POST.get("only", "")
    keys = [only] if only else request.POST.getlist("report")
    capacity, by = capacity_of(request), doer(request)
    rows = queries.visible_reports(capacity)
    made: list[Report] = []
    wrong = []
    for key in keys[:CLAIMS]:
        pk = lists.number(key)
        report = rows.filter(pk=pk).first() if pk is not None else None
        if report is None:
            continue
        organ = request.POST.get(f"other_{key}", "").strip() or request.POST.get(f"organ_{key}", "")
        if not organ and not only:
            continue
        try:
            done_one = matching.assign(
                by=by,
                report=report,
                organ=organ_of(organ, capacity),
                year=year_of(request.POST.get(f"year_{key}", ""), by.at.year),
                version=lists.number(request.POST.get(f"version_{key}", "")) or 0,
            )
            made.append(done_one)
        except Refusal as refused:
            name = report.said or report.title or _("机关不明")
            wrong.append(f"{name}：{refused.message}")
    if made:
        count = len(made)
        told = ngettext("已认定 %(count)d 份报告。", "已认定 %(count)d 份报告。", count)
        told %= {"count": count}
        if count == 1:
            undoable(request, told, reverse("desk:unassign", args=[made[0].pk]))
        else:
            messages.success(request, told)
    elif not wrong:
        messages.error(request, _("没有可以认定的：请选择机关、填写年度。"))
    for one in wrong[:8]:
        messages.error(request, one)
    return redirect(back)
