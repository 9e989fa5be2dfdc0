"""年度报告的页面: figures lead to their cases, a case to its figures; nobody else is counted."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from gongkai.statute.case_events import TakenOver
from gongkai.statute.clock_events import Channel
from gongkai.statute.grounds import Ground
from gongkai.web.applications import recording
from gongkai.web.applications.models import Applicant, Matter, Request
from gongkai.web.organs.models import Succession
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db


def closed(cast: Cast, title: str, received: date, answered: date, code: str = "LX-JY") -> Matter:
    """An application as an old ledger tells it."""
    by = acting(cast, "handler", role=Role.HANDLER)
    organ = cast.organs[code]
    request = Request.objects.create(
        organ=organ, year=received.year, number=Request.objects.count() + 1, channel="fax",
        arrived_on=received, code=title, at=by.at,
    )  # fmt: skip
    Applicant.objects.create(request=request, position=1, kind="business", organisation="示例公司")
    matter = Matter.objects.create(
        request=request, organ=organ, title=title, kind="business", state="", at=by.at
    )
    recording.record(by, matter, TakenOver(answered, received, Channel.FAX, Ground.DISCLOSED))
    return matter


@pytest.fixture
def two(cast: Cast) -> tuple[Matter, Matter]:
    """One of 2024, one received in 2024 and answered in 2025."""
    return (
        closed(cast, "校车线路", date(2024, 3, 4), date(2024, 3, 20)),
        closed(cast, "午餐供应", date(2024, 12, 20), date(2025, 1, 10)),
    )


def figures(page: str) -> dict[str, int]:
    found = re.findall(r'data-cell="([^"]+)">(?:<a [^>]*>)?(\d+)', page)
    return {address: int(value) for address, value in found}


def test_the_year_is_counted_and_a_figure_leads_to_its_cases(
    cast: Cast, two: tuple[Matter, Matter]
) -> None:
    client = cast.client("handler")
    page = client.get(reverse("annual:tables", args=["LX-JY", 2024])).content.decode()
    cells = figures(page)
    assert cells["applications.received.business"] == 2
    assert cells["applications.granted.total"] == 1
    assert cells["applications.carried_out.total"] == 1
    assert cells["remedies.reconsideration.total"] == 0
    address = "applications.carried_out.business"
    shown = client.get(reverse("annual:cell", args=["LX-JY", 2024, address])).content.decode()
    assert "午餐供应" in shown and "校车线路" not in shown
    after = client.get(reverse("annual:tables", args=["LX-JY", 2025])).content.decode()
    assert figures(after)["applications.carried_in.business"] == 1


def test_as_of_a_day_of_the_year(cast: Cast, two: tuple[Matter, Matter]) -> None:
    client = cast.client("handler")
    address = reverse("annual:tables", args=["LX-JY", 2024])
    cells = figures(client.get(address, {"as_of": "2024-03-10"}).content.decode())
    assert cells["applications.received.total"] == cells["applications.carried_out.total"] == 1
    for wrong in ("2023-01-01", "2024-13-40", "昨天"):
        cells = figures(client.get(address, {"as_of": wrong}).content.decode())
        assert cells["applications.received.total"] == 2, "the whole year"


def test_a_case_tells_where_it_counts_and_why(cast: Cast, two: tuple[Matter, Matter]) -> None:
    page = cast.client("handler").get(reverse("applications:case", args=[two[1].pk]))
    told = page.content.decode()
    assert "计入年度报告" in told
    for href in ("/annual/LX-JY/2024/", "/annual/LX-JY/2025/"):
        assert href in told
    assert "2025-01-10 答复或者办结" in told


def test_only_ones_own_organ_and_what_a_supervisor_watches(
    cast: Cast, two: tuple[Matter, Matter]
) -> None:
    address = reverse("annual:tables", args=["LX-JY", 2024])
    assert cast.client("supervisor").get(address).status_code == 200
    assert cast.client("outside_handler").get(address).status_code == 404
    for year, cell in ((2018, ""), (9999, ""), (2024, "applications.nothing.total/")):
        gone = cast.client("handler").get(f"/annual/LX-JY/{year}/{cell}")
        assert gone.status_code == 404
    assert cast.client("handler").get(reverse("annual:list")).status_code == 302
    assert "临溪区教育局" in cast.client("supervisor").get(reverse("annual:list")).content.decode()


def test_who_took_an_organ_over_counts_its_year(cast: Cast) -> None:
    closed(cast, "征地批复", date(2024, 3, 4), date(2024, 3, 20), "LX-FB")
    heir, gone = cast.organs["LX-JY"], cast.organs["LX-FB"]
    address = reverse("annual:tables", args=["LX-JY", 2024])
    before = figures(cast.client("handler").get(address).content.decode())
    assert before["applications.received.total"] == 0
    Succession.objects.create(
        predecessor=gone, successor=heir, kind="merge", effective_on=date(2024, 10, 1)
    )
    after = figures(cast.client("handler").get(address).content.decode())
    assert after["applications.received.total"] == 1


def test_a_merged_matter_counts_nowhere(cast: Cast, two: tuple[Matter, Matter]) -> None:
    Matter.objects.filter(pk=two[0].pk).update(merged_into=two[1])
    page = cast.client("handler").get(reverse("annual:tables", args=["LX-JY", 2024]))
    assert figures(page.content.decode())["applications.received.total"] == 1
