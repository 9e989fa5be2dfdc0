"""事件: every kind has its sentence; who audits sees all of them masked, and nothing else."""

from __future__ import annotations

import ast
import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from gongkai.statute.case_table import ACTS
from gongkai.statute.remedy_table import RECONSIDERATION, SUIT
from gongkai.statute.side_matters import TABLE as CORRECTION
from gongkai.web.ledger import chains, events
from gongkai.web.ledger.models import Event
from gongkai.web.organs import actions, capacity, event_kinds, people_actions, people_queries
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.tests.doers import doer
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.routes import routes

ORGANS = Path(event_kinds.__file__).parent
PHONE, MAIL, IDENTITY = "13812341234", "chen.shili@example.com", "11010519491231002X"


def body(answer: Any) -> str:
    return str(answer.getvalue().decode()) if answer.streaming else str(answer.content.decode())


def happened(cast: Cast, code: str | None = "LX-JY", /, **more: Any) -> Event:
    said: dict[str, Any] = {
        "kind": "organ.changed",
        "at": timezone.now(),
        "by": cast.accounts["administrator"],
        "acting_as": "administrator",
        "subject": f"organ/{code}",
    }
    one = Event(organ=cast.organs[code] if code else None, **(said | more))
    chains.append([one])
    return one


# -- sentences


@pytest.mark.parametrize("kind", events.KINDS)
def test_every_kind_has_its_sentence_in_both_languages(kind: str) -> None:
    wanted = re.findall(r"%\((\w+)\)s", str(events.KINDS[kind]))
    event = Event(kind=kind, old={}, new=dict.fromkeys(wanted, "Qq"))
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = events.sentence(event)
            assert said[language].count("Qq") == len(wanted)
    assert re.search(r"[\u4e00-\u9fff]", said["zh-hans"])
    assert not re.search(r"[\u4e00-\u9fff]", said["en"]), "no English"


def test_every_kind_belongs_to_a_group() -> None:
    assert {kind.partition(".")[0] for kind in events.KINDS} == set(events.GROUPS)


def test_every_kind_that_is_recorded_is_known_and_every_known_one_is_recorded() -> None:
    """A kind is a text such as "organ.founded" somewhere in the code of the service, outside of the
    tables that give kinds their sentences; those of the acts of a case are made of the acts."""
    named = {f"application.{act.value}" for act in ACTS}
    named |= {f"reconsideration.{act.value}" for act in RECONSIDERATION.acts}
    named |= {f"correction.{act.value}" for act in CORRECTION.acts}
    named |= {f"suit.{act.value}" for act in SUIT.acts}
    for file in ORGANS.parent.glob("*/*.py"):
        if file.name in ("event_kinds.py", "calendar_kinds.py"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named |= {node.value} & set(events.KINDS)
    assert set(events.KINDS) - named == set()
    with pytest.raises(KeyError):
        events.record("organ.invented", organ=None, by=None, at=timezone.now(), subject="x")


def test_a_role_is_named_in_the_readers_language() -> None:
    event = Event(kind="role.given", new={"name": "甲经办", "role": "handler"})
    with translation.override("zh-hans"):
        assert events.sentence(event) == "任命 甲经办 为经办人"
    with translation.override("en"):
        assert "handler" in events.sentence(event).lower()


# -- the list


pytestmark = pytest.mark.django_db


def test_the_newest_comes_first_with_who_and_in_which_role(cast: Cast) -> None:
    happened(cast, at=timezone.now() - timedelta(days=1), kind="organ.closed")
    happened(cast, kind="organ.reopened", request_id="7KQ29MXA")
    html = body(cast.client("auditor").get(reverse("organs:events")))
    assert html.index("撤回撤销") < html.index(">撤销机关<")
    assert "庚管理" in html and "系统管理员" in html and "7KQ2-9MXA" in html


def test_events_of_another_tree_are_nobodys_business(cast: Cast) -> None:
    outside = happened(cast, "WS-JY", kind="organ.closed")
    for who in ("auditor", "administrator"):
        client = cast.client(who)
        assert "望山区教育局" not in body(client.get(reverse("organs:events")))
        assert client.get(reverse("organs:event", args=[outside.pk])).status_code == 404
    own = cast.client("outside_administrator")
    assert "望山区教育局" in body(own.get(reverse("organs:events")))


def test_a_large_tree_shows_the_same_events(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {happened(cast, code).pk for code in ("LX", "LX-JY", "LX-CG-01")}
    happened(cast, "WS-JY")
    held = doer(cast, "auditor").capacity
    assert set(people_queries.visible_events(held).values_list("pk", flat=True)) == kept
    monkeypatch.setattr(people_queries, "FEW", 2)
    assert set(people_queries.visible_events(held).values_list("pk", flat=True)) == kept


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("group=person", {"person.added"}),
        ("group=organ", {"organ.closed", "organ.renamed"}),
        ("organ=城管局", {"organ.renamed"}),
        ("person=戊监督", {"organ.renamed"}),
        ("from=2026-03-01&to=2026-03-01", {"organ.closed"}),
        ("from=2026-03-02", {"organ.renamed", "person.added"}),
        ("to=2026-02-28", set()),
        ("q=7kq2-9mxa", {"organ.renamed"}),
        ("q=甲经办", {"person.added"}),
        ("q=LX-CG", {"organ.renamed"}),
    ],
)
def test_events_are_filtered_and_searched(cast: Cast, query: str, found: set[str]) -> None:
    zone = timezone.get_current_timezone()
    happened(cast, kind="organ.closed", at=datetime(2026, 3, 1, 23, 59, tzinfo=zone))
    happened(
        cast,
        "LX-CG",
        kind="organ.renamed",
        new={"name": "新名"},
        by=cast.accounts["supervisor"],
        at=datetime(2026, 3, 2, 0, 0, tzinfo=zone),
        request_id="7KQ29MXA",
    )
    happened(
        cast,
        kind="person.added",
        new={"name": "甲经办"},
        subject=f"person/{cast.accounts['handler'].pk}",
        at=datetime(2026, 4, 2, tzinfo=zone),
    )
    answer = cast.client("auditor").get(f"{reverse('organs:events')}?{query}")
    assert {e.kind for e in answer.context["listing"].objects} == found


