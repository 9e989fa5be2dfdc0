"""收费: counted by applicant and month, reckoned by the statute, told with its notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gongkai.statute import case_events as e
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.fees import Basis
from gongkai.web.applications import fee_actions, fee_counts, life
from gongkai.web.applications.fee_actions import Fee
from gongkai.web.applications.models import Matter
from gongkai.web.applications.tests.samples import PERSON, paper, registered
from gongkai.web.applications.tests.test_letters import begun, office, printed  # noqa: F401
from gongkai.web.applications.tests.test_life import ARRIVED, did, doer
from gongkai.web.organs.models import OrganSetting
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 9)
WAY = {"pay_way": "凭本通知书到临溪区财政代收网点缴纳"}


def notified(cast: Cast, matter: Matter, fee: Fee) -> Matter:
    return fee_actions.notify(
        by=doer(cast, "handler", ON),
        matter=matter,
        version=matter.version,
        on=ON,
        fee=fee,
        values=WAY,
    )


def test_the_eleventh_of_a_month_is_the_first_that_costs(office: Cast) -> None:  # noqa: F811
    for _ in range(10):
        registered(office, paper(arrived=ARRIVED))
    registered(office, paper(arrived=date(2026, 2, 27)))  # another month
    matter = begun(office)
    counted = fee_counts.counted(matter, life.case_of(matter), ON)
    assert (counted.before, counted.position) == (10, 11)
    assert fee_counts.proposal(counted, ON).total == 100
    first = Matter.objects.filter(received_on=ARRIVED).order_by("pk")[0]
    assert fee_counts.counted(first, life.case_of(first), ON).before == 0


def test_who_shares_a_name_and_has_another_identity_number_is_not_counted(
    office: Cast,  # noqa: F811
) -> None:
    namesake = replace(PERSON, identity="110101199003070017", phone="0000-00009999")
    registered(office, paper(arrived=ARRIVED, askers=(namesake,)))
    unknown = replace(PERSON, identity="", phone="")
    registered(office, paper(arrived=ARRIVED, askers=(unknown,)))
    matter = begun(office)
    counted = fee_counts.counted(matter, life.case_of(matter), ON)
    assert [one.request.applicants.get().identity for one in counted.earlier] == [None]


def test_an_organisation_is_one_whoever_comes_for_it(office: Cast) -> None:  # noqa: F811
    firm = replace(PERSON, kind=ApplicantKind.BUSINESS, organisation="示例贸易有限公司")
    colleague = replace(firm, identity="110101199003070017", phone="0000-00009999")
    registered(office, paper(arrived=ARRIVED, askers=(colleague,)))
    matter = registered(office, paper(arrived=ARRIVED, askers=(firm,)))
    assert fee_counts.counted(matter, life.case_of(matter), ON).before == 1


def test_by_handling_day_only_what_was_answered_that_month_counts(
    office: Cast,  # noqa: F811
) -> None:
    OrganSetting.objects.create(
        organ=office.organs["LX-JY"],
        key="count.fee_month",
        value="handling",
        set_by=office.accounts["administrator"],
        set_at=doer(office, "handler", ARRIVED).at,
    )
    earlier = registered(office, paper(arrived=ARRIVED))
    matter = begun(office)
    assert fee_counts.counted(matter, life.case_of(matter), ON).before == 0
    did(office, earlier, "handler", e.Withdrawn(ON))
    assert fee_counts.counted(matter, life.case_of(matter), ON).before == 1
    assert fee_counts.counted(matter, life.case_of(matter), date(2026, 4, 1)).before == 0


def test_a_notice_says_how_the_sum_comes_about(office: Cast) -> None:  # noqa: F811
    matter = notified(office, begun(office), Fee(Basis.PAGES, 68))
    assert matter.state == "awaiting_payment"
    text = printed(matter.letters.get())
    assert "380元" in text and "按量计收" in text and "代收网点" in text
    case = life.case_of(matter)
    assert case.charged is not None and case.charged.amount == 380


def test_a_waived_part_is_not_asked_for(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    after = fee_actions.notify(
        by=doer(office, "handler", ON),
        matter=matter,
        version=matter.version,
        on=ON,
        fee=Fee(Basis.PAGES, 68, waived=300),
        values={**WAY, "waiver_reasons": "申请人为低保对象"},
    )
    charged = life.case_of(after).charged
    assert charged is not None and charged.amount == 80


def test_nothing_owed_is_no_notice(office: Cast) -> None:  # noqa: F811
    for fee in (Fee(Basis.PAGES, 30), Fee(Basis.ITEMS, 1, 3), Fee(Basis.PAGES, 68, waived=380)):
        with pytest.raises(fee_actions.NothingOwed):
            notified(office, begun(office), fee)


def test_a_notice_prepared_first_is_received_later(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    letter = fee_actions.prepare(
        by=doer(office, "handler", ON),
        matter=matter,
        on=ON,
        fee=Fee(Basis.PAGES, 68),
        values=WAY,
    )
    matter.refresh_from_db()
    assert (letter.state, matter.state) == ("numbered", "handling")
    after = fee_actions.received(
        by=doer(office, "handler", date(2026, 3, 11)),
        matter=matter,
        version=matter.version,
        on=date(2026, 3, 11),
        letter=letter,
    )
    assert after.state == "awaiting_payment" and after.letters.get().state == "sent"


def test_payment_and_refund_are_recorded(office: Cast) -> None:  # noqa: F811
    matter = notified(office, begun(office), Fee(Basis.PAGES, 68))
    did(office, matter, "handler", e.FeePaid(date(2026, 3, 12)))
    did(office, matter, "approver", e.FeeRefunded(date(2026, 3, 13), Decimal(100), "页数有误"))
    charged = life.case_of(matter).charged
    assert charged is not None
    assert (charged.paid, charged.refunded) == (date(2026, 3, 12), Decimal(100))
