"""提醒页面: a supervisor reminds organs of their particulars, sends them back, or withdraws it."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.organs import particulars_page, queries, reminder_forms, reminder_page
from gongkai.web.organs import particulars_queries as particulars
from gongkai.web.organs import reminder_actions as actions
from gongkai.web.organs import reminder_queries as reads
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import Organ, Particulars, Reminder
from gongkai.web.organs.reminder_actions import Note
from gongkai.web.organs.views import capacity_of, opened
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import lists, once
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.look import Fact
from gongkai.web.shell.seen import Stale

MOST = 500  # organs that are reminded at once
_NAMED = 20  # of them by name; of the others how many
_CHOSEN = "reminding"  # of the session: which organs were ticked, until it is confirmed


def ticked(request: HttpRequest, spec: lists.Spec, rows: lists.Rows) -> HttpResponse:
    """Keeps which organs were ticked, exactly those, and goes to write the reminder."""
    keys = list(
        lists.selected(request, spec, rows).order_by().values_list("pk", flat=True)[: MOST + 1]
    )
    if not keys:
        messages.error(request, _("请先勾选机关。"))
        return redirect(request.get_full_path())
    if len(keys) > MOST:
        messages.error(
            request, _("一次最多 %(most)d 个机关；请先用筛选缩小范围。") % {"most": MOST}
        )
        return redirect(request.get_full_path())
    list_id = secrets.token_urlsafe(8)
    request.session[_CHOSEN] = {"id": list_id, "organs": keys}
    return redirect(f"{reverse('organs:particulars_remind_many')}?list={list_id}")


@acting(Role.SUPERVISOR)
def remind_many(request: HttpRequest) -> HttpResponse:
    """批量提醒: names those it concerns and those already reminded, then reminds all at once."""
    back = reverse("organs:particulars")
    if done := once.earlier(request):
        once.told(request)
        return once.led(done)
    kept = request.session.get(_CHOSEN) or {}
    if not kept or kept["id"] != request.GET.get("list"):
        messages.error(request, _("勾选的名单已失效，请重新勾选。"))
        return redirect(back)
    visible = queries.visible_organs(capacity_of(request)).filter(
        queries.valid_on(timezone.localdate())
    )
    chosen = list(visible.filter(pk__in=kept["organs"]).order_by("path"))
    held = reads.subjects_open(particulars.matter(o) for o in chosen)
    meant = [o for o in chosen if particulars.matter(o) not in held]
    left = [o for o in chosen if particulars.matter(o) in held]
    if not meant:
        messages.info(request, _("勾选的机关都已在提醒中，没有再发。"))
        return redirect(back)
    facts = [Fact(_("提醒对象"), _names(meant), wide=True)]
    if left:
        facts.append(Fact(_("已在提醒中，不再发"), _names(left), wide=True))

    def act(data: dict[str, Any]) -> list[Reminder]:
        note = Note(data["words"], data["due_on"])
        return actions.remind_of_particulars(by=doer(request), organs=meant, note=note)

    return shell_forms.page(
        request,
        reminder_forms.Remind,
        act,
        to=lambda made: f"{back}?reminder=open",
        said=lambda made: _told(len(made), len(chosen) - len(made)),
        template="confirm_page.html",
        initial=_start(request, meant),
        context={
            "title": _("提醒 %(count)d 个机关？") % {"count": len(meant)},
            "facts": facts,
            "submit": _("发出提醒"),
            "cancel": back,
            "crumbs": [(_("指南要素"), back)],
        },
    )


def _told(made: int, left: int) -> str:
    said = _("已提醒 %(count)d 个机关。") % {"count": made}
    if left:
        said += _("另有 %(count)d 个已在提醒中，没有再发。") % {"count": left}
    return said


def _names(organs: list[Organ]) -> str:
    said = _("、").join(o.name for o in organs[:_NAMED])
    if len(organs) > _NAMED:
        said = _("%(names)s 等 %(count)d 个") % {"names": said, "count": len(organs)}
    return said


@acting(Role.SUPERVISOR)
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """提醒一个机关。"""
    organ = opened(request, code)
    if refused := _open_already(request, organ):
        return refused

    def act(data: dict[str, Any]) -> Reminder:
        note = Note(data["words"], data["due_on"])
        subject = particulars.matter(organ)
        return actions.remind(by=doer(request), organ=organ, subject=subject, note=note)

    title = _("提醒%(organ)s") % {"organ": organ.name}
    return shell_forms.page(
        request,
        reminder_forms.Remind,
        act,
        to=lambda made: particulars_page.link(organ),
        said=_("已提醒。批准新版后自动了结。"),
        initial=_start(request, [organ]),
        context=_context(organ, title, submit=_("发出提醒")),
    )


@acting(Role.SUPERVISOR)
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """退回更正: the version in force; it stays in force until a corrected one is approved."""
    organ = opened(request, code)
    if refused := _open_already(request, organ):
        return refused
    force = particulars.in_force(organ, timezone.localdate())
    if force is None:
        messages.info(request, _("本机关没有生效的版本，不能退回；可以提醒其起草。"))
        return redirect(particulars_page.link(organ))

    def act(data: dict[str, Any]) -> Reminder:
        seen = Particulars.objects.select_related("organ").get(organ=organ, number=force.number)
        if data["seen"] != force.number:
            raise Stale
        note = Note(data["words"], data["due_on"])
        return actions.send_back(by=doer(request), particulars_in_force=seen, note=note)

    title = _("退回更正：%(version)s") % {"version": particulars_page.version_name(force.number)}
    return shell_forms.page(
        request,
        reminder_forms.SendBack,
        act,
        to=lambda made: particulars_page.link(organ),
        said=_("已退回。原版本继续有效，批准新版后自动了结。"),
        template="organs/particulars_decide.html",
        initial={**_due(organ), "seen": force.number},
        context={
            **_context(organ, title, submit=_("退回"), danger=True),
            "intro": _("这一版继续有效；本机关收到待办，起草新版并经批准后替换。"),
            "one": force,
            "rows": particulars_page.compare(None, force),
        },
    )


@acting(Role.SUPERVISOR)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回提醒。"""
    one = get_object_or_404(reads.visible(capacity_of(request)), pk=pk)
    today = timezone.localdate()
    return shell_forms.confirmed(
        request,
        lambda: actions.withdraw(by=doer(request), reminder=one),
        to=lambda done: reminder_page.link(done),
        said=_("已撤回提醒。"),
        context=_context(
            one.organ,
            _("撤回这一提醒？"),
            submit=_("撤回提醒"),
            facts=[
                Fact(_("提醒"), reminder_page.told(one, today), wide=True),
                Fact(_("内容"), one.words, wide=True),
            ],
            consequences=[_("对方机关的待办里不再显示；经过里仍有记录。")],
        ),
    )


