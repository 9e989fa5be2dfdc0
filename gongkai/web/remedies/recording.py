"""登记救济: one act in one remedy: asked of the statute, told, its clocks run, in one transaction.

Where a concluded remedy asks for a new answer, the matter is reopened in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.statute import dated, event_data, remedies
from gongkai.statute.case_events import Act as CaseAct
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import TABLE as CASES
from gongkai.statute.case_table import State as CaseState
from gongkai.statute.grounds import Ground
from gongkai.statute.remedies import Against, Proceeding
from gongkai.statute.remedy_events import Act, Event, Filed
from gongkai.statute.remedy_results import Kind
from gongkai.statute.remedy_table import table_of
from gongkai.statute.transitions import Duty, Illegal
from gongkai.web.applications import archive_actions
from gongkai.web.applications import life as application_life
from gongkai.web.applications import recording as application_recording
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import SCANS
from gongkai.web.applications.models import Matter
from gongkai.web.applications.recording import NotPossible, WrongDay
from gongkai.web.ledger import attachments, calendars
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.remedies import life
from gongkai.web.remedies.event_kinds import PREFIX
from gongkai.web.remedies.models import Remedy
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale


class NothingToAttack(Refusal):
    """没有可以复议、起诉的答复: the matter is open and not late."""


class WrongBefore(Refusal):
    """在前的复议有误: a suit after reconsideration names one of its matter, concluded or undecided
    after its last day."""


@dataclass(frozen=True, slots=True)
class Given:
    """登记的内容: how a remedy begins. ``against`` as `attackable` proposes it."""

    filed: Filed
    against: Against
    third_party: bool = False
    after: Remedy | None = None


def attackable(case: Case, today: date) -> Against | None:
    """针对什么: the answer in hand, or the silence once its last day is over; else None.

    What the applicant took back was not answered. An application no longer handled (not clarified,
    not paid, ended) was closed by the organ, and whether that can be attacked is for the body to
    say: no provision denies it.
    """
    if _withdrawn(case):
        return None
    found, on = case.conclusion, case.concluded_on
    if found is not None and on is not None:
        draft = case.round.draft
        came = draft.delivered if draft is not None else None  # posted, it comes days later
        return Against(came or on, on, found)
    if not case.closed and case.due is not None and case.due < today:
        return Against(case.due)
    return None


def _withdrawn(case: Case) -> bool:
    """Whether it was closed by its applicant, in the archive or not."""
    return case.conclusion is not None and case.conclusion.ground is Ground.WITHDRAWN


def nothing_to_attack(case: Case) -> Any:
    """Why, and what to do where a body has taken the case all the same."""
    if _withdrawn(case):
        return _(
            "申请人已撤回申请，没有答复可以复议、起诉。对撤回有争议、复议机关或者法院已经受理的，"
            "请批准人先对该申请“恢复办理”，再登记；已经归档的，把受理通知书附入该申请的卷内，并报主管部门。"
        )
    return _("这件申请还没有答复，也没有逾期，没有可以复议、起诉的。答复或者逾期以后再登记。")


@transaction.atomic
def begin(*, by: Doer, matter: Matter, given: Given, files: Sequence[UploadedFile] = ()) -> Remedy:
    """登记复议、诉讼: Raises NotAllowed, WrongDay, WrongBefore, NotPossible, uploads.Refused."""
    held = Matter.objects.select_for_update(of=("self",)).select_related("organ").get(pk=matter.pk)
    if not application_recording.may_do(by, held, Duty.HANDLE):
        raise NotAllowed
    _on_time(by, given.filed)
    _known_then(by, held, given)
    _before(held, given)
    attacked = given.against
    last = Remedy.objects.filter(matter=held).aggregate(last=Max("part"))["last"] or 0
    remedy = Remedy(
        matter=held,
        organ=held.organ,
        part=last + 1,
        kind=given.filed.kind.value,
        third_party=given.third_party,
        after=given.after,
        against_known=attacked.known,
        against_decided=attacked.decided,
        against_ground=attacked.conclusion.ground.value if attacked.conclusion else "",
        against_withheld=[one.value for one in attacked.conclusion.withheld]
        if attacked.conclusion
        else [],
        against_told=attacked.told,
        by=by.by,
        at=by.at,
    )
    life.project(remedy, _replayed([given.filed], attacked))
    remedy.save()
    _record(by, remedy, [], given.filed)
    for file in files:
        _attach(by, remedy, file)
    return remedy


def _known_then(by: Doer, matter: Matter, given: Given) -> None:
    """知道答复之日: after the answer came, where that is known, and before the remedy was sought.

    A third party is told on a day of its own, and who sought it before the delivery on record had
    the answer otherwise: then only after the date of the answer.
    """
    known, filed = given.against.known, given.filed.on
    if known > filed:
        message = _("不能晚于提起之日（%(day)s）；请核对这两个日期。")
        raise WrongDay(message % {"day": filed.isoformat()}, field="known")
    today = timezone.localdate(by.at)
    case = application_life.case_of(matter, as_of=today)
    found = attackable(case, today)
    if found is None:
        raise NothingToAttack(nothing_to_attack(case))
    elsewhere = given.third_party or filed < found.known
    first = found.decided or date.min if elsewhere else found.known
    if known >= first:
        return
    if elsewhere:
        message = _("不能早于答复日期（%(day)s）；请核对。")
    elif found.silence:
        message = _("没有答复的，不能早于答复期限的最后一日（%(day)s）；请核对。")
    else:
        message = _("不能早于答复送达之日（%(day)s）；请核对。")
    raise WrongDay(message % {"day": first.isoformat()}, field="known")


def _before(matter: Matter, given: Given) -> None:
    suit_after = given.filed.kind is Kind.SUIT_AFTER
    one = given.after
    if not suit_after and one is None:
        return
    if not suit_after or one not in before_suit(matter, given.filed.on):
        message = _("请选择本事项已审结、或者逾期未作决定的行政复议。")
        raise WrongBefore(message, field="after")


def before_suit(matter: Matter, on: date) -> list[Remedy]:
    """在前的复议: those after which one may sue on the day ``on``."""
    rows = Remedy.objects.filter(matter=matter, kind=Kind.RECONSIDERATION)
    return [
        one
        for one in rows.select_related("matter__request")
        if not one.is_open or remedies.undecided(life.proceeding_of(one), on)
    ]


def act(
    *,
    by: Doer,
    remedy: Remedy,
    event: Event,
    version: int,
    files: Sequence[UploadedFile] = (),
) -> Remedy:
    """登记一步: what happened in the remedy; ``files``: its papers, whoever's duty the act is.

    With the remedy its archived matter's file is made anew. Raises NotAllowed, Stale, WrongDay,
    NotPossible, uploads.Refused, letter_content.NoName, archive_actions.NotWhole.
    """
    kept = None
    if event.act is Act.ARCHIVE and remedy.matter.state == CaseState.ARCHIVED:
        check(by, remedy, event)
        kept = archive_actions.made(by, remedy.matter)  # before anything is locked
    with transaction.atomic():
        held = _acted(by, remedy, event, version, files)
        if kept is not None:
            archive_actions.renew(by, held.matter, kept)
    return held


def _acted(
    by: Doer, remedy: Remedy, event: Event, version: int, files: Sequence[UploadedFile]
) -> Remedy:
    held = (
        Remedy.objects.select_for_update(of=("self",))
        .select_related("organ", "matter", "matter__organ", "after")
        .get(pk=remedy.pk)
    )
    if held.version != version:
        raise Stale
    check(by, held, event)
    _on_time(by, event)
    _record(by, held, life.told(held), event)
    for file in files:
        _attach(by, held, file)
    return held


def _record(by: Doer, remedy: Remedy, before: list[Event], event: Event) -> None:
    found = _replayed([*before, event], life.against(remedy))
    kind = f"{PREFIX[Kind(remedy.kind)]}{event.act.value}"
    new: dict[str, Any] = {"event": event_data.as_data(event)}
    by.tell(kind, remedy.organ, life.address(remedy), new=new)
    was_open = remedy.is_open
    life.project(remedy, found)
    life.run_clocks(remedy, found, act=by.act)
    remedy.version += 1 if before else 0
    remedy.save()
    for suit in remedy.suits.select_related("after"):  # taken back or corrected, theirs may differ
        Remedy.objects.filter(pk=suit.pk).update(counts=life.counts(suit, Kind(suit.kind)))
    if was_open and not remedy.is_open:
        _concluded(by, remedy, found)


def _replayed(told: list[Event], against: Against) -> Proceeding:
    try:
        return remedies.replay(told, against, calendars.current())
    except (Illegal, dated.NotKnown) as wrong:
        raise NotPossible(said(wrong.text)) from None


def _concluded(by: Doer, remedy: Remedy, found: Proceeding) -> None:
    """What follows: the matter is reopened where it must be."""
    reopened = remedies.reopening(found)
    if reopened is None:
        return
    matter = (
        Matter.objects.select_for_update(of=("self",))
        .select_related("organ", "request", "deadline")
        .get(pk=remedy.matter_id)
    )
    answered = application_life.case_of(matter).concluded_on
    since = not matter.is_open and answered is not None and answered > reopened.on
    if may_reopen(matter) and not since:  # an answer given since the order stands
        application_recording.record(by, matter, reopened, {"remedy": remedy.pk})


def may_reopen(matter: Matter) -> bool:
    """Whether the matter is where it can be reopened: one with its answer on the way goes on."""
    return CASES.find(CaseState(matter.state), CaseAct.REOPEN) is not None


def check(by: Doer, remedy: Remedy, event: Event) -> None:
    """Raises NotAllowed where the act is not this person's duty."""
    found = life.proceeding_of(remedy)
    row = table_of(Kind(remedy.kind)).find(found.state, event.act)
    if row is None:
        return  # the statute refuses it, and says why
    if not application_recording.may_do(by, remedy.matter, row.duty):
        raise NotAllowed


