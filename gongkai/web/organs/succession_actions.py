"""撤并: merging, splitting and closing organs, and taking a closing back.

What an organ leaves goes to its heir: open work by the succession's row, subordinates, the posts of
handlers, reviewers and approvers with their delegations. Who administered, supervised or audited
the organ that ends does not come to do so for the heir: these are given anew. Each thing that ends
or passes is told by an event of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.web.organs import actions, queries, tree
from gongkai.web.organs.actions import Doer, NotEmpty, WrongDay
from gongkai.web.organs.models import (
    Appointment,
    Delegation,
    Organ,
    Particulars,
    Placement,
    Succession,
)
from gongkai.web.shell.access import Role

CARRIED = frozenset({Role.HANDLER.value, Role.REVIEWER.value, Role.APPROVER.value})
_OPEN = ("draft", "submitted", "reviewed", "returned")


@transaction.atomic
def merge_organs(
    *, by: Doer, predecessors: Sequence[Organ], successor: Organ, on: date, basis: str
) -> list[Succession]:
    """合并: organs end on a day and another takes over duties, open work and the year's report.

    Raises NotAllowed, WrongDay, NotEmpty, separation.Incompatible.
    """
    successor, *ending = actions.hold(successor, *predecessors)
    by.may_administer(successor)
    if not queries.is_valid(successor, on):
        raise WrongDay(_("接受机关在生效日尚未设立或已撤销。"), field="on")
    made = []
    # The lower ones first, so that a parent and its child can be merged in one act.
    for organ in sorted(ending, key=lambda o: -len(o.path)):
        organ = _ending(by, organ, on)
        if tree.within(successor.path, organ.path):
            raise NotEmpty(_("不能并入自己或自己的下级。"), field="successor")
        made.append(_succeed(Succession.Kind.MERGE, organ, successor, on, basis))
        moved = _hand_over(by, organ, successor, on)
        _close(organ, on)
        told = {"on": on.isoformat(), "basis": basis, **moved}
        actions.tell("organ.merged", organ, by, new={"successor": successor.name, **told})
        told = {"on": on.isoformat(), **moved}
        actions.tell("organ.received", successor, by, new={"predecessor": organ.name, **told})
    actions.check_separation(successor, on)
    return made


@transaction.atomic
def split_organ(
    *, by: Doer, organ: Organ, successors: Sequence[Organ], heir: Organ, on: date, basis: str
) -> list[Succession]:
    """分设: an organ ends on a day and others take its duties; ``heir`` its open work and report.

    Raises NotAllowed, WrongDay, NotEmpty (heir is none of the successors, fewer than two),
    separation.Incompatible.
    """
    if len({s.pk for s in successors}) < 2:
        raise NotEmpty(_("分设至少要有两个接受机关。"), field="successors")
    if heir.pk not in {s.pk for s in successors}:
        raise NotEmpty(_("接办在办事项的机关应是接受机关之一。"), field="heir")
    organ, heir, *receiving = actions.hold(organ, heir, *successors)
    organ = _ending(by, organ, on)
    made = []
    for one in receiving:
        by.may_administer(one)
        if one.pk == organ.pk or tree.within(one.path, organ.path):
            raise NotEmpty(_("接受机关不能是自己或自己的下级。"), field="successors")
        if not queries.is_valid(one, on):
            raise WrongDay(_("接受机关在生效日尚未设立或已撤销。"), field="on")
        heirs = one.pk == heir.pk
        made.append(_succeed(Succession.Kind.SPLIT, organ, one, on, basis, takes=heirs))
    moved = _hand_over(by, organ, heir, on)
    _close(organ, on)
    names = "、".join(s.name for s in receiving)
    told = {"on": on.isoformat(), "basis": basis, "heir": heir.name, **moved}
    actions.tell("organ.split", organ, by, new={"successors": names, **told})
    for one in receiving:
        told = {"predecessor": organ.name, "on": on.isoformat()}
        actions.tell("organ.received", one, by, new=told)
    actions.check_separation(heir, on)
    return made


@transaction.atomic
def close_organ(*, by: Doer, organ: Organ, on: date, basis: str) -> Organ:
    """撤销: without a successor. Raises NotAllowed, WrongDay, NotEmpty (subordinates live on)."""
    (organ,) = actions.hold(organ)
    organ = _ending(by, organ, on)
    if _living(organ, on).exists():
        raise NotEmpty(_("尚有下级机关，请先将其撤销或改变隶属。"))
    ended = _end_posts(by, organ, on, heir=None)
    _close(organ, on)
    told = {"on": on.isoformat(), "basis": basis, **ended}
    actions.tell("organ.closed", organ, by, new=told)
    return organ


@transaction.atomic
def reopen_organ(*, by: Doer, organ: Organ) -> Organ:
    """撤回撤销: undoes a closing without successor. Roles ended with it are given again by hand.

    Raises NotAllowed, NotEmpty (it has a successor, its parent has ended), Taken.
    """
    (organ,) = actions.hold(organ)
    by.may_administer(organ)
    if organ.valid_to is None or organ.successions.exists():
        raise NotEmpty(_("只能撤回没有接受机关的撤销。"))
    if organ.parent is not None and organ.parent.valid_to is not None:
        raise NotEmpty(_("上级机关已撤销，不能撤回；请改为设立新的机关。"))
    actions.check_credit_code(organ.credit_code, organ)
    closed_on = organ.valid_to
    organ.valid_to = None
    for periods in (organ.names, organ.placements, organ.reconsiderations, organ.seals):
        periods.filter(valid_to=closed_on).update(valid_to=None)
    actions.save(organ)
    actions.tell("organ.reopened", organ, by, old={"on": closed_on.isoformat()})
    return organ


# -- the ending


def _ending(by: Doer, organ: Organ, on: date) -> Organ:
    """The organ, read anew, that may end on this day."""
    organ = Organ.objects.select_related("parent").get(pk=organ.pk)
    by.may_administer(organ)
    actions.check_not_ahead(by, on)
    if organ.valid_to is not None:
        raise WrongDay(_("%(name)s 已经撤销。") % {"name": organ.name})
    if on <= organ.valid_from:
        raise WrongDay(_("生效日应晚于设立之日。"), field="on")
    latest = [
        rows.aggregate(day=Max("valid_from"))["day"] for rows in (organ.names, organ.placements)
    ]
    if on <= max(latest):
        raise WrongDay(
            _("%(name)s 在 %(day)s 更名或改变隶属，生效日应晚于这一天。")
            % {"name": organ.name, "day": max(latest)},
            field="on",
        )
    moved_since = Placement.objects.filter(parent=organ, valid_to__gt=on)
    if moved_since.exclude(organ__parent=organ).exists():
        raise WrongDay(_("生效日之后还有下级机关改变隶属，请选择更晚的生效日。"), field="on")
    return organ


def _succeed(
    kind: str, organ: Organ, successor: Organ, on: date, basis: str, *, takes: bool = True
) -> Succession:
    return Succession.objects.create(
        kind=kind,
        predecessor=organ,
        successor=successor,
        effective_on=on,
        basis=basis,
        takes_open_work=takes,
        reports=takes,
    )


def _close(organ: Organ, on: date) -> None:
    organ.valid_to = on
    for periods in (organ.names, organ.placements, organ.reconsiderations, organ.seals):
        periods.filter(valid_to__isnull=True, valid_from__lt=on).update(valid_to=on)
    actions.save(organ)


def _living(organ: Organ, on: date) -> QuerySet[Organ]:
    """The subordinates that live on after a day."""
    return organ.children.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def _hand_over(by: Doer, organ: Organ, heir: Organ, on: date) -> dict[str, Any]:
    """Subordinates, posts and open drafts follow the open work; says how many of each."""
    children = list(_living(organ, on).order_by("path"))
    for child in children:
        present = child.placements.order_by("-valid_from").first()
        if child.valid_to is not None or present is None or present.valid_from >= on:
            raise WrongDay(
                _("%(name)s 在生效日之后才设立、撤销或改变隶属，请选择更晚的生效日。")
                % {"name": child.name},
                field="on",
            )
        Placement.objects.filter(pk=present.pk).update(valid_to=on)
        Placement.objects.create(organ=child, parent=heir, valid_from=on)
        actions.carry(child, heir)
        actions.save(child)
        actions.tell("organ.moved", child, by, new={"parent": heir.name, "on": on.isoformat()})
    return {"subordinates": len(children), **_end_posts(by, organ, on, heir=heir)}


# -- posts, delegations, drafts


def _end_posts(by: Doer, organ: Organ, on: date, *, heir: Organ | None) -> dict[str, Any]:
    """Every post that lasts beyond the day ends or passes; open drafts are withdrawn."""
    lasting = organ.appointments.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    carried = ended = 0
    for post in lasting.select_related("account").order_by("pk"):
        goes_on = heir is not None and post.role in CARRIED
        if post.valid_from >= on and not goes_on:
            raise WrongDay(
                _("%(name)s 在生效日当天或之后才任职，请先免职或选择更晚的生效日。")
                % {"name": post.account.name},
                field="on",
            )
        if heir is not None and goes_on:
            carried += _pass_on(by, post, heir, on)
        else:
            ended += 1
            _cut(by, post.delegations.all(), on)
            Appointment.objects.filter(pk=post.pk).update(valid_to=on)
        _tell_post("role.ended", by, post, organ, on)
    return {
        "appointments_moved": carried,
        "appointments_ended": ended,
        "drafts_withdrawn": _withdraw(by, organ),
    }


def _pass_on(by: Doer, post: Appointment, heir: Organ, on: date) -> int:
    """The same post for the heir, as long as it would have lasted, with its delegations."""
    since = max(on, post.valid_from)
    held = heir.appointments.filter(account=post.account, role=post.role)
    present = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=since)).first()
    made = present or Appointment.objects.create(
        account=post.account,
        organ=heir,
        role=post.role,
        valid_from=since,
        valid_to=post.valid_to,
    )
    for lent in _lasting(post.delegations.all(), on):
        begins = max(since, lent.valid_from)
        if lent.valid_from < on:
            Delegation.objects.filter(pk=lent.pk).update(valid_to=on)
            lent.pk = None
            lent._state.adding = True
        lent.appointment, lent.valid_from = made, begins
        lent.save()
    if post.valid_from < on:
        Appointment.objects.filter(pk=post.pk).update(valid_to=on)
    else:  # it began after the day from which it is the heir's: it always was
        Appointment.objects.filter(pk=post.pk).delete()
    if present is None:
        _tell_post("role.given", by, post, heir, since)
    return 1


def _lasting(rows: QuerySet[Delegation], on: date) -> Iterable[Delegation]:
    return rows.filter(revoked_at__isnull=True, valid_to__gt=on).select_related("delegate")


def _cut(by: Doer, rows: QuerySet[Delegation], on: date) -> None:
    """No delegation lasts longer than its post; one that had not begun is revoked."""
    for lent in _lasting(rows.select_related("appointment__account"), on):
        if lent.valid_from < on:
            lent.valid_to = on
        else:
            lent.revoked_at = by.at
        lent.save(update_fields=["valid_to", "revoked_at"])
        by.tell(
            "delegation.revoked",
            lent.appointment.organ,
            f"person/{lent.appointment.account_id}",
            new={"delegate": lent.delegate.name, "name": lent.appointment.account.name},
        )


def _withdraw(by: Doer, organ: Organ) -> int:
    """Open drafts of particulars are withdrawn, each told."""
    found = list(Particulars.objects.filter(organ=organ, state__in=_OPEN))
    for draft in found:
        draft.state = Particulars.State.WITHDRAWN
        draft.version += 1
        draft.save(update_fields=["state", "version"])
        actions.tell("particulars.withdrawn", organ, by, new={"number": draft.number})
    return len(found)


def _tell_post(kind: str, by: Doer, post: Appointment, organ: Organ, on: date) -> None:
    by.tell(
        kind,
        organ,
        f"person/{post.account_id}",
        new={"name": post.account.name, "role": post.role, "on": on.isoformat()},
    )