# -- shared


def _open_already(request: HttpRequest, organ: Organ) -> HttpResponse | None:
    """The way back where this matter has an open reminder, or this form was sent before."""
    if done := once.earlier(request):
        once.told(request)
        return once.led(done)
    if reads.open_of(particulars.matter(organ)) is None:
        return None
    messages.info(request, str(actions.AlreadyReminded(organ.name).message))
    return redirect(particulars_page.link(organ))


def _start(request: HttpRequest, organs: list[Organ]) -> dict[str, Any]:
    """The form as it begins: words by the state of what is in force, the day by the setting."""
    now = timezone.now()
    rows = list(particulars.overview(Organ.objects.filter(pk__in=[o.pk for o in organs]), now))
    # One organ's own days; of many, those of the organ that reminds.
    whose = organs[0] if len(organs) == 1 else capacity_of(request).organ
    return {"words": _words(rows), **_due(whose)}


def _words(rows: list[Any]) -> str:
    missing = [o for o in rows if o.force_since is None]
    stale = [o for o in rows if o.force_since is not None and o.force_since < o.limit]
    if len(missing) == len(rows):
        return _("本机关还没有生效的指南要素，请起草后送审核、批准。")
    if len(stale) == len(rows):
        return _("本机关的指南要素久未更新，请核对地址、时间和电话；核对后起草新版，送审核、批准。")
    return _(
        "请核对本机关的指南要素：还没有生效版本的，请起草；久未更新或有变化的，请起草新版，"
        "送审核、批准。"
    )


def _due(organ: Organ) -> dict[str, Any]:
    return {"due_on": reads.due_by_default(organ, timezone.localdate())}


def _context(organ: Organ, title: str, **more: Any) -> dict[str, Any]:
    return {
        "organ": organ,
        "title": title,
        "crumbs": particulars_page.crumbs(organ),
        "cancel": particulars_page.link(organ),
        **more,
    }
