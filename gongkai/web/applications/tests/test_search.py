"""搜索: what is found by number, by whom, and by words; what is too old for words is said."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.web.applications import hints, lists, repeats
from gongkai.web.applications.intake import Asked, Asker
from gongkai.web.applications.models import Matter
from gongkai.web.applications.tests.samples import PERSON, paper, registered
from gongkai.web.ledger import calendars
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.models import Succession
from gongkai.web.shell import requests
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db
FIRM = Asker(
    ApplicantKind.BUSINESS, organisation="示例贸易有限公司", credit_code="91110000MA00000000"
)
NOTE = "只在最近登记的"


def asked(cast: Cast, title: str, asker: Asker = FIRM) -> Matter:
    about = (Asked(title, f"申请公开{title}。"),)
    return registered(cast, paper(arrived=date(2026, 3, 2), asked=about, askers=(asker,)))


def found(client: Client, **typed: str) -> tuple[set[str], str]:
    """Titles of the page, and the page."""
    page = client.get(reverse("applications:all"), typed).content.decode()
    titles = Matter.objects.values_list("title", flat=True)
    return {title for title in titles if f"{title}</a>" in page}, page


def test_words_find_titles_and_organisations(cast: Cast) -> None:
    asked(cast, "校车线路"), asked(cast, "午餐供应商", PERSON)
    client = cast.client("handler")
    assert found(client, q="校车")[0] == {"校车线路"}
    assert found(client, q="示例贸易")[0] == {"校车线路"}
    assert all(one.sought for one in Matter.objects.all()), "of every way a matter comes to be"
    titles, page = found(client, q="没有这样的")
    assert (titles, NOTE in page) == (set(), False)


def test_who_asks_is_found_as_a_whole_however_old(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(cast, "校车线路"), asked(cast, "午餐供应商", PERSON), asked(cast, "学籍")
    Matter.objects.exclude(title="学籍").update(at=days_ago(900))
    monkeypatch.setattr(lists, "SEARCHED", 1)
    client = cast.client("handler")
    for whole in ("陈示例", "0000-00001234", "11010519491231002X"):
        assert found(client, q=whole)[0] == {"午餐供应商"}, whole
    for whole in ("示例贸易有限公司", "91110000MA00000000"):
        assert found(client, q=whole)[0] == {"校车线路", "学籍"}, whole
    assert found(client, q="陈示")[0] == set()


def test_older_ones_than_words_are_looked_for_in_are_found_by_their_year(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(cast, "校车线路"), asked(cast, "校车座位"), asked(cast, "校车司机")
    Matter.objects.filter(title="校车线路").update(at=days_ago(900))
    monkeypatch.setattr(lists, "SEARCHED", 2)
    client = cast.client("handler")
    titles, page = found(client, q="校车")
    assert titles == {"校车座位", "校车司机"}
    assert NOTE in page and "2 件" in page
    titles, page = found(client, q="校车", year=str(days_ago(900).year))
    assert (titles, NOTE in page) == ({"校车线路"}, False)


def test_nothing_is_found_in_what_may_not_be_seen(cast: Cast) -> None:
    asked(cast, "校车线路", PERSON)
    outside = cast.client("outside_handler")
    for typed in ("校车", "陈示例", "11010519491231002X"):
        assert found(outside, q=typed)[0] == set()


def test_filters_by_channel_state_and_key(cast: Cast) -> None:
    one, other = asked(cast, "校车线路"), asked(cast, "午餐供应商")
    Matter.objects.filter(pk=one.pk).update(is_key=True, state="handling")
    client = cast.client("supervisor")
    assert found(client, channel="in_person")[0] == {one.title, other.title}
    assert found(client, channel="fax")[0] == set()
    assert found(client, key="yes")[0] == {one.title}
    assert found(client, state="handling")[0] == {one.title}


def test_the_same_applicant_and_much_the_same_wording_are_pointed_to(cast: Cast) -> None:
    first, again = asked(cast, "校车线路", PERSON), asked(cast, "校车线路", PERSON)
    theirs = asked(cast, "校车线路", FIRM)
    capacity = acting(cast, "handler", "LX-JY", role=Role.HANDLER).capacity
    assert capacity is not None
    known = hints.of_request(capacity, again, date(2026, 3, 2))
    assert [one.matter.pk for one in known.earlier] == [first.pk]
    alike = repeats.alike(Matter.objects.all(), again)
    assert [one.matter.pk for one in alike] == [theirs.pk]


def test_what_is_asked_once_for_a_page_is_asked_anew_where_things_change(cast: Cast) -> None:
    heir, gone = cast.organs["LX-JY"], cast.organs["LX-FB"]
    assert requests.known() is not requests.known()
    calendars.current()
    assert organ_queries.own_and_predecessors(heir) == {heir.pk}
    Succession.objects.create(
        predecessor=gone, successor=heir, kind="merge", effective_on=date(2024, 1, 1)
    )
    assert organ_queries.own_and_predecessors(heir) == {heir.pk, gone.pk}


def days_ago(count: int) -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=count)
