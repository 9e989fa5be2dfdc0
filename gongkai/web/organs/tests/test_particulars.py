"""指南要素: versions, own work, two writers at once, who sees what, what waits for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.ledger.models import Event
from gongkai.web.organs import capacity, preference_actions, succession_actions
from gongkai.web.organs import particulars_actions as actions
from gongkai.web.organs import particulars_queries as reads
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.organs.models import Signature
from gongkai.web.organs.particulars_life import State
from gongkai.web.organs.separation import OwnWork, Step
from gongkai.web.shell.access import Role
from gongkai.web.shell.seen import Stale
from gongkai.web.tests import particulars as samples
from gongkai.web.tests.cast import Cast

ClientAs = Callable[..., Client]


def page(code: str = "LX-JY", route: str = "particulars_of") -> str:
    return reverse(f"organs:{route}", args=[code])


# -- the way from draft to force


def test_three_people_bring_a_version_into_force(cast: Cast, client_as: ClientAs) -> None:
    handler, reviewer, approver = (client_as(w) for w in ("handler", "reviewer", "approver"))
    handler.post(page(route="particulars_draft"), samples.VALUES)
    for client, route in (
        (handler, "particulars_submit"),
        (reviewer, "particulars_review"),
        (approver, "particulars_approve"),
    ):
        one = reads.open_version(cast.organs["LX-JY"])
        assert one is not None
        answer = client.post(page(route=route), {"version": one.version}, follow=True)
        assert answer.redirect_chain[-1][0] == page()
    force = reads.in_force(cast.organs["LX-JY"], timezone.localdate())
    assert force is not None
    assert force.phone == samples.VALUES["phone"]
    shown = approver.get(page()).content.decode()
    assert "第 1 版" in shown
    assert samples.VALUES["address"] in shown
    kinds = list(
        Event.objects.filter(subject="particulars/LX-JY/1")
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert kinds == [
        "particulars.drafted",
        "particulars.submitted",
        "particulars.reviewed",
        "particulars.approved",
    ]


def test_a_new_version_starts_from_the_one_in_force_and_the_former_stays_readable(
    cast: Cast, client_as: ClientAs
) -> None:
    samples.approved(cast)
    handler = client_as("handler")
    form = handler.get(page(route="particulars_draft")).content.decode()
    assert f'value="{samples.VALUES["office"]}"' in form
    samples.approved(cast, phone="0512-00000002")
    organ, today = cast.organs["LX-JY"], timezone.localdate()
    force = reads.in_force(organ, today)
    assert force is not None
    assert (force.number, force.phone) == (2, "0512-00000002")
    former = handler.get(reverse("organs:particulars_version", args=["LX-JY", 1]))
    assert samples.VALUES["phone"] in former.content.decode()
    assert "曾生效" in former.content.decode()
    compared = handler.get(page(route="particulars_compare") + "?a=1&b=2").content.decode()
    assert f"<del>{samples.VALUES['phone']}</del>" in compared
    assert "<ins>0512-00000002</ins>" in compared
    assert compared.count("<del>") == 1


def test_what_was_in_force_on_a_day(cast: Cast) -> None:
    one = samples.approved(cast)
    two = samples.approved(cast, phone="0512-00000002")
    now = timezone.now()
    type(one).objects.filter(pk=one.pk).update(approved_at=now - timedelta(days=40))
    type(two).objects.filter(pk=two.pk).update(approved_at=now - timedelta(days=10))
    organ, today = cast.organs["LX-JY"], timezone.localdate(now)

    def number(days: int) -> int | None:
        found = reads.in_force(organ, today - timedelta(days=days))
        return found.number if found else None

    assert [number(d) for d in (0, 10, 11, 40, 41)] == [2, 2, 1, 1, None]


def test_a_returned_version_tells_why_and_comes_back(cast: Cast, client_as: ClientAs) -> None:
    one = samples.submitted(cast)
    reviewer = client_as("reviewer")
    address = page(route="particulars_return")
    refused = reviewer.post(address, {"version": one.version, "comment": "  "})
    assert refused.status_code == 422
    assert "请写明退回的理由" in refused.content.decode()
    reviewer.post(address, {"version": one.version, "comment": "请补区号。"})
    shown = client_as("handler").get(page()).content.decode()
    assert "请补区号。" in shown
    assert "乙审核" in shown
    one.refresh_from_db()
    assert one.state == State.RETURNED


def test_a_page_of_an_act_that_is_over_leads_back(cast: Cast, client_as: ClientAs) -> None:
    samples.reviewed(cast)
    answer = client_as("reviewer").get(page(route="particulars_review"), follow=True)
    assert answer.redirect_chain == [(page(), 302)]
    assert "现在是“待批准”，不能审核通过" in answer.content.decode()


def test_a_form_sent_twice_acts_once_and_says_so(cast: Cast, client_as: ClientAs) -> None:
    one = samples.submitted(cast)
    reviewer = client_as("reviewer")
    form = reviewer.get(page(route="particulars_review"))
    sent = {"version": one.version, "_once": form.context["once"], "comment": "同意"}
    for _ in range(2):
        answer = reviewer.post(page(route="particulars_review"), sent, follow=True)
    assert "已经提交过" in answer.content.decode()
    assert Signature.objects.count() == 1


def test_an_ended_organ_drafts_nothing(cast: Cast) -> None:
    by = samples.acting(cast, "handler")
    organ = cast.organs["LX-JY"]
    organ.valid_to = timezone.localdate()
    organ.save()
    with pytest.raises(actions.OrganEnded):
        actions.draft(by=by, organ=organ, values=samples.VALUES)


def test_only_one_version_is_worked_on(cast: Cast) -> None:
    samples.drafted(cast)
    with pytest.raises(actions.AlreadyOpen):
        actions.draft(
            by=samples.acting(cast, "handler"), organ=cast.organs["LX-JY"], values=samples.VALUES
        )


# -- own work


def test_the_drafter_does_not_approve(cast: Cast, client_as: ClientAs) -> None:
    samples.given(cast, "handler", Role.APPROVER)
    one = samples.reviewed(cast)
    with pytest.raises(OwnWork):
        actions.approve(
            by=samples.acting(cast, "handler", role=Role.APPROVER),
            particulars=one,
            version=one.version,
        )
    client = client_as("handler", acting_at="LX-JY")
    shown = client.get(page()).content.decode()
    assert "本件由您起草，不能由您批准" in shown
    assert page(route="particulars_approve") not in shown
    answer = client.post(page(route="particulars_approve"), {"version": one.version})
    assert answer.status_code == 422
    assert "本件由您起草" in answer.content.decode()


def test_whoever_changed_the_draft_does_not_review_it(cast: Cast) -> None:
    by = samples.colleague(cast)
    one = samples.drafted(cast)
    one = actions.edit(
        by=samples.acting(cast, by),
        particulars=one,
        version=one.version,
        values=samples.VALUES | {"fax": ""},
    )
    one = actions.submit(by=samples.acting(cast, "handler"), particulars=one, version=one.version)
    samples.given(cast, by, Role.REVIEWER)
    with pytest.raises(OwnWork):
        actions.review(
            by=samples.acting(cast, by, role=Role.REVIEWER), particulars=one, version=one.version
        )


def test_the_drafters_delegate_does_not_approve(cast: Cast) -> None:
    # 丙批准 drafts as handler; 丁代理 acts for 丙批准.
    samples.given(cast, "approver", Role.HANDLER)
    organ = cast.organs["LX-JY"]
    handler = samples.acting(cast, "approver", role=Role.HANDLER)
    one = actions.draft(by=handler, organ=organ, values=samples.VALUES)
    one = actions.submit(by=handler, particulars=one, version=one.version)
    one = actions.review(by=samples.acting(cast, "reviewer"), particulars=one, version=one.version)
    with pytest.raises(OwnWork, match="代理"):
        actions.approve(by=samples.acting(cast, "delegate"), particulars=one, version=one.version)
    assert reads.can_decide(one, Step.APPROVE, timezone.localdate()) == []
    assert reads.waiting_for(samples.acting(cast, "delegate").capacity) == []


def test_nobody_signs_two_steps(cast: Cast) -> None:
    samples.given(cast, "reviewer", Role.APPROVER)
    one = samples.reviewed(cast)
    with pytest.raises(OwnWork):
        actions.approve(
            by=samples.acting(cast, "reviewer", role=Role.APPROVER),
            particulars=one,
            version=one.version,
        )
    # Nor in another's name: 丁代理 acts for 丙批准, who signed the review.
    samples.given(cast, "approver", Role.REVIEWER)
    one = actions.send_back(
        by=samples.acting(cast, "approver", role=Role.APPROVER),
        particulars=one,
        version=one.version,
        comment="请核对。",
    )
    one = actions.submit(by=samples.acting(cast, "handler"), particulars=one, version=one.version)
    one = actions.review(
        by=samples.acting(cast, "approver", role=Role.REVIEWER),
        particulars=one,
        version=one.version,
    )
    with pytest.raises(OwnWork):
        actions.approve(by=samples.acting(cast, "delegate"), particulars=one, version=one.version)
    # Since it was returned, 乙审核 has signed nothing and may approve.
    one = actions.approve(
        by=samples.acting(cast, "reviewer", role=Role.APPROVER),
        particulars=one,
        version=one.version,
    )
    assert one.state == State.APPROVED


def test_a_signature_by_delegation_says_for_whom(cast: Cast, client_as: ClientAs) -> None:
    one = samples.reviewed(cast)
    client_as("delegate").post(page(route="particulars_approve"), {"version": one.version})
    shown = client_as("handler").get(page()).content.decode()
    version = reverse("organs:particulars_version", args=["LX-JY", 1])
    assert "丁代理（代 丙批准）" in shown
    assert "丁代理（代 丙批准）" in client_as("handler").get(version).content.decode()


def test_the_page_says_who_can_act_and_what_to_do_where_nobody_can(
    cast: Cast, client_as: ClientAs
) -> None:
    samples.submitted(cast)
    shown = client_as("handler").get(page()).content.decode()
    assert "可以审核的人：乙审核、辛两岗" in shown
    assert "您现在的身份是经办人，不能办理这一步" in shown
    today = timezone.localdate()
    cast.organs["LX-JY"].appointments.filter(role="reviewer").update(valid_to=today)
    assert "没有可以审核这一版的人" in client_as("handler").get(page()).content.decode()


# -- two at once


def test_the_second_writer_sees_both_and_loses_nothing(cast: Cast, client_as: ClientAs) -> None:
    one = samples.drafted(cast)
    by = samples.colleague(cast)
    address = page(route="particulars_edit")
    first, second = client_as("handler"), client_as(by)
    values = samples.VALUES | {"version": str(one.version)}
    first.post(address, values | {"phone": "0512-00000003"})
    answer = second.post(address, values | {"phone": "0512-00000004", "fax": ""})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "他人先保存了" in shown
    assert "<td>0512-00000003</td><td>0512-00000004</td>" in shown
    one.refresh_from_db()
    assert one.phone == "0512-00000003"
    # The form knows the version its author now has seen: sent again it is what counts.
    again = {name: answer.context["form"][name].value() for name in (*samples.VALUES, "version")}
    assert again["phone"] == "0512-00000004"
    assert second.post(address, again).status_code == 302
    one.refresh_from_db()
    assert (one.phone, one.fax) == ("0512-00000004", "")


def test_nobody_signs_what_they_did_not_see(cast: Cast) -> None:
    one = samples.submitted(cast)
    seen = one.version
    handler = samples.acting(cast, "handler")
    one = actions.recall(by=handler, particulars=one, version=one.version)
    one = actions.edit(
        by=handler,
        particulars=one,
        version=one.version,
        values=samples.VALUES | {"phone": "0512-00000005"},
    )
    one = actions.submit(by=handler, particulars=one, version=one.version)
    with pytest.raises(Stale):
        actions.review(by=samples.acting(cast, "reviewer"), particulars=one, version=seen)


def test_nothing_changed_is_no_event(cast: Cast) -> None:
    one = samples.drafted(cast)
    before = Event.objects.count()
    actions.edit(
        by=samples.acting(cast, "handler"),
        particulars=one,
        version=one.version,
        values=samples.VALUES,
    )
    assert Event.objects.count() == before


# -- who sees and who acts


def test_who_acts_for_another_organ_may_not(cast: Cast) -> None:
    one = samples.submitted(cast)
    for who, code in (("newcomer", "LX-CG"), ("supervisor", "LX"), ("administrator", "LX")):
        with pytest.raises(NotAllowed):
            actions.recall(by=samples.acting(cast, who, code), particulars=one, version=one.version)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("handler", 200),
        ("supervisor", 200),
        ("administrator", 200),
        ("stationed", 404),
        ("newcomer", 404),
        ("outside_administrator", 404),
        ("outside_handler", 404),
        ("auditor", 403),
        ("no_role", 403),
    ],
)
def test_who_opens_what(who: str, status: int, cast: Cast, client_as: ClientAs) -> None:
    organ = cast.organs["LX-JY"]
    signed = samples.paper_signature(organ, cast.accounts["handler"])
    seal = samples.seal(organ, cast.accounts["administrator"])
    client = client_as(who)
    for route, more in (
        ("particulars_of", []),
        ("particulars_version", [1]),
        ("particulars_compare", []),
        ("particulars_print", []),
        ("particulars_slip", [1]),
        ("particulars_scan", [signed.pk]),
        ("seals", []),
        ("seal", [seal.pk]),
        ("seal_preview", [seal.pk]),
    ):
        answer = client.get(reverse(f"organs:{route}", args=["LX-JY", *more]))
        assert answer.status_code == status, route
        answer.getvalue()


def test_a_scan_or_seal_is_not_found_under_another_organ_or_by_its_file(
    cast: Cast, client_as: ClientAs
) -> None:
    signed = samples.paper_signature(cast.organs["LX-JY"], cast.accounts["handler"])
    seal = samples.seal(cast.organs["LX-JY"], cast.accounts["administrator"])
    client = client_as("administrator")
    for address in (
        reverse("organs:particulars_scan", args=["LX-CG", signed.pk]),
        reverse("organs:seal", args=["LX-CG", seal.pk]),
        f"/static/{signed.scan.name}",
        f"/media/{seal.picture.name}",
        f"/{seal.picture.name}",
    ):
        assert client.get(address).status_code == 404, address
    assert default_storage.exists(signed.scan.name)


def test_a_scan_is_a_download_and_nothing_that_runs(cast: Cast, client_as: ClientAs) -> None:
    signed = samples.paper_signature(cast.organs["LX-JY"], cast.accounts["handler"])
    answer = client_as("handler").get(reverse("organs:particulars_scan", args=["LX-JY", signed.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue() == samples.PDF


# -- many organs


def test_officers_of_one_organ_are_led_to_it(client_as: ClientAs) -> None:
    answer = client_as("handler").get(reverse("organs:particulars"))
    assert (answer.status_code, answer["Location"]) == (302, page())


def test_the_list_tells_missing_stale_and_fresh(cast: Cast, client_as: ClientAs) -> None:
    by = cast.accounts["handler"]
    samples.in_force(cast.organs["LX-JY"], by, days=300)
    samples.in_force(cast.organs["LX-CG"], by, days=366)
    samples.submitted(cast)
    client = client_as("supervisor")
    address = reverse("organs:particulars")

    def listed(query: str) -> set[str]:
        return {r.code for r in client.get(address + query).context["listing"].objects}

    assert listed("") == {"LX", "LX-BGS", "LX-JY", "LX-CG", "LX-CG-01"}
    assert listed("?condition=fresh") == {"LX-JY"}
    assert listed("?condition=stale") == {"LX-CG"}
    assert listed("?condition=missing") == {"LX", "LX-BGS", "LX-CG-01"}
    assert listed("?open=submitted") == {"LX-JY"}
    # 临溪区 asks for a review every 200 days, 城市管理局 every 400.
    for code, days in (("LX", "200"), ("LX-CG", "400")):
        preference_actions.set_value(
            by=samples.acting(cast, "administrator", "LX"),
            organ=cast.organs[code],
            key="particulars.stale_days",
            value=days,
            was=None,
        )
    assert listed("?condition=stale") == {"LX-JY"}
    assert listed("?condition=fresh") == {"LX-CG"}
    force = reads.in_force(cast.organs["LX-JY"], timezone.localdate())
    assert force is not None
    assert reads.is_stale(force, timezone.now())


def test_what_waits_for_whom(cast: Cast) -> None:
    def waiting(who: str, code: str = "LX-JY") -> list[int]:
        return [p.number for p in reads.waiting_for(samples.acting(cast, who, code).capacity)]

    people = ("handler", "reviewer", "two_posts", "approver", "delegate")
    one = samples.drafted(cast)
    assert [waiting(w) for w in people] == [[1], [], [], [], []]
    one = samples.submitted(cast)
    assert [waiting(w) for w in people] == [[], [1], [1], [], []]
    one = actions.review(by=samples.acting(cast, "reviewer"), particulars=one, version=one.version)
    assert [waiting(w) for w in people] == [[], [], [], [1], [1]]
    assert waiting("administrator", "LX") == waiting("supervisor", "LX") == []
    assert reads.waiting_for(None) == []
    held = capacity.of_account(cast.accounts["newcomer"], timezone.localdate())
    assert reads.waiting_for(held[0]) == []


def test_a_merged_organs_draft_is_given_up(cast: Cast) -> None:
    one = samples.drafted(cast)
    succession_actions.merge_organs(
        by=samples.acting(cast, "administrator", "LX"),
        predecessors=[cast.organs["LX-JY"]],
        successor=cast.organs["LX-CG"],
        on=timezone.localdate(),
        basis="临编〔2026〕1号",
    )
    one.refresh_from_db()
    assert one.state == State.WITHDRAWN


def test_what_is_to_be_signed_on_paper_is_printed_beside_what_is_in_force(
    cast: Cast, client_as: ClientAs
) -> None:
    samples.approved(cast)
    particulars_of = reverse("organs:particulars_of", args=["LX-JY"])
    sheet = reverse("organs:particulars_slip", args=["LX-JY", 2])
    client = client_as("handler")
    assert "打印生效的版本" not in client.get(particulars_of).content.decode()
    samples.reviewed(cast, phone="0512-00000009")
    page = client.get(particulars_of).content.decode()
    assert "打印生效的版本" in page and f'href="{sheet}"' in page
    version = reverse("organs:particulars_version", args=["LX-JY", 2])
    assert f'href="{sheet}"' in client.get(version).content.decode()
    html = client.get(sheet).content.decode()
    today = timezone.localdate().isoformat()
    assert "机关：临溪区教育局（LX-JY）" in html and "版本：第 2 版，待批准" in html
    assert "0512-00000009" in html and "0512-00000000" in html and html.count("有改动") == 1
    lines = [
        f'<th scope="row">{who}</th><td>签字：{name}</td><td>日期：{day}</td>'
        for who, name, day in (
            ("起草人", cast.accounts["handler"].name, today),
            ("审核人", cast.accounts["reviewer"].name, today),
            ("批准人", "", ""),
        )
    ]
    assert all(one in html for one in lines)


def test_the_first_version_is_printed_alone(cast: Cast, client_as: ClientAs) -> None:
    samples.drafted(cast)
    sheet = reverse("organs:particulars_slip", args=["LX-JY", 1])
    html = client_as("handler").get(sheet).content.decode()
    assert "生效中：无" in html and "有改动" not in html and "版本：第 1 版，草稿" in html