def _on_time(by: Doer, event: Event) -> None:
    if event.on > timezone.localdate(by.at):
        raise WrongDay(_("日期不能晚于今天。"), field="on")


@transaction.atomic
def number(*, by: Doer, remedy: Remedy, number: str, version: int) -> Remedy:
    """案号: once the body has given one, or where it was mistyped. Raises NotAllowed, Stale."""
    held = (
        Remedy.objects.select_for_update(of=("self",))
        .select_related("organ", "matter")
        .get(pk=remedy.pk)
    )
    if held.version != version:
        raise Stale
    if not application_recording.may_do(by, held.matter, Duty.HANDLE):
        raise NotAllowed
    before, held.case_number = held.case_number, number.strip()
    by.tell(
        "remedy.number",
        held.organ,
        life.address(held),
        old={"number": before},
        new={"number": held.case_number},
    )
    held.version += 1
    held.save(update_fields=["case_number", "version"])
    return held


# -- its file


@transaction.atomic
def add_files(*, by: Doer, remedy: Remedy, files: Sequence[UploadedFile]) -> None:
    """附卷: papers of the remedy. Raises NotAllowed, uploads.Refused."""
    if not application_recording.may_do(by, remedy.matter, Duty.HANDLE):
        raise NotAllowed
    for file in files:
        _attach(by, remedy, file)


def _attach(by: Doer, remedy: Remedy, file: UploadedFile) -> None:
    subject = life.address(remedy)
    made = attachments.attach(
        organ=remedy.organ, subject=subject, file=file, kinds=SCANS, by=by.by, at=by.at
    )
    by.tell("remedy.file", remedy.organ, subject, new={"file": made.name})
