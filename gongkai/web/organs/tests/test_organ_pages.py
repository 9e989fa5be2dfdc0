"""机关页面: what an administrator, a supervisor and an officer do and see there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.web.ledger.models import Event
from gongkai.web.organs.models import Organ, Reconsideration, Succession
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: str, query: str = "") -> str:
    answer = client.get(reverse(f"organs:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, route: str, /, *args: str, **data: Any) -> Any:
    return client.post(reverse(f"organs:{route}", args=args), data, follow=True)


def test_an_administrator_founds_an_organ_and_lands_on_its_page(cast: Cast) -> None:
    client = cast.client("administrator")
    answer = send(
        client,
        "found",
        parent="临溪区人民政府（LX）",
        name="临溪区数据局",
        short_name="区数据局",
        code="LX-SJ",
        kind="department",
        level="county",
        valid_from="2024-03-01",
    )
    body = answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/organs/LX-SJ/"
    assert "已设立 临溪区数据局" in body and "区数据局" in body
    assert Organ.objects.get(code="LX-SJ").parent == cast.organs["LX"]


def test_what_was_typed_is_kept_where_it_is_refused(cast: Cast) -> None:
    answer = send(
        cast.client("administrator"),
        "found",
        parent="没有这个机关",
        name="临溪区数据局",
        code="lower",
        kind="department",
        level="county",
        valid_from="2024-03-01",
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="临溪区数据局"' in body and 'value="没有这个机关"' in body
    assert "没有找到“没有这个机关”" in body and "单位编号只用大写字母" in body


def test_a_name_that_two_organs_bear_is_asked_about(cast: Cast) -> None:
    answer = send(
        cast.client("administrator"), "move", "LX-BGS", parent="局", on="2024-01-01", version="1"
    )
    assert "请写明是哪一个" in answer.content.decode()


def test_an_organ_of_another_district_cannot_even_be_named(cast: Cast) -> None:
    answer = send(
        cast.client("administrator"),
        "move",
        "LX-BGS",
        parent="WS",
        on="2024-01-01",
        version="1",
    )
    assert "没有找到“WS”" in answer.content.decode()


def test_a_form_sent_twice_acts_once(cast: Cast) -> None:
    client = cast.client("administrator")
    form = client.get(reverse("organs:rename", args=["LX-JY"]))
    data = {
        "name": "临溪区教育体育局",
        "short_name": "",
        "on": "2025-03-01",
        "version": "1",
        "_once": str(form.context["once"]),
    }
    first = send(client, "rename", "LX-JY", **data)
    second = send(client, "rename", "LX-JY", **data)
    assert "已更名为" in first.content.decode()
    assert "已经提交过" in second.content.decode()
    assert Event.objects.filter(kind="organ.renamed").count() == 1


MERGER = {
    "predecessors": "LX-CG",
    "successor": "LX-JY",
    "on": "2025-07-01",
    "basis": "临编〔2025〕1号",
}


def test_a_merger_is_foreseen_before_it_is_done(cast: Cast) -> None:
    client = cast.client("administrator")
    asked = send(client, "merge", **MERGER)
    body = asked.content.decode()
    assert "临溪区城市管理局溪口执法站：改为隶属 临溪区教育局" in body
    assert "任命 辛两岗 为经办人" in body and "并入 临溪区教育局" in body
    assert not Succession.objects.exists() and not Event.objects.exists()
    assert cast.organs["LX-CG-01"].placements.count() == 1
    again = send(client, "merge", **MERGER, _back="1").content.decode()
    assert 'value="临编〔2025〕1号"' in again and not Succession.objects.exists()


@pytest.mark.parametrize("route", ["split", "close"])
def test_what_cannot_be_done_is_refused_before_it_is_asked(cast: Cast, route: str) -> None:
    data = {"successors": "LX-JY\nLX-BGS", "heir": "LX-BGS", "on": "2020-01-01", "basis": "x"}
    answer = send(cast.client("administrator"), route, "LX-CG", **data)
    assert answer.status_code == 422 and "生效日应晚于设立之日" in answer.content.decode()


def test_a_merger_is_shown_on_both_pages(cast: Cast) -> None:
    client = cast.client("administrator")
    answer = send(client, "merge", **MERGER, _sure="1")
    assert answer.redirect_chain[-1][0] == "/organs/LX-JY/"
    assert Succession.objects.count() == 1
    assert "接受 临溪区城市管理局 的职责" in page(client, "organ", "LX-JY")
    gone = page(client, "organ", "LX-CG")
    assert "2025-07-01 撤销" in gone and "临编〔2025〕1号" in gone
    assert "在办事项由谁接办" in gone
    # An organ that has ended offers no acts.
    assert reverse("organs:rename", args=["LX-CG"]) not in gone


def test_an_officer_is_led_to_the_own_organ_and_sees_no_acts(cast: Cast) -> None:
    client = cast.client("handler")
    answer = client.get(reverse("organs:list"))
    assert answer.status_code == 302 and answer["Location"] == "/organs/LX-JY/"
    body = page(client, "organ", "LX-JY")
    assert "临溪区教育局" in body and "/edit/" not in body
    assert client.get("/organs/LX-CG/").status_code == 404


def test_a_supervisor_reads_the_subtree_and_changes_nothing(cast: Cast) -> None:
    client = cast.client("supervisor")
    body = page(client, "list", query="?q=")
    assert "临溪区教育局" in body and "望山区" not in body
    assert client.get("/organs/LX-JY/").status_code == 200
    assert client.get("/organs/LX-JY/rename/").status_code == 403
    assert client.get("/organs/WS-JY/").status_code == 404


def test_the_reconsideration_organ_of_many_is_set_at_once(cast: Cast) -> None:
    client = cast.client("administrator")
    chosen = [str(cast.organs[c].pk) for c in ("LX-JY", "LX-CG")]
    asked = client.post(
        reverse("organs:list"), {"act": "reconsideration", "key": chosen}, follow=True
    )
    assert "对象（2 个）" in asked.content.decode()
    send(client, "reconsideration_of_many", body="LX", body_name="", on="2024-01-01")
    assert set(Reconsideration.objects.values_list("organ__code", "body__code")) == {
        ("LX-JY", "LX"),
        ("LX-CG", "LX"),
    }


def test_one_that_is_refused_leaves_all_as_they_were(cast: Cast) -> None:
    Reconsideration.objects.create(
        organ=cast.organs["LX-JY"], body_name="某局", valid_from=date(2025, 1, 1)
    )
    client = cast.client("administrator")
    chosen = [str(cast.organs[c].pk) for c in ("LX-CG", "LX-JY")]
    client.post(reverse("organs:list"), {"act": "reconsideration", "key": chosen})
    answer = send(client, "reconsideration_of_many", body="LX", body_name="", on="2024-01-01")
    assert "临溪区教育局：应晚于现任复议机关的起始日" in answer.content.decode()
    assert Reconsideration.objects.count() == 1


def test_suggestions_come_from_what_may_be_seen(cast: Cast) -> None:
    client = cast.client("administrator")
    found = page(client, "suggest", query="?q=教育")
    assert "临溪区教育局（LX-JY）" in found and "望山" not in found
    assert "<li" not in page(client, "suggest", query="?q=没有的")
    assert "<li" not in page(client, "suggest", query="?q=防汛")  # ended


def test_the_tree_is_walked_step_by_step(cast: Cast) -> None:
    client = cast.client("supervisor")
    top = page(client, "tree")
    assert "临溪区城市管理局" in top and "溪口执法站" not in top
    assert "溪口执法站" in page(client, "tree", query="?top=LX-CG")
    assert client.get("/organs/tree/?top=WS").status_code == 404


def test_names_with_signs_of_html_stay_text(cast: Cast) -> None:
    Organ.objects.filter(code="LX-JY").update(name="<script>alert(1)</script>局")
    client = cast.client("administrator")
    for body in (page(client, "list", query="?q="), page(client, "organ", "LX-JY")):
        assert "<script>alert" not in body and "&lt;script&gt;" in body


def test_only_who_may_found_an_organ_is_told_where(cast: Cast) -> None:
    said = "可以设立下级"
    leaf = reverse("organs:tree") + "?top=LX-CG-01"
    for who, told in (("administrator", True), ("supervisor", False)):
        html = cast.client(who).get(leaf).content.decode()
        assert "没有下级机关" in html and (said in html) is told, who
