"""机关页的内容: facts, acts and history of one organ, and a step of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from gongkai.web.ledger import events
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import actions, queries, tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import (
    Level,
    Organ,
    OrganKind,
    OrganName,
    Placement,
    Reconsideration,
    Succession,
)
from gongkai.web.shell.access import Role, rule_of
from gongkai.web.shell.look import Act, Entry, Fact

KINDS = dict(OrganKind.choices)
LEVELS = dict(Level.choices)
_HISTORY = 30


def crumbs(organ: Organ | None, *, here: str = "") -> list[tuple[str, str]]:
    """From the list down to the page above this one."""
    found = [(_("机关"), reverse("organs:list"))]
    if organ is not None and here:
        found.append((organ.name, link(organ)))
    return found


def link(organ: Organ) -> str:
    """The organ's page."""
    return reverse("organs:organ", args=[organ.code])


def tabs(organ: Organ, capacity: Capacity, here: str) -> list[tuple[str, str, bool, str]]:
    """The pages about one organ that this role may open; ``here`` is the route in hand."""
    shown = (
        ("organs:organ", _("概况")),
        ("organs:particulars_of", _("指南要素")),
        ("organs:seals", _("印章")),
        ("organs:preferences", _("设置")),
        ("applications:templates", _("文书模板")),
    )
    found = []
    for name, said in shown:
        href = reverse(name, args=[organ.code])
        rule = rule_of(resolve(href).func)
        if rule is not None and rule.admits(capacity.role, signed_in=True):
            found.append((said, href, name == here, ""))
    if capacity.role in queries.SEES_PEOPLE:
        people = f"{reverse('organs:people')}?{urlencode({'q': organ.code})}"
        found.insert(1, (_("人员"), people, False, ""))
    return found


def context(organ: Organ, capacity: Capacity, today: date, *, administers: bool) -> dict[str, Any]:
    """Everything the page of an organ shows."""
    names = list(organ.names.all())
    placements = list(organ.placements.select_related("parent"))
    heard = list(organ.reconsiderations.all())
    passed = list(
        Succession.objects.filter(Q(predecessor=organ) | Q(successor=organ))
        .select_related("predecessor", "successor")
        .order_by("effective_on", "pk")
    )
    return {
        "organ": organ,
        "tabs": tabs(organ, capacity, "organs:organ"),
        "crumbs": crumbs(None),
        "facts": list(_facts(organ, capacity, heard, today)),
        "heard": [(r.body_name, period(r.valid_from, r.valid_to)) for r in heard],
        "periods": _periods(names, placements),
        "successions": list(_successions(organ, capacity, passed)),
        "children": [
            (o.name, link(o), KINDS[o.kind])
            for o in organ.children.filter(queries.valid_on(today)).order_by("path")[:200]
        ]
        if capacity.role in queries.WHOLE_SUBTREE
        else [],
        "acts": list(_acts(organ, final=any(s.predecessor_id == organ.pk for s in passed)))
        if administers
        else [],
        "history": history(actions.address(organ)),
    }


def _facts(
    organ: Organ, capacity: Capacity, heard: list[Reconsideration], today: date
) -> Iterator[Fact]:
    above = organ.parent
    seen = above is not None and tree.within(above.path, capacity.organ.path)
    if organ.valid_to is None:
        yield Fact(_("状态"), _("存续"), badge="ok")
    else:
        yield Fact(_("状态"), _("%(day)s 撤销") % {"day": organ.valid_to}, badge="quiet")
    yield Fact(_("单位编号"), organ.code)
    yield Fact(_("简称"), organ.short_name)
    yield Fact(_("性质"), KINDS[organ.kind])
    yield Fact(_("层级"), LEVELS[organ.level])
    yield Fact(
        _("上级机关"), above.name if above else _("无"), href=link(above) if above and seen else ""
    )
    yield Fact(_("统一社会信用代码"), organ.credit_code)
    yield Fact(_("行政区划代码"), organ.division_code)
    yield Fact(_("设立之日"), organ.valid_from)
    now = next((r for r in heard if queries.is_valid(r, today)), None)
    yield Fact(
        _("行政复议机关"),
        now.body_name if now else "",
        note=_("%(day)s 起") % {"day": now.valid_from} if now else "",
    )
    if organ.valid_to is not None:
        current = queries.handler_of(organ, today)
        if current.pk != organ.pk:
            yield Fact(_("在办事项由谁接办"), current.name)
        reporter = queries.reporter_of(organ, organ.valid_to.year)
        yield Fact(_("%(year)d 年度报告由谁编写") % {"year": organ.valid_to.year}, reporter.name)


