"""协助申请人 (Art 29, Art 43): who could not write, read, see or hear was helped, and how.

Told once, as an event of the request, when it is registered; ``Request.need`` is what of it lists
and counts need. No row of the form counts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from gongkai.statute.side_matters import NEEDS, Help, Need
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Request
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Event
from gongkai.web.organs.actions import Doer
from gongkai.web.shell.refusals import Refusal

KIND = "request.helped"


class NotConfirmed(Refusal):
    """协助没有写全: not how, or what was written down was not read back and confirmed."""


@dataclass(frozen=True, slots=True)
class Helped:
    """协助: what was done, and for the how-manieth applicant of the request."""

    help: Help
    asker: int = 1


def check(helped: Helped, askers: int) -> None:
    """Raises NotConfirmed."""
    lacks = helped.help.lacks
    if not helped.help.done.strip():
        raise NotConfirmed(_("请写明怎样协助。"), field="helped")
    if lacks is not None:
        raise NotConfirmed(said(lacks), field="read_back")
    if not 1 <= helped.asker <= askers:
        raise NotConfirmed(_("没有填写这一位申请人，请重新选择协助的是谁。"), field="helped_asker")


def record(by: Doer, request: Request, helped: Helped) -> None:
    """Within the transaction that registers the request."""
    new = {
        "need": helped.help.need.value,
        "asker": helped.asker,
        "done": helped.help.done.strip(),
        "on": helped.help.on.isoformat(),
        "filled_in": helped.help.filled_in,
        "read_back": helped.help.read_back,
    }
    by.tell(KIND, request.organ, f"request/{request.pk}", new=new)


def of_request(request: Request, told: Iterable[Event] | None = None) -> Helped | None:
    """What is told of it; ``told``: its events where they are at hand."""
    if not request.need:
        return None
    rows = ledger.events_of(f"request/{request.pk}") if told is None else told
    new = next((one.new for one in rows if one.kind == KIND), None)
    if new is None:
        return None
    on = date.fromisoformat(new["on"])
    help_ = Help(on, Need(new["need"]), new["done"], new["filled_in"], new["read_back"])
    return Helped(help_, new["asker"])


def lines(helped: Helped, askers: int) -> list[str]:
    """For the page: whose need, how, and that it was read back."""
    need = str(said(NEEDS[helped.help.need]))
    if askers > 1:
        need = _("第 %(number)d 位：%(need)s") % {"number": helped.asker, "need": need}
    found = [need, helped.help.done]
    if helped.help.filled_in:
        found.append(_("由工作人员代为填写，已向申请人宣读，申请人确认无误"))
    return found


def printed(helped: Helped, askers: int) -> str:
    """A line on the receipt, in Chinese as all that applicants are given."""
    who = f"第{helped.asker}位申请人" if askers > 1 else "申请人"
    how = "由工作人员代为填写" if helped.help.filled_in else "由工作人员协助"
    end = "，已向申请人宣读，申请人确认无误" if helped.help.filled_in else ""
    done = helped.help.done.rstrip("。")
    return f"{who}{NEEDS[helped.help.need].zh}，{how}（{done}）{end}。"


def counted(rows: QuerySet[Request], year: int) -> str:
    """How many requests of a year were put with help, by need; nothing where none was."""
    needs = [one.value for one in Need]
    of_year = rows.filter(need__in=needs, year=year).order_by()
    found = dict(of_year.values_list("need").annotate(n=Count("pk")))
    if not found:
        return ""
    each = _("、").join(
        _("%(need)s %(count)d 件") % {"need": said(NEEDS[need]), "count": found[need.value]}
        for need in Need
        if need.value in found
    )
    return _("%(year)d 年登记的申请中协助申请人的 %(count)d 件（条例第四十三条）：%(each)s。") % {
        "year": year,
        "count": sum(found.values()),
        "each": each,
    }
