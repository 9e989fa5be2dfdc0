"""机关设置: inheritance over the tree, the statute library's defaults, who changes what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from gongkai.statute import articles
from gongkai.statute.clock_events import DEFAULT, Conventions
from gongkai.web.ledger import events
from gongkai.web.ledger.models import Event
from gongkai.web.organs import actions as organ_actions
from gongkai.web.organs import preference_actions, preferences
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.organs.models import Organ, OrganSetting
from gongkai.web.organs.preference_actions import NothingToClear, WrongValue
from gongkai.web.organs.preference_kinds import Choice, Misread
from gongkai.web.organs.preferences import KEYS
from gongkai.web.shell.seen import Stale
from gongkai.web.tests import particulars as samples
from gongkai.web.tests.cast import Cast

DAYS = "clock.clarification_days"


def put(cast: Cast, code: str, key: str, value: str) -> OrganSetting:
    own = OrganSetting.objects.filter(organ=cast.organs[code], key=key).first()
    return preference_actions.set_value(
        by=samples.acting(cast, "administrator", "LX"),
        organ=cast.organs[code],
        key=key,
        value=value,
        was=own.value if own else None,
    )


def held(cast: Cast, code: str, key: str = DAYS) -> tuple[object, str]:
    """The value in force and whose it is."""
    found = preferences.all_of(Organ.objects.get(code=code))[key]
    return found.value, found.origin.code if found.origin else ""


# -- the registry


def test_every_convention_of_the_clock_is_a_setting_with_the_librarys_default() -> None:
    mapped = {f.name: KEYS[f"clock.{f.name}"].default for f in fields(Conventions)}
    assert mapped == asdict(DEFAULT)
    assert {name: type(value) for name, value in mapped.items()} == {
        name: type(value) for name, value in asdict(DEFAULT).items()
    }


def test_every_default_is_a_value_of_its_key_and_every_source_exists() -> None:
    for key in KEYS.values():
        assert key.read(key.write(key.default)) == key.default
        assert key.said(key.default)
        if isinstance(key, Choice):
            assert key.default in dict(key.options)
            assert len(key.choices) == len({stored for stored, _ in key.choices}) > 1
        if key.source:
            assert articles.provision(key.source).brief.zh in key.rests_on
        else:
            assert key.rests_on == "本系统约定"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (DAYS, "0"),
        (DAYS, "61"),
        (DAYS, "-5"),
        (DAYS, "十五"),
        (DAYS, "１５"),
        (DAYS, ""),
        ("clock.receipt_is_day_zero", "maybe"),
        ("clock.clarifications", "3"),
        ("paper.number_prefix", "长" * 21),
    ],
)
def test_what_is_no_value_is_refused(key: str, text: str, cast: Cast) -> None:
    with pytest.raises(Misread):
        KEYS[key].read(text)
    with pytest.raises(WrongValue):
        put(cast, "LX", key, text)
    assert not OrganSetting.objects.exists()


# -- inheritance


def test_a_value_comes_from_the_organ_its_nearest_superior_or_the_default(cast: Cast) -> None:
    assert held(cast, "LX-CG-01") == (15, "")
    put(cast, "LX", DAYS, "10")
    assert held(cast, "LX-CG-01") == held(cast, "LX-JY") == (10, "LX")
    put(cast, "LX-CG", DAYS, "12")
    assert held(cast, "LX-CG-01") == (12, "LX-CG")
    assert held(cast, "LX-JY") == (10, "LX")
    put(cast, "LX-CG-01", DAYS, "20")
    assert held(cast, "LX-CG-01") == (20, "LX-CG-01")
    assert held(cast, "WS-JY") == (15, "")


def test_inheritance_follows_a_moved_organ(cast: Cast) -> None:
    put(cast, "LX-CG", DAYS, "12")
    put(cast, "LX-JY", DAYS, "18")
    station = Organ.objects.get(code="LX-CG-01")
    organ_actions.move_organ(
        by=samples.acting(cast, "administrator", "LX"),
        organ=station,
        version=station.version,
        parent=cast.organs["LX-JY"],
        on=timezone.localdate(),
    )
    assert held(cast, "LX-CG-01") == (18, "LX-JY")


def test_a_letterhead_is_not_handed_down(cast: Cast) -> None:
    put(cast, "LX", "paper.letterhead", "临溪区人民政府文件")
    put(cast, "LX", "paper.seal_width", "45")
    assert held(cast, "LX", "paper.letterhead") == ("临溪区人民政府文件", "LX")
    assert held(cast, "LX-JY", "paper.letterhead") == ("", "")
    assert held(cast, "LX-JY", "paper.seal_width") == (45, "LX")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://XXGK.linxi.example/", "https://xxgk.linxi.example"),
        ("http://10.1.2.3:8080", "http://10.1.2.3:8080"),
        ("", ""),
        ("xxgk.linxi.example", None),
        ("https://xxgk.linxi.example/track/", None),
        ("https://a b", None),
        ("javascript:alert(1)", None),
        ("https://u@xxgk.linxi.example", None),
        ("https://xxgk.linxi.example?x=1", None),
    ],
)
def test_the_public_address_is_an_address_and_no_more(typed: str, kept: str | None) -> None:
    assert preferences.KEYS["paper.public_address"].valid(typed) == kept


def test_all_values_of_an_organ_cost_one_query(
    cast: Cast, django_assert_num_queries: Callable[..., object]
) -> None:
    put(cast, "LX", DAYS, "10")
    put(cast, "LX-CG-01", "remind.days", "5")
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        found = preferences.all_of(cast.organs["LX-CG-01"])
        assert all(v.origin is None or v.origin.name for v in found.values())


def test_the_statute_library_gets_its_conventions(cast: Cast) -> None:
    organ = cast.organs["LX-CG-01"]
    assert preferences.conventions(organ) == DEFAULT
    put(cast, "LX", DAYS, "10")
    put(cast, "LX-CG", "clock.receipt_is_day_zero", "no")
    put(cast, "LX-CG-01", "clock.clarifications", "2")
    assert preferences.conventions(organ) == Conventions(
        receipt_is_day_zero=False, clarification_days=10, clarifications=2
    )


def test_a_stored_value_that_is_none_any_more_is_passed_over(cast: Cast) -> None:
    put(cast, "LX", DAYS, "10")
    put(cast, "LX-JY", DAYS, "12")
    OrganSetting.objects.filter(organ=cast.organs["LX-JY"]).update(value="500")
    assert held(cast, "LX-JY") == (10, "LX")


# -- changing


def test_a_change_and_its_undoing_are_events_with_old_and_new(cast: Cast) -> None:
    put(cast, "LX", DAYS, "10")
    put(cast, "LX-JY", DAYS, "12")
    event = Event.objects.latest("pk")
    assert (event.kind, event.old["value_before"], event.new["value"]) == (
        "organ.setting",
        "10",
        "12",
    )
    assert events.sentence(event) == "设置“申请人补正期限”改为 12 个工作日"
    by = samples.acting(cast, "administrator", "LX")
    organ = cast.organs["LX-JY"]
    preference_actions.clear_value(by=by, organ=organ, key=DAYS, was="12")
    event = Event.objects.latest("pk")
    assert (event.kind, event.old["value_before"], event.new["value"]) == (
        "organ.setting_cleared",
        "12",
        "10",
    )
    assert held(cast, "LX-JY") == (10, "LX")
    with pytest.raises(NothingToClear):
        preference_actions.clear_value(by=by, organ=organ, key=DAYS, was=None)
    with translation.override("en"):
        assert "申请人" not in events.sentence(event)


def test_the_same_value_again_is_no_event(cast: Cast) -> None:
    put(cast, "LX", DAYS, "10")
    before = Event.objects.count()
    put(cast, "LX", DAYS, "10")
    assert Event.objects.count() == before


def test_a_value_changed_meanwhile_is_not_overwritten(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    put(cast, "LX-JY", DAYS, "12")
    address = reverse("organs:preference", args=["LX-JY", DAYS])
    client = client_as("administrator")
    form = client.get(address).context["form"]
    put(cast, "LX-JY", DAYS, "14")
    seen = {name: form[name].value() for name in ("was", "had")}
    answer = client.post(address, {**seen, "value": "16"})
    assert answer.status_code == 422
    assert "14 个工作日" in answer.content.decode()
    assert 'value="16"' in answer.content.decode()
    assert held(cast, "LX-JY") == (14, "LX-JY")
    # The form now knows what is stored: sent again it counts.
    again = {name: answer.context["form"][name].value() for name in ("was", "had", "value")}
    assert client.post(address, again).status_code == 302
    assert held(cast, "LX-JY") == (16, "LX-JY")
    with pytest.raises(Stale):
        preference_actions.clear_value(
            by=samples.acting(cast, "administrator", "LX"),
            organ=cast.organs["LX-JY"],
            key=DAYS,
            was="14",
        )


def test_who_reads_and_who_changes_settings(cast: Cast, client_as: Callable[..., Client]) -> None:
    page = reverse("organs:preferences", args=["LX-JY"])
    change = reverse("organs:preference", args=["LX-JY", DAYS])
    clear = reverse("organs:preference_clear", args=["LX-JY", DAYS])
    assert change in client_as("administrator").get(page).content.decode()
    shown = client_as("supervisor").get(page).content.decode()
    assert "申请人补正期限" in shown
    assert change not in shown
    for who, status in (
        ("supervisor", 403),
        ("handler", 403),
        ("auditor", 403),
        ("outside_administrator", 404),
    ):
        for address in (change, clear):
            assert client_as(who).post(address, {"value": "10"}).status_code == status
    assert client_as("administrator").get(change.replace(DAYS, "no.such")).status_code == 404
    with pytest.raises(NotAllowed):
        preference_actions.set_value(
            by=samples.acting(cast, "supervisor", "LX"),
            organ=cast.organs["LX-JY"],
            key=DAYS,
            value="10",
            was=None,
        )


def test_the_page_tells_whose_each_value_is_and_goes_back_to_the_superiors(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    put(cast, "LX", DAYS, "10")
    client = client_as("administrator")
    change = reverse("organs:preference", args=["LX-JY", DAYS])
    clear = reverse("organs:preference_clear", args=["LX-JY", DAYS])
    page = reverse("organs:preferences", args=["LX-JY"])
    shown = client.get(page).content.decode()
    assert "临溪区人民政府</span>" in shown
    assert clear not in shown
    client.post(change, {"value": "12", "was": "", "had": ""})
    assert held(cast, "LX-JY") == (12, "LX-JY")
    assert clear in client.get(page).content.decode()
    asked = client.get(clear).content.decode()
    assert "改用临溪区人民政府的值：10 个工作日。" in asked
    assert client.post(clear, {"was": "11", "had": "1"}).status_code == 422
    client.post(clear, {"was": "12", "had": "1"})
    assert held(cast, "LX-JY") == (10, "LX")
    followers = client.get(reverse("organs:preference", args=["LX-CG", DAYS])).content.decode()
    assert "下级 1 个机关中没有自行设置的一并沿用" in followers


def test_a_ruling_is_cited_with_its_number_and_a_row_of_the_report_in_words() -> None:
    assert "国办公开办函〔2016〕235号" in KEYS["clock.mail_answer_day"].rests_on
    assert KEYS["clock.clarifications"].rests_on == "《条例》第三十条"
    assert "补正后申请内容仍不明确" in str(KEYS["clock.clarifications"].help)