def _periods(names: list[OrganName], placements: list[Placement]) -> list[tuple[str, str, str]]:
    """Former names and parents, latest first: what, which, when."""
    rows = []
    if len(names) > 1:
        rows += [(_("名称"), n.name, period(n.valid_from, n.valid_to)) for n in names]
    if len(placements) > 1:
        rows += [
            (_("隶属"), p.parent.name if p.parent else _("无"), period(p.valid_from, p.valid_to))
            for p in placements
        ]
    return rows


def period(start: date, end: date | None) -> str:
    """``2019-01-01 起`` or ``2019-01-01 至 2024-05-31``, the last day that it held."""
    if end is None:
        return _("%(day)s 起") % {"day": start.isoformat()}
    last = date.fromordinal(end.toordinal() - 1)
    return _("%(start)s 至 %(end)s") % {"start": start.isoformat(), "end": last.isoformat()}


def _successions(
    organ: Organ, capacity: Capacity, passed: list[Succession]
) -> Iterator[tuple[str, str, str, str]]:
    """What became of it and what came to it: (sentence, the other's link, day, document)."""
    if not passed:
        return
    others = {s.successor if s.predecessor_id == organ.pk else s.predecessor for s in passed}
    visible = queries.visible_organs(capacity).filter(pk__in=[o.pk for o in others])
    seen = set(visible.values_list("pk", flat=True))
    for one in passed:
        other = one.successor if one.predecessor_id == organ.pk else one.predecessor
        if other is one.predecessor:
            said = _("接受 %(name)s 的职责")
        elif one.kind == Succession.Kind.MERGE:
            said = _("并入 %(name)s")
        else:
            said = _("分设出 %(name)s")
        address = link(other) if other.pk in seen else ""
        yield said % {"name": other.name}, address, one.effective_on.isoformat(), one.basis


def _acts(organ: Organ, *, final: bool) -> Iterator[Act]:
    def to(name: str) -> str:
        return reverse(f"organs:{name}", args=[organ.code])

    if organ.valid_to is not None:
        if not final:
            yield Act(_("撤回撤销"), href=to("reopen"))
        return
    yield Act(_("修改"), href=to("change"), tone="primary")
    yield Act(_("指定复议机关"), href=to("reconsideration"))
    yield Act(_("设立下级"), href=f"{reverse('organs:found')}?parent={organ.code}")
    yield Act(
        _("机构变动"),
        more=(
            Act(_("更名"), href=to("rename")),
            Act(_("改变隶属"), href=to("move")),
            Act(_("合并"), href=f"{reverse('organs:merge')}?organ={organ.code}"),
            Act(_("分设"), href=to("split")),
            Act(_("撤销"), href=to("close")),
        ),
    )


def history(subject: str) -> list[Entry]:
    """The latest events of a subject, newest first."""
    found = ledger.events_of(subject)[:_HISTORY]
    return [
        Entry(
            e.at,
            events.sentence(e),
            who=events.who(e),
            note=str(e.new.get("basis", "")),
        )
        for e in found
    ]


def tree_context(top: Organ, capacity: Capacity, today: date) -> dict[str, Any]:
    """One organ, its direct subordinates, and the way down to it."""
    rows = queries.visible_organs(capacity)
    below = list(rows.filter(parent=top).filter(queries.valid_on(today)).order_by("path")[:1000])
    with_more = set(
        rows.filter(parent__in=below)
        .filter(queries.valid_on(today))
        .values_list("parent_id", flat=True)
    )
    way = [o for o in queries.chain(top) if tree.within(o.path, capacity.organ.path)]
    return {
        "top": top,
        "crumbs": [(_("机关"), reverse("organs:list"))],
        "way": [(o.name, o.code) for o in way[:-1]],
        "below": [(o, KINDS[o.kind], link(o), o.pk in with_more) for o in below],
        "top_kind": KINDS[top.kind],
        "top_link": link(top),
        "may_found": capacity.role is Role.ADMINISTRATOR,
    }