def test_pages_of_events_hold_each_once(cast: Cast) -> None:
    at = timezone.now()
    keys = {happened(cast, at=at - timedelta(seconds=n // 3)).pk for n in range(120)}
    client, address, seen = cast.client("auditor"), reverse("organs:events"), []
    while address:
        listing = client.get(address).context["listing"]
        seen += [e.pk for e in listing.objects]
        address = listing.pager.next
    assert len(seen) == 120 and set(seen) == keys


def test_the_list_takes_the_same_few_queries_however_long_it_is(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _n in range(30):
        happened(cast)
    client = cast.client("auditor")
    client.get(reverse("organs:events"))
    with django_assert_max_num_queries(10):
        client.get(reverse("organs:events"))


def test_acting_for_another_is_told_in_the_list_the_page_and_the_exports(cast: Cast) -> None:
    handler = cast.accounts["handler"]
    subject = f"person/{handler.pk}"
    one = happened(
        cast,
        kind="person.suspended",
        subject=subject,
        new={"name": "甲"},
        acting_for="丙批准",
    )
    client = cast.client("auditor")
    told = "系统管理员（代 丙批准）"
    listed = reverse("organs:events")
    for address in (listed, f"{listed}?export=csv", reverse("organs:event", args=[one.pk])):
        assert told in body(client.get(address)), address
    history = cast.client("administrator").get(reverse("organs:person", args=[handler.pk]))
    assert "庚管理（代 丙批准）" in body(history)


def test_what_a_delegate_does_is_kept_as_done_for_another(cast: Cast) -> None:
    lent = capacity.of_account(cast.accounts["delegate"], timezone.localdate())[-1]
    by = Doer(cast.accounts["delegate"], timezone.now(), lent)
    actions.tell("organ.reopened", cast.organs["LX-JY"], by)
    assert Event.objects.get(kind="organ.reopened").acting_for == "丙批准"


# -- masks


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_personal_data_are_masked_in_the_list_the_page_and_the_exports(
    cast: Cast, who: str
) -> None:
    event = happened(
        cast,
        kind="person.unmasked",
        subject=f"person/{cast.accounts['handler'].pk}",
        old={"phone": PHONE, "applicant": "陈示例"},
        new={
            "name": "甲经办",
            "purpose": f"致电 {PHONE}，邮件 {MAIL}，证件 {IDENTITY}",
            "nested": [{"email": MAIL}],
        },
    )
    client = cast.client(who)
    book = client.get(reverse("organs:events") + "?export=xlsx").getvalue()
    sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    shown = {
        "list": body(client.get(reverse("organs:events"))),
        "page": body(client.get(reverse("organs:event", args=[event.pk]))),
        "csv": body(client.get(reverse("organs:events") + "?export=csv")),
        "xlsx": str(sheet),
    }
    for where, said in shown.items():
        for secret in (PHONE, MAIL, IDENTITY, "陈示例"):
            assert secret not in said, where
        assert "138****1234" in said, where
    assert "陈**" in shown["page"]
    kept = Event.objects.filter(kind="export.made", by=cast.accounts[who])
    assert {e.new["file"] for e in kept} == {"csv", "xlsx"}
    assert kept[0].organ == cast.organs["LX"]


def test_the_page_of_an_event_tells_what_was_and_what_is(cast: Cast) -> None:
    event = happened(
        cast,
        old={"kind": "office", "credit_code": ""},
        new={"kind": "department", "credit_code": "X"},
        request_id="7KQ29MXA",
    )
    html = body(cast.client("auditor").get(reverse("organs:event", args=[event.pk])))
    assert "政府办公厅（室）" in html and "工作部门" in html, "kinds in words"
    assert "临溪区教育局（LX-JY）" in html, "what it concerns, in words"
    assert "7KQ2-9MXA" in html


def test_a_new_name_stands_beside_the_old_one(cast: Cast) -> None:
    event = happened(
        cast,
        kind="person.changed",
        subject=f"person/{cast.accounts['handler'].pk}",
        old={"name_before": "甲旧名", "phone": PHONE},
        new={"name": "甲新名", "phone": ""},
    )
    html = body(cast.client("auditor").get(reverse("organs:event", args=[event.pk])))
    assert re.search(r"<td>甲旧名</td>\s*<td>甲新名</td>", html)
    assert re.search(r"<td>138\*{4}1234</td>\s*<td></td>", html)


def test_the_history_of_a_person_is_cut_to_ones_own_tree(cast: Cast) -> None:
    handler = cast.accounts["handler"]
    subject = f"person/{handler.pk}"
    happened(cast, kind="role.given", subject=subject, new={"name": "甲", "role": "handler"})
    happened(cast, "WS-JY", kind="person.suspended", subject=subject, new={"name": "甲"})
    html = body(cast.client("administrator").get(reverse("organs:person", args=[handler.pk])))
    assert "任命 甲 为经办人" in html and "停用账号 甲" not in html
    whole = people_queries.history(subject)
    assert [e.kind for e in whole] == ["person.suspended", "role.given"]


# -- who audits


def test_an_auditor_opens_events_and_own_pages_and_nothing_else() -> None:
    """The rules themselves; that they are kept is the matrix's matter."""
    opened = {
        route.name
        for route in routes()
        if route.rule
        and route.rule.admits(Role.AUDITOR, signed_in=True)
        and not route.rule.public
        and not route.name.startswith("accounts:")
    }
    own = {
        "organs:capacities",
        "organs:switch",
        "organs:delegations",
        "organs:delegate",
        "organs:delegation_revoke",
        "organs:people_suggest",
    }
    assert {n for n in opened if n.startswith("organs:")} == own | {
        "organs:events",
        "organs:event",
        "organs:account_events",
    }


def test_an_auditor_is_proposed_nobody_and_sees_no_person(cast: Cast) -> None:
    client = cast.client("auditor")
    assert "甲经办" not in body(client.get(reverse("organs:people_suggest") + "?q=甲"))
    for name in ("person", "person_reveal"):
        address = reverse(f"organs:{name}", args=[cast.accounts["handler"].pk])
        assert client.get(address).status_code == 403


def test_what_administrators_do_to_people_is_seen_by_the_auditor_below(cast: Cast) -> None:
    people_actions.suspend(by=doer(cast), people=[cast.accounts["handler"]])
    html = body(cast.client("auditor").get(reverse("organs:events")))
    assert "停用账号 甲经办" in html
    assert Event.objects.get(kind="person.suspended").organ == cast.organs["LX-JY"]
