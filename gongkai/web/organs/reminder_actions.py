"""提醒的变更: a supervisor reminds an organ, sends something back for correction, or withdraws it.

Any app's matter can be reminded of by its address; the app calls `answer` when what was asked for
has come. Nothing is decided here for the organ: what is in force stays in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import deadlines
from gongkai.web.organs import particulars_queries as particulars
from gongkai.web.organs import queries, tree
from gongkai.web.organs import reminder_queries as reads
from gongkai.web.organs.actions import Doer, NotAllowed, WrongDay
from gongkai.web.organs.clock_kinds import REMINDER
from gongkai.web.organs.models import Organ, Particulars, Reminder
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

LONGEST = timedelta(days=366)  # ahead, that somebody may be given


class NoWords(Refusal):
    """未写内容: an organ is told what it is to do, or not reminded at all."""


class AlreadyReminded(Refusal):
    """已在提醒中: one reminder of a matter at a time."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s 的这一事项已在提醒中，没有再发。需要改写的，请先撤回原提醒。")
            % {"name": name}
        )


class Over(Refusal):
    """提醒已了结: answered or withdrawn before."""


class EndedOrgan(Refusal):
    """机关已撤销: nobody is left to answer."""


@dataclass(frozen=True, slots=True)
class Note:
    """提醒内容: what the organ is to do, and by which day, if any."""

    words: str
    due_on: date | None = None


@transaction.atomic
def remind(*, by: Doer, organ: Organ, subject: str, note: Note) -> Reminder:
    """提醒: an organ of its matter. Raises NotAllowed, EndedOrgan, NoWords, WrongDay,
    AlreadyReminded."""
    if not note.words.strip():
        raise NoWords(_("请写明提醒的内容。"), field="words")
    made = _give(by, organ, subject, Reminder.Kind.REMIND, note)
    _event("organ.reminded", made, by)
    return made


@transaction.atomic
def remind_of_particulars(*, by: Doer, organs: list[Organ], note: Note) -> list[Reminder]:
    """提醒指南要素: each of these organs that has no open reminder of them.

    Raises what `remind` raises; AlreadyReminded only where another was quicker just now.
    """
    held = reads.subjects_open(particulars.matter(o) for o in organs)
    return [
        remind(by=by, organ=o, subject=particulars.matter(o), note=note)
        for o in organs
        if particulars.matter(o) not in held
    ]


@transaction.atomic
def send_back(*, by: Doer, particulars_in_force: Particulars, note: Note) -> Reminder:
    """退回更正: the version in force, which stays in force until a corrected one is approved.

    Raises NotAllowed, EndedOrgan, NoWords, WrongDay, AlreadyReminded, and Stale where another
    version has come into force.
    """
    one = particulars_in_force
    if not note.words.strip():
        raise NoWords(_("请写明退回的理由，本机关据此更正。"), field="words")
    made = _give(by, one.organ, particulars.matter(one.organ), Reminder.Kind.RETURN, note)
    force = particulars.in_force(made.organ, timezone.localdate(by.at))
    if force is None or force.pk != one.pk:
        raise Stale
    by.tell(
        "particulars.sent_back",
        made.organ,
        particulars.address(one),
        new={"number": one.number, **_told(made)},
    )
    return made


@transaction.atomic
def withdraw(*, by: Doer, reminder: Reminder) -> Reminder:
    """撤回提醒: by a supervisor of the organ that gave it, or of one above.

    Raises NotAllowed, Over.
    """
    one = (
        Reminder.objects.select_for_update(of=("self",))
        .select_related("organ", "given_for")
        .get(pk=reminder.pk)
    )
    if not reads.may_withdraw(by.capacity, one):
        raise NotAllowed
    if one.answered_at is not None or one.withdrawn_at is not None:
        raise Over(_("这一提醒已经了结，不用撤回。"))
    one.withdrawn_at = by.at
    one.save(update_fields=["withdrawn_at"])
    deadlines.close(subject=one.subject, kind=REMINDER, at=by.at)
    _event("reminder.withdrawn", one, by)
    return one


@transaction.atomic
def answer(*, subject: str, at: datetime) -> None:
    """了结: what the organ was reminded of has come; told by the act that brought it."""
    Reminder.objects.filter(reads.OPEN, subject=subject).update(answered_at=at)
    deadlines.close(subject=subject, kind=REMINDER, at=at)


# -- shared


def _give(by: Doer, organ: Organ, subject: str, kind: Reminder.Kind, note: Note) -> Reminder:
    held = by.capacity
    organ = Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    if held is None or held.role is not Role.SUPERVISOR:
        raise NotAllowed
    if not tree.within(organ.path, held.organ.path):
        raise NotAllowed
    today = timezone.localdate(by.at)
    if not queries.is_valid(organ, today):
        raise EndedOrgan(_("机关已撤销，不再提醒。"))
    if note.due_on is not None and not today <= note.due_on <= today + LONGEST:
        raise WrongDay(_("办理期限应在今天之后、一年之内；不限日期的不填。"), field="due_on")
    try:
        with transaction.atomic():
            made = Reminder.objects.create(
                organ=organ,
                subject=subject,
                kind=kind,
                words=note.words.strip(),
                by=by.by,
                given_for=held.organ,
                at=by.at,
                due_on=note.due_on,
            )
    except IntegrityError:
        raise AlreadyReminded(organ.name) from None
    if note.due_on is not None:
        basis = {"on": note.due_on.isoformat()}
        deadlines.open_(organ=organ, subject=subject, kind=REMINDER, basis=basis, at=by.at)
    return made


def _event(kind: str, one: Reminder, by: Doer) -> None:
    by.tell(
        kind,
        one.organ,
        one.subject,
        new={"matter": one.subject.partition("/")[0], **_told(one)},
    )


def _told(one: Reminder) -> dict[str, str]:
    told = {"comment": one.words}
    if one.due_on is not None:
        told["due_on"] = one.due_on.isoformat()
    return told
