"""事项的变更: what is done to a matter beside its acts: parties asked, handler, key case, split,
merge, links, files, kind of applicant. What the statute knows goes through `recording`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_events import ConsultationSent, Ended
from gongkai.statute.case_table import State
from gongkai.statute.clock_events import Whom
from gongkai.statute.transitions import Duty
from gongkai.web.accounts.models import Account
from gongkai.web.applications import life, queries, recording, words
from gongkai.web.applications.intake import SCANS, Asked
from gongkai.web.applications.models import Applicant, Link, Matter, Party, Request
from gongkai.web.ledger import attachments, vault
from gongkai.web.ledger.models import Secret
from gongkai.web.organs import people_queries, reminder_actions, tree
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.reminder_actions import Note
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

KEYS = "甲乙丙丁戊己庚辛壬癸"


class NoParty(Refusal):
    """未写征求对象: nobody is named whom to ask."""


class CannotSplit(Refusal):
    """不能拆分: too far on, or nothing said of what is split off."""


class CannotMerge(Refusal):
    """不能并入: not of the same request, or closed already."""


class NotAHandler(Refusal):
    """不是经办人: who does not hold the role for the organ today."""


class SameMatter(Refusal):
    """同一事项: a matter is not linked to itself, nor twice."""


class NoReason(Refusal):
    """未写理由: a departure from what was suggested has its reason."""


@dataclass(frozen=True, slots=True)
class Asks:
    """征求对象: as typed."""

    whom: Whom
    organisation: str = ""
    name: str = ""
    contact: str = ""

    @property
    def called(self) -> str:
        return (self.organisation or self.name).strip()


def _held(matter: Matter, version: int) -> Matter:
    found = (
        Matter.objects.select_for_update(of=("self",))
        .select_related("organ", "request", "deadline")
        .get(pk=matter.pk)
    )
    if found.version != version:
        raise Stale
    return found


def _handles(by: Doer, matter: Matter) -> None:
    if not recording.may_do(by, matter, Duty.HANDLE):
        raise NotAllowed


def _changed(matter: Matter, *fields: str) -> None:
    matter.version += 1
    matter.save(update_fields=[*fields, "version"])


# -- parties


@transaction.atomic
def consult(*, by: Doer, matter: Matter, version: int, on: date, parties: Sequence[Asks]) -> Matter:
    """征求意见: of one party or several, each with its own days. Names go to the vault.

    Raises NoParty and what `recording.act` raises.
    """
    asked = [one for one in parties if one.called]
    if not asked:
        raise NoParty(_("请写明征求谁的意见。"), field="p0_organisation")
    _handles(by, matter)
    for one in asked:
        key = _party(by, matter, one)
        matter = recording.act(
            by=by, matter=matter, event=ConsultationSent(on, key, one.whom), version=version
        )
        version = matter.version
    return matter


def _party(by: Doer, matter: Matter, one: Asks) -> str:
    count = matter.parties.count()
    key = KEYS[count % len(KEYS)] + (str(count // len(KEYS) + 1) if count >= len(KEYS) else "")
    subject = life.address(matter)

    def sealed(label: str, value: str) -> Secret | None:
        if not value.strip():
            return None
        return vault.put(
            organ=matter.organ, subject=subject, label=label, value=value.strip(), at=by.at
        )

    Party.objects.create(
        matter=matter,
        key=key,
        joint_maker=one.whom is Whom.JOINT_MAKER,
        organisation=one.organisation.strip(),
        name=sealed("name", one.name),
        contact=sealed("address", one.contact),
    )
    return key


# -- who handles it, key cases, reminders


@transaction.atomic
def give(*, by: Doer, matter: Matter, version: int, to: Account) -> Matter:
    """交办: to another handler of the organ. Raises NotAllowed, Stale, NotAHandler."""
    held = _held(matter, version)
    if not any(
        recording.may_do(by, held, duty) for duty in (Duty.HANDLE, Duty.REVIEW, Duty.APPROVE)
    ):
        raise NotAllowed
    assert by.capacity is not None
    people = people_queries.holders(by.capacity.organ, Role.HANDLER, timezone.localdate(by.at))
    if not people.filter(pk=to.pk).exists():
        raise NotAHandler(_("请选择本机关现任的经办人。"), field="to")
    held.handler = to
    _changed(held, "handler")
    by.tell("matter.given", held.organ, life.address(held), new={"name": to.name})
    return held


def _supervises(by: Doer, matter: Matter) -> None:
    capacity = by.capacity
    if capacity is None or capacity.role is not Role.SUPERVISOR:
        raise NotAllowed
    if not tree.within(matter.organ.path, capacity.organ.path):
        raise NotAllowed


@transaction.atomic
def mark_key(*, by: Doer, matter: Matter, version: int, is_key: bool) -> Matter:
    """列为重点件: by a supervisor; or no longer. Raises NotAllowed, Stale."""
    held = _held(matter, version)
    _supervises(by, held)
    if held.is_key is not is_key:
        held.is_key = is_key
        _changed(held, "is_key")
        kind = "matter.key" if is_key else "matter.no_longer_key"
        by.tell(kind, held.organ, life.address(held))
    return held


def remind(*, by: Doer, matter: Matter, note: Note) -> None:
    """提醒: a supervisor reminds the organ of the matter; answered once the matter is closed."""
    if not matter.is_open:
        raise reminder_actions.Over(_("事项已经办结，不用提醒。"))
    reminder_actions.remind(by=by, organ=matter.organ, subject=life.address(matter), note=note)


# -- split, merge, link


@transaction.atomic
def split(*, by: Doer, matter: Matter, version: int, text: str, asked: Asked) -> Matter:
    """拆分: part of what is asked for becomes a matter of its own, with the same history so far.

    ``text`` is what stays. Raises NotAllowed, Stale, CannotSplit.
    """
    held = _held(matter, version)
    _handles(by, held)
    if not text.strip() or not asked.text.strip():
        raise CannotSplit(_("请写明留下的内容和拆出的内容。"), field="asked")
    case = life.case_of(held)
    early = (State.UNCONFIRMED, State.RECEIVED, State.HANDLING, State.AWAITING_CLARIFICATION)
    if case.state not in early or any(case.consultations()) or len(case.rounds) > 1:
        raise CannotSplit(_("已经征求意见、收费或者拟定答复的，不能再拆分。"))
    # Two parts split off at once, of two matters of a request, are numbered one after the other.
    Request.objects.select_for_update(of=("self",)).get(pk=held.request_id)
    last = held.request.matters.aggregate(most=Max("part"))["most"]
    title = asked.title.strip() or asked.text.strip()[:60]
    named = held.request.applicants.filter(is_agent=False).values_list("organisation", flat=True)
    made = Matter.objects.create(
        request=held.request,
        organ=held.organ,
        part=last + 1,
        title=title,
        sought=queries.sought(title, named),
        text=asked.text.strip(),
        state="",
        kind=held.kind,
        handler=held.handler,
        at=by.at,
    )
    for event in life.events(held):
        recording.record(by, made, event, {"split_from": life.address(held)})
    held.text = text.strip()
    _changed(held, "text")
    by.tell("request.split", held.organ, life.address(held), new={"count": last + 1})
    return made


@transaction.atomic
def merge(*, by: Doer, matter: Matter, version: int, into: Matter) -> Matter:
    """并入: a matter into another of the same request; it ends without an answer of its own and
    is not counted. Raises NotAllowed, Stale, CannotMerge, NotPossible."""
    both = Matter.objects.select_for_update(of=("self",)).filter(pk__in=(matter.pk, into.pk))
    rows = {one.pk: one for one in both.select_related("request").order_by("pk")}
    into = rows[into.pk]  # as it is now: others may be merged into it at the same time
    held = _held(matter, version)
    if into.request_id != held.request_id or into.pk == held.pk:
        raise CannotMerge(_("只能并入同一份申请的另一个事项。"), field="into")
    if not into.is_open or into.merged_into_id is not None:
        raise CannotMerge(_("要并入的事项已经办结。"), field="into")
    number = words.number(into)
    reason = str(_("并入事项 %(number)s")) % {"number": number}
    on = timezone.localdate(by.at)
    held = recording.act(by=by, matter=held, event=Ended(on, reason), version=version)
    held.merged_into = into
    life.project(held, life.case_of(held))
    held.save(update_fields=["merged_into", "row", "counted_on", "counted_ground"])
    into.text = f"{into.text}\n\n{held.text}"
    _changed(into, "text")
    by.tell("request.merged", held.organ, life.address(held), new={"number": number})
    return held


@transaction.atomic
def link(*, by: Doer, matter: Matter, other: Matter, kind: str) -> Link:
    """关联: a person finds two matters alike. Raises NotAllowed, SameMatter."""
    _handles(by, matter)
    if other.pk == matter.pk or other.organ_id != matter.organ_id:
        raise SameMatter(_("请选择本机关的另一个事项。"), field="number")
    try:
        with transaction.atomic():
            made = Link.objects.create(matter=matter, other=other, kind=kind, by=by.by, at=by.at)
    except IntegrityError:
        raise SameMatter(_("已经标记过了。"), field="number") from None
    number = words.number(other)
    by.tell("matter.linked", matter.organ, life.address(matter), new={"number": number})
    return made


# -- files, kind of applicant


@transaction.atomic
def add_files(*, by: Doer, matter: Matter, files: Sequence[UploadedFile]) -> None:
    """附卷: papers and pictures of the case. Raises NotAllowed, uploads.Refused."""
    _handles(by, matter)
    subject = life.address(matter)
    for file in files:
        made = attachments.attach(
            organ=matter.organ, subject=subject, file=file, kinds=SCANS, by=by.by, at=by.at
        )
        by.tell("matter.file", matter.organ, subject, new={"file": made.name})


@transaction.atomic
def reword(*, by: Doer, matter: Matter, text: str) -> Matter:
    """补正后的内容: what is asked as the applicant corrected it; what was first put is kept. Raises
    NotAllowed."""
    held = Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    _handles(by, held)
    if not text.strip() or text.strip() == held.text:
        return held
    held.first_text = held.first_text or held.text
    held.text = text.strip()
    held.save(update_fields=["text", "first_text"])
    by.tell("matter.reworded", held.organ, life.address(held))
    return held


@transaction.atomic
def change_kind(
    *, by: Doer, matter: Matter, version: int, kind: ApplicantKind, reason: str
) -> Matter:
    """改变申请人类别: of the first applicant, and so of every matter of the request."""
    held = _held(matter, version)
    _handles(by, held)
    if len(reason.strip()) < 2:
        raise NoReason(_("请写明理由。"), field="reason")
    first = held.request.applicants.filter(is_agent=False).order_by("position").first()
    assert first is not None, "an application has an applicant"
    before = first.kind
    Applicant.objects.filter(pk=first.pk).update(kind=kind.value, kind_reason=reason.strip())
    Matter.objects.filter(request=held.request_id).update(kind=kind.value)
    held.kind = kind.value
    _changed(held, "kind")
    by.tell(
        "request.kind_changed",
        held.organ,
        life.address(held),
        old={"applicant_kind_before": before},
        new={"applicant_kind": kind.value, "reason": reason.strip()},
    )
    return held
