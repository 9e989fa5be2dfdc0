"""看到的版本: the second of two writers sees what the first has stored beside what they typed."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from gongkai.web.organs.models import Organ
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
CHANGE = "/organs/LX-JY/edit/"


def sent(shown: Any, **typed: str) -> dict[str, Any]:
    """The form as a browser would send it."""
    form = shown.context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return {**values, **typed}


def test_a_choice_is_told_in_words_and_the_second_try_counts(cast: Cast) -> None:
    first, second = cast.client("administrator"), cast.client("administrator")
    seen = second.get(CHANGE)
    answer = first.post(CHANGE, sent(first.get(CHANGE), level="city"))
    assert answer.status_code == 302
    refused = second.post(CHANGE, sent(seen, level="township", division_code="110101"))
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "他人先保存了" in html
    assert "<td>市级</td><td>乡级</td>" in html
    assert second.post(CHANGE, sent(refused)).status_code == 302
    organ = Organ.objects.get(code="LX-JY")
    assert (organ.level, organ.division_code) == ("township", "110101")


def test_a_parent_is_told_by_its_name(cast: Cast) -> None:
    client = cast.client("administrator")
    address = "/organs/LX-CG-01/move/"
    seen = client.get(address)
    client.post(address, sent(client.get(address), parent="LX-JY", basis="示例文件"))
    refused = client.post(address, sent(seen, parent="LX-BGS", basis="示例文件"))
    assert refused.status_code == 422
    assert "<td>临溪区教育局</td><td>临溪区人民政府办公室</td>" in refused.content.decode()


class _Noted(forms.Form):
    note = forms.CharField()
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_an_act_that_asks_first_shows_both_as_well(cast: Cast, monkeypatch: Any) -> None:
    """Else what was typed could never be sent: the version in it would stay the old one."""
    stored = {"note": "乙的", "version": 2}
    shown: list[dict[str, Any]] = []

    def render(request: HttpRequest, template: str, found: Any, **more: Any) -> HttpResponse:
        shown.append(found)
        return HttpResponse(template)

    monkeypatch.setattr(shell_forms, "render", render)

    def act(data: dict[str, Any]) -> None:
        if data["version"] != stored["version"]:
            raise Stale

    def post(version: int) -> dict[str, Any]:
        request: HttpRequest = RequestFactory().post("/", {"note": "甲的", "version": version})
        request.user = cast.accounts["handler"]
        shell_forms.page(
            request,
            _Noted,
            act,
            to=lambda made: "/",
            sure=lambda made: ["会怎样"],
            stored=lambda: stored,
        )
        return shown[-1]

    refused = post(1)
    assert [(one.stored, one.typed) for one in refused["both"]] == [("乙的", "甲的")]
    assert refused["form"]["version"].value() == "2"
    assert post(int(refused["form"]["version"].value()))["consequences"] == ["会怎样"]


def test_what_stands_masked_stays_masked(cast: Cast) -> None:
    account = cast.accounts["handler"]
    account.phone, account.email = "13800012345", "whole.address@example.com"
    account.save()
    address = reverse("organs:person_edit", args=[account.pk])
    first, second = cast.client("administrator"), cast.client("administrator")
    seen = second.get(address)
    assert first.post(address, sent(first.get(address), name="甲改名")).status_code == 302
    refused = second.post(address, sent(seen, name="乙改名", phone="13911112222"))
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "<td>138****2345</td><td>13911112222</td>" in html
    assert "whole.address" not in html and "13800012345" not in html
    assert second.post(address, sent(refused)).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.email) == ("乙改名", "whole.address@example.com")
