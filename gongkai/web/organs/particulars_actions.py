"""指南要素的变更: drafting, submitting, reviewing, approving a version, on screen and on paper.

Each follows `particulars_life.TABLE`: the person must act for the organ itself in a role of the
step, and decides on nobody's own work (`separation`). A version is signed as it was seen: every act
but the first is given the ``version`` that was shown, and raises Stale where it is another by now.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts.models import Account
from gongkai.web.organs import particulars_queries as queries
from gongkai.web.organs import reminder_actions, scans, tree
from gongkai.web.organs.actions import Doer, NotAllowed, WrongDay
from gongkai.web.organs.models import Organ, Particulars, Signature
from gongkai.web.organs.particulars_life import LABELS, Act, State, Transition, find
from gongkai.web.organs.particulars_queries import FIELDS
from gongkai.web.organs.queries import is_valid, valid_on
from gongkai.web.organs.separation import Step
from gongkai.web.shell import uploads
from gongkai.web.shell.access import Role
from gongkai.web.shell.languages import lang
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

SCANS = ("pdf", "png", "jpg")


class NotNow(Refusal):
    """环节不符: the version is in a state where this cannot be done."""


class AlreadyOpen(Refusal):
    """已有在办版本: one version at a time is worked on."""

    def __init__(self) -> None:
        super().__init__(_("本机关已有一版正在办理，没有另建。请返回指南要素页，在那一版上修改。"))


class OrganEnded(Refusal):
    """机关已撤销: nothing new is said of it."""

    def __init__(self) -> None:
        super().__init__(_("机关已撤销，指南要素不再更新。"))


class NoReason(Refusal):
    """未写理由: a version is returned with a reason, or not at all."""

    def __init__(self) -> None:
        super().__init__(_("请写明退回的理由，起草人据此修改。"), field="comment")


class WrongScan(Refusal):
    """扫描件有误: missing, or no picture or PDF by its content."""


class WrongSigner(Refusal):
    """签批人有误: who signed the paper cannot be this person."""


# -- the drafter's acts


@transaction.atomic
def draft(*, by: Doer, organ: Organ, values: Mapping[str, str]) -> Particulars:
    """起草: a new version. Raises NotAllowed, OrganEnded, AlreadyOpen."""
    organ = Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    _check_role(by, organ, None, Act.DRAFT)
    if not is_valid(organ, timezone.localdate(by.at)):
        raise OrganEnded
    if queries.open_version(organ) is not None:
        raise AlreadyOpen
    last = organ.particulars.aggregate(last=Max("number"))["last"] or 0
    made = Particulars.objects.create(
        organ=organ,
        number=last + 1,
        state=State.DRAFT,
        drafted_by=by.by,
        drafted_at=by.at,
        **{name: values.get(name, "") for name in FIELDS},
    )
    _event("particulars.drafted", made, by)
    return made


@transaction.atomic
def edit(
    *, by: Doer, particulars: Particulars, version: int, values: Mapping[str, str]
) -> Particulars:
    """修改: of a draft or a returned version. Raises NotAllowed, NotNow, Stale."""
    one, step = _step(by, particulars, Act.EDIT, version)
    old = {n: getattr(one, n) for n in FIELDS if getattr(one, n) != values.get(n, "")}
    if not old:
        return one
    for name in old:
        setattr(one, name, values.get(name, ""))
    _move(one, step)
    _event(step.event, one, by, old=old, new={n: getattr(one, n) for n in old})
    return one


@transaction.atomic
def submit(*, by: Doer, particulars: Particulars, version: int) -> Particulars:
    """提交审核。 Raises NotAllowed, NotNow, Stale."""
    return _plain(by, particulars, Act.SUBMIT, version)


@transaction.atomic
def recall(*, by: Doer, particulars: Particulars, version: int) -> Particulars:
    """取回修改: before anybody reviewed it. Raises NotAllowed, NotNow, Stale."""
    return _plain(by, particulars, Act.RECALL, version)


@transaction.atomic
def withdraw(*, by: Doer, particulars: Particulars, version: int) -> Particulars:
    """撤回: given up; the version in force stays. Raises NotAllowed, NotNow, Stale."""
    return _plain(by, particulars, Act.WITHDRAW, version)


# -- decisions on screen


@transaction.atomic
def review(*, by: Doer, particulars: Particulars, version: int, comment: str = "") -> Particulars:
    """审核通过。 Raises NotAllowed, NotNow, Stale, OwnWork."""
    return _decide(by, particulars, Act.REVIEW, version, comment)


@transaction.atomic
def approve(*, by: Doer, particulars: Particulars, version: int, comment: str = "") -> Particulars:
    """批准: the version is in force from now on. Raises NotAllowed, NotNow, Stale, OwnWork."""
    return _decide(by, particulars, Act.APPROVE, version, comment)


@transaction.atomic
def send_back(*, by: Doer, particulars: Particulars, version: int, comment: str) -> Particulars:
    """退回: to the drafter, with a reason. Raises NotAllowed, NotNow, Stale, OwnWork, NoReason."""
    if not comment.strip():
        raise NoReason
    return _decide(by, particulars, Act.RETURN, version, comment)


def _decide(
    by: Doer, particulars: Particulars, act: Act, version: int, comment: str
) -> Particulars:
    one, step = _step(by, particulars, act, version)
    assert step.step is not None
    behalf = queries.principal_of(by.capacity)
    queries.authors(one).refuse(step.step, by.by.pk, behalf)
    said = comment.strip()
    Signature.objects.create(
        particulars=one,
        step=step.step.value,
        agreed=act is not Act.RETURN,
        comment=said,
        by=by.by,
        by_name=by.by.name,
        delegation_id=by.capacity.delegation_id if by.capacity else None,
        signed_on=timezone.localdate(by.at),
        recorded_by=by.by,
        recorded_at=by.at,
    )
    _move(one, step, by)
    _event(step.event, one, by, new={"comment": said} if said else None)
    return one


@transaction.atomic
def oversee(*, by: Doer, particulars: Particulars, version: int, comment: str) -> Particulars:
    """监督退回: a supervisor above sends a version back before it is in force, with a reason.

    Raises NotAllowed, NotNow, Stale, NoReason.
    """
    said = comment.strip()
    if not said:
        raise NoReason
    one, step = _step(by, particulars, Act.OVERSEE, version)
    Signature.objects.create(
        particulars=one,
        step=Signature.Step.OVERSEE,
        agreed=False,
        comment=said,
        by=by.by,
        by_name=by.by.name,
        delegation_id=by.capacity.delegation_id if by.capacity else None,
        signed_on=timezone.localdate(by.at),
        recorded_by=by.by,
        recorded_at=by.at,
    )
    _move(one, step)
    _event(step.event, one, by, new={"comment": said})
    return one


# -- decisions on paper


_OWN_PAPER = _("签批人是您本人的，请直接在屏幕上办理；纸质签批由另一人登记。")


@dataclass(frozen=True, slots=True)
class Paper:
    """纸质签批: who signed which step on which day, by account or by name, and the scan of it."""

    step: str
    signed_on: date
    scan: UploadedFile | None
    account: Account | None = None
    name: str = ""
    comment: str = ""


@transaction.atomic
def record_paper_signature(
    *, by: Doer, particulars: Particulars, version: int, paper: Paper
) -> Particulars:
    """登记纸质签批: a step that was signed on paper, recorded with its scan by another than the
    drafter, the signer and whoever recorded the other step.

    Raises NotAllowed, NotNow, Stale, OwnWork, WrongSigner, WrongDay, WrongScan.
    """
    one, step = _step(by, particulars, Act.RECORD, version)
    assert step.step is not None
    if paper.step != step.step.value:
        raise NotNow(_("这一版现在等待的不是这个环节，请重新打开页面核对。"))
    known = queries.authors(one)
    known.refuse_record(by.by.pk, queries.principal_of(by.capacity))
    name = _signer(one, step.step, by, paper, known)
    _check_paper_day(one, by, paper)
    upload, scan = _scan(paper)
    scan.name = f"{secrets.token_hex(16)}.{upload.kind}"
    made = Signature.objects.create(
        particulars=one,
        step=step.step.value,
        agreed=True,
        comment=paper.comment.strip(),
        by=paper.account,
        by_name=name,
        signed_on=paper.signed_on,
        scan=scan,
        scan_sha256=upload.sha256,
        recorded_by=by.by,
        recorded_at=by.at,
    )
    _move(one, step, by)
    _event(
        step.event,
        one,
        by,
        new={
            "paper": True,
            "signed_by": name,
            "signed_on": paper.signed_on.isoformat(),
            "signature": made.pk,
            "sha256": upload.sha256,
        },
    )
    return one


def _signer(one: Particulars, step: Step, by: Doer, paper: Paper, known: queries.Authors) -> str:
    """The name under the paper, checked as if the person had decided on screen."""
    if paper.account is not None:
        _check_account(one, step, by, paper.account, paper.signed_on)
        known.refuse(step, paper.account.pk)
        return paper.account.name
    name = " ".join(paper.name.split())
    if not name:
        raise WrongSigner(_("请选择签批人；没有账号的，填写姓名和职务。"), field="name")
    if by.by.name in (name, name.split()[0]):
        raise WrongSigner(_OWN_PAPER, field="name")
    taken = known.drafters.union(*known.signed.values())
    names = set(Account.objects.filter(pk__in=taken).values_list("name", flat=True))
    names |= {s.by_name for s in queries.round_of(queries.signatures(one))}
    if any(name == other or name.split()[0] == other for other in names):
        raise WrongSigner(
            _("签批人与起草人或前一环节的签署、登记人同名。确为另一人的，请从有账号的人员中选择。"),
            field="name",
        )
    return name


def _check_account(
    one: Particulars, step: Step, by: Doer, account: Account, signed_on: date
) -> None:
    if account.pk == by.by.pk:
        raise WrongSigner(_OWN_PAPER, field="account")
    held = account.appointments.filter(
        valid_on(signed_on), organ=one.organ, role=queries.ROLE_OF[step].value
    )
    if not held.exists():
        raise WrongSigner(
            _("%(name)s 在签批之日没有担任本机关的这一角色。") % {"name": account.name},
            field="account",
        )


def _check_paper_day(one: Particulars, by: Doer, paper: Paper) -> None:
    if paper.signed_on > timezone.localdate(by.at):
        raise WrongDay(_("签批日期不能晚于今天。"), field="signed_on")
    earliest = timezone.localdate(one.drafted_at)
    for signed in queries.signatures(one):
        earliest = max(earliest, signed.signed_on)
    if paper.signed_on < earliest:
        raise WrongDay(
            _("签批日期不能早于起草或前一次签署之日（%(day)s）。") % {"day": earliest.isoformat()},
            field="signed_on",
        )


def _scan(paper: Paper) -> tuple[uploads.Upload, UploadedFile]:
    if paper.scan is None:
        raise WrongScan(_("请上传纸质签批的扫描件或照片；没有扫描件不能登记。"), field="scan")
    try:
        upload = uploads.accept(paper.scan, kinds=SCANS)
    except uploads.Refused as refused:
        raise WrongScan(refused.text.say(lang()), field="scan") from None
    try:
        scans.look_at(paper.scan.read(), upload.kind)
    except scans.Unreadable as unreadable:
        raise WrongScan(unreadable.message, field="scan") from None
    paper.scan.seek(0)
    return upload, paper.scan


# -- shared


def _step(
    by: Doer, particulars: Particulars, act: Act, version: int
) -> tuple[Particulars, Transition]:
    """The version, locked, with what the act does to it."""
    one = (
        Particulars.objects.select_for_update(of=("self",))
        .select_related("organ")
        .get(pk=particulars.pk)
    )
    if not _acts_for(by, one.organ):
        raise NotAllowed
    if one.version != version:
        raise Stale
    step = find(one.state, act)
    if step is None:
        raise NotNow(
            _now("这一版现在是“%(state)s”，不能%(act)s。")
            % {"state": one.get_state_display(), "act": LABELS[act]}
        )
    _check_role(by, one.organ, one.state, act)
    return one, step


def _check_role(by: Doer, organ: Organ, state: str | None, act: Act) -> None:
    step = find(state, act)
    held = by.capacity
    if step is None or held is None or held.role not in step.roles or not _acts_for(by, organ):
        raise NotAllowed


def _acts_for(by: Doer, organ: Organ) -> bool:
    """Officers act for their own organ, supervisors for all below theirs."""
    held = by.capacity
    if held is None:
        return False
    if held.role is Role.SUPERVISOR:
        return tree.within(organ.path, held.organ.path)
    return held.organ.pk == organ.pk


def _plain(by: Doer, particulars: Particulars, act: Act, version: int) -> Particulars:
    one, step = _step(by, particulars, act, version)
    _move(one, step)
    _event(step.event, one, by)
    return one


def _move(one: Particulars, step: Transition, by: Doer | None = None) -> None:
    one.state = step.to
    one.version += 1
    if step.to is State.APPROVED and by is not None:
        one.approved_at = by.at
        reminder_actions.answer(subject=queries.matter(one.organ), at=by.at)
    one.save()


def _event(
    kind: str,
    one: Particulars,
    by: Doer,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    told: dict[str, Any] = {**(new or {}), "number": one.number}
    if by.capacity is not None and by.capacity.delegation_id is not None:
        told["for_id"] = queries.principal_of(by.capacity)
    by.tell(
        kind,
        one.organ,
        queries.address(one),
        old=old,
        new=told,
    )
