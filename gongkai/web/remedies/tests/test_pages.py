"""救济的页面: each figure of table 4 leads to the remedies it counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import remedy_events as r
from gongkai.statute.remedy_results import Kind, Result
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import OrganSetting
from gongkai.web.remedies import life, table
from gongkai.web.remedies.models import Remedy
from gongkai.web.remedies.tests.test_life import answered, begun, does, to_the_end
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db


def listed(cast: Cast, who: str, where: str, href: str) -> list[int]:
    """The remedies on a page that a figure of table 4 leads to."""
    answer = cast.client(who, acting_at=where).get(href)
    assert answer.status_code == 200
    found = answer.content.decode()
    here = [
        one.pk
        for one in Remedy.objects.all()
        if f'href="{reverse("remedies:remedy", args=[one.pk])}"' in found
    ]
    return sorted(here)


def figures(capacity: Capacity, year: int) -> dict[tuple[str, int], tuple[int, str]]:
    told = table.context(capacity, year, timezone.localdate())
    return {
        (name, at): cell for name, cells, _total in told["rows"] for at, cell in enumerate(cells)
    }


def each_leads_to_what_it_counts(cast: Cast, who: str, role: Role, year: int) -> int:
    """The sum of a year's figures, each tried."""
    where = "LX" if role is Role.SUPERVISOR else "LX-JY"
    capacity = acting(cast, who, where, role=role).capacity
    assert capacity is not None
    found = figures(capacity, year)
    for value, href in found.values():
        assert len(listed(cast, who, where, href)) == value or not value
    return sum(value for value, _href in found.values())


@pytest.mark.parametrize(
    ("who", "role"), [("handler", Role.HANDLER), ("supervisor", Role.SUPERVISOR)]
)
def test_each_figure_leads_to_the_remedies_it_counts(cast: Cast, who: str, role: Role) -> None:
    """A suit against the reconsideration organ alone is in no figure, nor behind one."""
    matter = answered(cast)
    upheld = to_the_end(cast, begun(cast, matter), Result.UPHELD)
    begun(cast, matter, date(2026, 6, 10), Kind.SUIT_AFTER, upheld)
    changed = to_the_end(cast, begun(cast, matter), Result.CHANGED)
    alone = begun(cast, matter, date(2026, 6, 10), Kind.SUIT_AFTER, changed)
    assert not alone.counts
    assert each_leads_to_what_it_counts(cast, who, role, 2026) == 3


def test_what_was_open_at_the_end_of_a_past_year_is_found_there(cast: Cast) -> None:
    """Concluded since: its figure in the year before leads to it, and not to what is open now."""
    matter = answered(cast)
    past = to_the_end(cast, begun(cast, matter), Result.UPHELD)
    # As if filed the autumn before: only the row is looked at by the table and the list.
    Remedy.objects.filter(pk=past.pk).update(filed_on=date(2025, 11, 3))
    begun(cast, matter)
    capacity = acting(cast, "handler", role=Role.HANDLER).capacity
    assert capacity is not None
    ((value, href),) = [cell for cell in figures(capacity, 2025).values() if cell[0]]
    assert value == 1
    assert listed(cast, "handler", "LX-JY", href) == [past.pk]
    assert each_leads_to_what_it_counts(cast, "handler", Role.HANDLER, 2026) == 2


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_list_of_evidence_is_taken_along_and_that_is_told(cast: Cast, kind: str) -> None:
    remedy = begun(cast, answered(cast))
    address = reverse("remedies:evidence_file", args=[remedy.pk, kind])
    client = cast.client("handler", acting_at="LX-JY")
    assert client.get(address).status_code == 404, "there is no evidence yet"
    does(cast, remedy, r.Admitted(date(2026, 4, 7)), r.EvidenceFiled(date(2026, 4, 8), ("回执",)))
    found = client.get(address)
    data = found.getvalue()
    assert data[:4] == {"docx": b"PK\x03\x04", "pdf": b"%PDF"}[kind]
    told = ledger.events_of(life.address(remedy))[0]
    assert told.kind == "remedy.taken" and told.new["file"].endswith(f".{kind}")
    assert client.get(address.replace(kind, "xlsx")).status_code == 404
    outside = cast.client("outside_handler", acting_at="WS-JY")
    assert outside.get(address).status_code == 404


def test_a_subtree_is_counted_by_each_organs_own_convention(cast: Cast) -> None:
    """临溪区教育局 counts a remedy only in the year it is concluded; 临溪区 itself in both."""
    begun(cast, answered(cast))
    given: dict[str, Any] = {"key": "count.remedy_year", "value": "once", "set_at": timezone.now()}
    given["set_by"] = cast.accounts["administrator"]
    OrganSetting.objects.create(organ=cast.organs["LX-JY"], **given)
    for who, role, where in (
        ("supervisor", Role.SUPERVISOR, "LX"), ("handler", Role.HANDLER, "LX-JY"),
    ):  # fmt: skip
        capacity = acting(cast, who, where, role=role).capacity
        assert capacity is not None
        assert not any(value for value, _href in figures(capacity, 2026).values())
    OrganSetting.objects.filter(organ=cast.organs["LX-JY"]).update(value="both")
    OrganSetting.objects.create(organ=cast.organs["LX"], **given)
    assert each_leads_to_what_it_counts(cast, "supervisor", Role.SUPERVISOR, 2026) == 1
