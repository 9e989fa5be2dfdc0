"""收费的变更: a fee is reckoned by the statute, its notice printed, and the act told with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.statute import dated, fees
from gongkai.statute.case_events import FeeNotified
from gongkai.statute.fees import Basis, Charge
from gongkai.web.applications import letter_actions, letter_acts, letter_content, life
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.letter_acts import Text
from gongkai.web.applications.models import Letter, Matter
from gongkai.web.organs.actions import Doer
from gongkai.web.shell.refusals import Refusal

KIND = "fee"


class NothingOwed(Refusal):
    """不用收费: the sum is nothing, so there is no notice."""


class BadNumber(Refusal):
    """数量有误: a number that cannot be charged, or a day without a tariff."""


@dataclass(frozen=True, slots=True)
class Fee:
    """一笔收费: as typed; ``waived`` yuan of it are not asked for."""

    basis: Basis
    units: int
    before: int = 0
    waived: int = 0


def reckoned(fee: Fee, on: date) -> Charge:
    """收费计算. Raises BadNumber, NothingOwed."""
    try:
        if fee.basis is Basis.PAGES:
            made = fees.by_pages(fee.units, on)
        else:
            made = fees.by_items(fee.units, on, before=fee.before)
    except fees.FeeError as wrong:
        raise BadNumber(said(wrong.text), field="units") from None
    except dated.NotKnown as unknown:
        raise BadNumber(said(unknown.text), field="on") from None
    if owed(made, fee) <= 0:
        raise NothingOwed(_("按标准计算不需要收费，或者已全部减免，不发收费通知。"), field="units")
    return made


def owed(charge: Charge, fee: Fee) -> Decimal:
    """What is asked for."""
    return charge.total - fee.waived


@transaction.atomic
def notify(
    *,
    by: Doer,
    matter: Matter,
    version: int,
    on: date,
    fee: Fee,
    values: Mapping[str, Any],
    number: str = "",
) -> Matter:
    """收费通知: the notice printed, its receipt told. Raises what `letter_acts.carry` raises."""
    charge = reckoned(fee, on)
    event = FeeNotified(on, owed(charge, fee), fee.basis)
    return letter_acts.carry(
        by=by,
        matter=matter,
        version=version,
        event=event,
        text=Text(_values(values, charge, fee), number),
    )


@transaction.atomic
def prepare(
    *,
    by: Doer,
    matter: Matter,
    on: date,
    fee: Fee,
    values: Mapping[str, Any],
    number: str = "",
) -> Letter:
    """先制作通知书: numbered and printed; that the applicant has it is told later (`received`)."""
    charge = reckoned(fee, on)
    case = life.case_of(matter, as_of=on)
    made = letter_actions.draft(
        by=by, of=matter, kind=KIND, values=_values(values, charge, fee), case=case
    )
    letter_actions.not_to_come(by, on)
    drawn = letter_actions.next_number(by, made, on, number)
    return letter_actions.numbered(by=by, letter=made, on=on, number=drawn, case=case)


@transaction.atomic
def received(*, by: Doer, matter: Matter, version: int, on: date, letter: Letter) -> Matter:
    """申请人收到通知书: of a notice prepared before; the sum is that of the notice."""
    known = letter_content.read(letter.values)
    charge: Charge = known["charge"]
    fee = Fee(charge.basis, charge.units, charge.before, int(known.get("waived") or 0))
    event = FeeNotified(on, owed(charge, fee), charge.basis)
    return letter_acts.carry(by=by, matter=matter, version=version, event=event, letter=letter)


def _values(values: Mapping[str, Any], charge: Charge, fee: Fee) -> dict[str, Any]:
    return {**values, "charge": charge, "waived": fee.waived or None}
