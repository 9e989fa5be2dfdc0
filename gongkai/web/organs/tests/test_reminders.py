"""提醒: supervisors remind, send back and withdraw; officers see it; a new version answers it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import workdays
from gongkai.web.ledger.models import Event
from gongkai.web.organs import particulars_actions, preference_actions
from gongkai.web.organs import particulars_queries as particulars
from gongkai.web.organs import reminder_actions as actions
from gongkai.web.organs import reminder_queries as reads
from gongkai.web.organs.actions import NotAllowed, WrongDay
from gongkai.web.organs.models import Organ, Particulars, Reminder
from gongkai.web.organs.particulars_life import State
from gongkai.web.organs.reminder_actions import Note
from gongkai.web.shell.access import Role
from gongkai.web.shell.seen import Stale
from gongkai.web.tests import particulars as samples
from gongkai.web.tests.cast import Cast

ClientAs = Callable[..., Client]
HOME = reverse("home")
LIST = reverse("organs:particulars")
SUBJECT = "particulars/LX-JY"
WORDS = "请补写无障碍受理方式。"


def at(route: str, code: str = "LX-JY") -> str:
    return reverse(f"organs:{route}", args=[code])


def reminded(
    cast: Cast, code: str = "LX-JY", *, by: str = "supervisor", note: Note | None = None
) -> Reminder:
    organ = cast.organs[code]
    return actions.remind(
        by=samples.acting(cast, by, "LX"),
        organ=organ,
        subject=particulars.matter(organ),
        note=note or Note(WORDS),
    )


def sent_back(cast: Cast, one: Particulars) -> Reminder:
    return actions.send_back(
        by=samples.acting(cast, "supervisor", "LX"), particulars_in_force=one, note=Note(WORDS)
    )


def kinds(subject: str = SUBJECT) -> list[str]:
    found = Event.objects.filter(subject__startswith=subject).order_by("pk")
    return list(found.values_list("kind", flat=True))


def test_one_organ_is_reminded_and_its_officers_see_who_when_and_by_when(
    cast: Cast, client_as: ClientAs
) -> None:
    due = timezone.localdate() + timedelta(days=9)
    form = client_as("supervisor").get(at("particulars_remind")).content.decode()
    assert "还没有生效的指南要素" in form
    answer = client_as("supervisor").post(
        at("particulars_remind"), {"words": WORDS, "due_on": due.isoformat()}, follow=True
    )
    assert answer.redirect_chain[-1][0] == at("particulars_of")
    event = Event.objects.get(kind="organ.reminded")
    assert (event.subject, event.acting_as) == (SUBJECT, "supervisor")
    assert (event.new["comment"], event.new["due_on"]) == (WORDS, due.isoformat())
    for who in ("handler", "reviewer", "approver", "delegate"):
        (task,) = client_as(who).get(HOME).context["tasks"]
        assert (task.href, task.to_do, task.state) == (at("particulars_of"), WORDS, "提醒")
        assert "临溪区政府监督员戊监督" in task.note
        assert timezone.localdate().isoformat() in task.note
        assert due.isoformat() in task.note
        shown = client_as(who).get(at("particulars_of")).content.decode()
        assert WORDS in shown
        assert reverse("organs:reminder_withdraw", args=[Reminder.objects.get().pk]) not in shown
    for who in ("drafter", "stationed"):
        assert client_as(who).get(HOME).context["tasks"] == []


def test_what_waits_of_reminders_in_another_capacity_is_told(
    cast: Cast, client_as: ClientAs
) -> None:
    reminded(cast)
    told = client_as("two_posts", acting_at="LX-CG").get(HOME).context["elsewhere"]
    assert "临溪区教育局 · 审核人：1 件" in told[0][0]


def test_nothing_is_reminded_of_twice_until_the_first_is_over(
    cast: Cast, client_as: ClientAs
) -> None:
    one = samples.approved(cast)
    first = reminded(cast)
    with pytest.raises(actions.AlreadyReminded):
        reminded(cast)
    with pytest.raises(actions.AlreadyReminded):
        sent_back(cast, one)
    for route in ("particulars_remind", "particulars_send_back"):
        for method in ("get", "post"):
            client = client_as("supervisor")
            shown = getattr(client, method)(at(route), {"words": WORDS}, follow=True)
            assert "已在提醒中，没有再发" in shown.content.decode()
    assert Reminder.objects.count() == 1
    actions.withdraw(by=samples.acting(cast, "supervisor", "LX"), reminder=first)
    assert reminded(cast).pk != first.pk


def test_many_are_reminded_at_once_from_the_list(cast: Cast, client_as: ClientAs) -> None:
    reminded(cast, "LX-CG")
    client = client_as("supervisor")
    assert 'value="remind"' in client.get(LIST).content.decode()
    keys = [cast.organs[code].pk for code in ("LX-JY", "LX-CG", "LX-BGS", "WS-JY", "LX-FB")]
    asked = client.post(LIST, {"act": "remind", "key": keys}, follow=True)
    page = asked.redirect_chain[-1][0]
    shown = asked.content.decode()
    assert "提醒 2 个机关？" in shown
    assert "已在提醒中，不再发" in shown
    assert Reminder.objects.count() == 1
    client.post(page, {"words": WORDS, "due_on": ""})
    open_now = Reminder.objects.filter(reads.OPEN).values_list("organ__code", "words")
    assert set(open_now) == {("LX-JY", WORDS), ("LX-BGS", WORDS), ("LX-CG", WORDS)}
    again = client.get(page, follow=True).content.decode()
    assert "都已在提醒中" in again


def test_only_supervisors_tick_and_remind(cast: Cast, client_as: ClientAs) -> None:
    client = client_as("administrator")
    assert 'value="remind"' not in client.get(LIST).content.decode()
    client.post(LIST, {"act": "remind", "key": [cast.organs["LX-JY"].pk]})
    assert client.get(at("particulars_remind")).status_code == 403
    assert client_as("supervisor").get(at("particulars_remind", "WS-JY")).status_code == 404
    for who, code in (("administrator", "LX"), ("handler", "LX-JY"), ("delegate", "LX-JY")):
        with pytest.raises(NotAllowed):
            actions.remind(
                by=samples.acting(cast, who, code),
                organ=cast.organs["LX-JY"],
                subject=SUBJECT,
                note=Note(WORDS),
            )
    with pytest.raises(NotAllowed):
        reminded(cast, "WS-JY")
    with pytest.raises(actions.EndedOrgan):
        reminded(cast, "LX-FB")
    assert not Reminder.objects.exists()


def test_the_words_begin_by_what_is_wrong(cast: Cast, client_as: ClientAs) -> None:
    supervisor = client_as("supervisor")

    def words(code: str) -> str:
        form = supervisor.get(at("particulars_remind", code)).context["form"]
        return str(form.initial["words"])

    by = cast.accounts["handler"]
    samples.in_force(cast.organs["LX-JY"], by, days=400)
    samples.in_force(cast.organs["LX-CG"], by, days=3)
    assert "还没有生效" in words("LX-BGS")
    assert "久未更新" in words("LX-JY")
    assert words("LX-JY") != words("LX-CG") != words("LX-BGS")


def test_the_day_begins_by_the_setting_and_lies_ahead(cast: Cast, client_as: ClientAs) -> None:
    today = timezone.localdate()

    def day(code: str) -> object:
        shown = client_as("supervisor").get(at("particulars_remind", code))
        return shown.context["form"].initial["due_on"]

    assert day("LX-JY") == workdays.add_working_days(today, 3).end
    preference_actions.set_value(
        by=samples.acting(cast, "administrator", "LX"),
        organ=cast.organs["LX-JY"],
        key="remind.days",
        value="12",
        was=None,
    )
    assert day("LX-JY") == workdays.add_working_days(today, 12).end
    for wrong in (today - timedelta(days=1), today + timedelta(days=367)):
        with pytest.raises(WrongDay):
            reminded(cast, note=Note(WORDS, wrong))
    refused = client_as("supervisor").post(
        at("particulars_remind"), {"words": WORDS, "due_on": "2020-01-01"}
    )
    assert refused.status_code == 422
    assert WORDS in refused.content.decode()
    assert reminded(cast, note=Note(WORDS, today)).due_on == today


def test_the_version_in_force_is_sent_back_and_stays_in_force(
    cast: Cast, client_as: ClientAs
) -> None:
    one = samples.approved(cast)
    client = client_as("supervisor")
    assert at("particulars_send_back") in client.get(at("particulars_of")).content.decode()
    refused = client.post(at("particulars_send_back"), {"words": "  ", "seen": one.number})
    assert refused.status_code == 422
    assert "请写明退回的理由" in refused.content.decode()
    client.post(at("particulars_send_back"), {"words": WORDS, "due_on": "", "seen": one.number})
    event = Event.objects.get(kind="particulars.sent_back")
    assert (event.subject, event.new["comment"]) == ("particulars/LX-JY/1", WORDS)
    force = particulars.in_force(one.organ, timezone.localdate())
    assert force is not None
    assert (force.pk, force.state) == (one.pk, State.APPROVED)
    (task,) = client_as("handler").get(HOME).context["tasks"]
    assert (task.to_do, task.state) == (WORDS, "退回更正")
    assert "退回，要求更正" in client_as("handler").get(at("particulars_of")).content.decode()


def test_what_is_in_force_no_more_is_not_sent_back(cast: Cast, client_as: ClientAs) -> None:
    first = samples.approved(cast)
    samples.approved(cast, phone="0512-00000002")
    with pytest.raises(Stale):
        sent_back(cast, first)
    refused = client_as("supervisor").post(
        at("particulars_send_back"), {"words": WORDS, "seen": first.number}
    )
    assert refused.status_code == 422
    assert not Reminder.objects.exists()
    assert not Event.objects.filter(kind="particulars.sent_back").exists()
    none = client_as("supervisor").get(at("particulars_send_back", "LX-CG"), follow=True)
    assert "没有生效的版本，不能退回" in none.content.decode()


@pytest.mark.parametrize("made", [samples.submitted, samples.reviewed])
def test_a_version_under_way_is_returned_by_a_supervisor(
    made: Callable[[Cast], Particulars], cast: Cast, client_as: ClientAs
) -> None:
    one = made(cast)
    client = client_as("supervisor")
    assert at("particulars_oversee") in client.get(at("particulars_of")).content.decode()
    refused = client.post(at("particulars_oversee"), {"version": one.version, "comment": " "})
    assert refused.status_code == 422
    client.post(at("particulars_oversee"), {"version": one.version, "comment": WORDS})
    one.refresh_from_db()
    assert one.state == State.RETURNED
    event = Event.objects.get(kind="particulars.returned")
    assert (event.acting_as, event.new["comment"]) == ("supervisor", WORDS)
    shown = client_as("handler").get(at("particulars_of")).content.decode()
    assert "戊监督" in shown
    assert WORDS in shown
    assert [t.to_do for t in client_as("handler").get(HOME).context["tasks"]] == ["按退回理由修改"]
    # What was signed before counts no more: both steps are gone through again.
    assert particulars.round_of(particulars.signatures(one)) == []


def test_supervisors_return_within_their_own_subtree_only(cast: Cast) -> None:
    one = samples.submitted(cast)
    samples.given(cast, "outside_handler", Role.SUPERVISOR, "WS")
    outside = samples.acting(cast, "outside_handler", "WS")
    for reason, refusal in (("", particulars_actions.NoReason), (WORDS, NotAllowed)):
        with pytest.raises(refusal):
            particulars_actions.oversee(
                by=outside, particulars=one, version=one.version, comment=reason
            )


@pytest.mark.parametrize("way", ["remind", "return"])
def test_a_new_version_answers_when_it_is_approved(
    way: str, cast: Cast, client_as: ClientAs
) -> None:
    one = samples.approved(cast)
    given = sent_back(cast, one) if way == "return" else reminded(cast)
    under_way = samples.reviewed(cast, phone="0512-00000002")
    given.refresh_from_db()
    assert given.answered_at is None
    particulars_actions.approve(
        by=samples.acting(cast, "approver", role=Role.APPROVER),
        particulars=under_way,
        version=under_way.version,
    )
    given.refresh_from_db()
    assert given.answered_at is not None
    assert client_as("handler").get(HOME).context["tasks"] == []
    assert (
        WORDS
        not in client_as("handler")
        .get(reverse("organs:particulars_version", args=["LX-JY", 2]))
        .content.decode()
    )
    assert "起提醒中" not in client_as("supervisor").get(LIST).content.decode()
    with pytest.raises(actions.Over):
        actions.withdraw(by=samples.acting(cast, "supervisor", "LX"), reminder=given)


def test_a_supervisor_withdraws_it_again(cast: Cast, client_as: ClientAs) -> None:
    given = reminded(cast)
    client = client_as("supervisor")
    address = reverse("organs:reminder_withdraw", args=[given.pk])
    assert address in client.get(at("particulars_of")).content.decode()
    assert WORDS in client.get(address).content.decode()
    assert not Event.objects.filter(kind="reminder.withdrawn").exists()
    client.post(address)
    assert kinds() == ["organ.reminded", "reminder.withdrawn"]
    assert client_as("handler").get(HOME).context["tasks"] == []
    history = client_as("handler").get(at("particulars_of")).content.decode()
    assert "监督员提醒办理指南要素" in history
    assert "撤回对指南要素的提醒" in history


def test_one_of_a_lower_organ_does_not_withdraw_what_came_from_above(
    cast: Cast, client_as: ClientAs
) -> None:
    above = reminded(cast, "LX-CG-01")
    samples.given(cast, "newcomer", Role.SUPERVISOR, "LX-CG")
    lower = samples.acting(cast, "newcomer", "LX-CG", role=Role.SUPERVISOR)
    with pytest.raises(NotAllowed):
        actions.withdraw(by=lower, reminder=above)
    actions.withdraw(by=samples.acting(cast, "supervisor", "LX"), reminder=above)
    organ = cast.organs["LX-CG-01"]
    own = actions.remind(by=lower, organ=organ, subject=particulars.matter(organ), note=Note(WORDS))
    actions.withdraw(by=samples.acting(cast, "supervisor", "LX"), reminder=own)


def test_supervisors_see_and_find_what_they_wait_for(cast: Cast, client_as: ClientAs) -> None:
    late = reminded(cast, "LX-CG", note=Note(WORDS, timezone.localdate()))
    Reminder.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    reminded(cast)
    client = client_as("supervisor")

    def found(value: str) -> list[str]:
        rows = client.get(LIST, {"reminder": value}).context["listing"].rows
        codes = {organ.pk: code for code, organ in cast.organs.items()}
        return [codes[int(row.key)] for row in rows]

    assert found("open") == ["LX-JY", "LX-CG"]
    assert found("overdue") == ["LX-CG"]
    assert set(found("none")) == {"LX", "LX-BGS", "LX-CG-01"}
    assert f"{timezone.localdate().isoformat()} 起提醒中" in client.get(LIST).content.decode()
    watched = {w.title: [name for name, _ in w.some] for w in client.get(HOME).context["watched"]}
    assert watched["指南要素提醒中"] == ["区教育局", "区城管局"]
    assert watched["指南要素提醒后逾期未办"] == ["区城管局"]
    (task,) = client_as("drafter").get(HOME).context["tasks"]
    assert (task.state, task.tone) == ("逾期未办", "bad")


def test_an_organ_that_ended_has_no_tasks_left(cast: Cast) -> None:
    reminded(cast)
    handler = samples.acting(cast, "handler").capacity
    assert len(reads.waiting_for(handler)) == 1
    Organ.objects.filter(code="LX-JY").update(valid_to=timezone.localdate())
    assert reads.waiting_for(handler) == []
