"""机关设置页面: what holds for an organ and where each value comes from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now

from gongkai.web.organs import organ_page, preference_kinds, preferences, queries
from gongkai.web.organs import preference_actions as actions
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import Organ, OrganSetting
from gongkai.web.organs.preference_kinds import Key
from gongkai.web.organs.preferences import InForce
from gongkai.web.organs.views import administers, capacity_of, opened
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import seen
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.seen import Stale

READERS = (Role.ADMINISTRATOR, Role.SUPERVISOR)


class Seen(forms.Form):
    """看到的值: ``was`` is the organ's own value as shown, ``had`` blank where it had none."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)
    had = forms.CharField(required=False, widget=forms.HiddenInput)

    def own(self) -> str | None:
        """The organ's own value as the form showed it."""
        return self.cleaned_data["was"] if self.cleaned_data["had"] else None


class Change(Seen):
    """一项设置。"""

    def __init__(self, *args: Any, key: Key, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _field(key)


def _field(key: Key) -> forms.Field:
    label, said = str(key.label), str(key.help)
    if isinstance(key, preference_kinds.Choice):
        return forms.ChoiceField(
            label=label, help_text=said, choices=key.choices, widget=forms.RadioSelect
        )
    if isinstance(key, preference_kinds.Whole):
        bounded = _now("%(help)s可填 %(least)d 到 %(most)d %(unit)s。") % {
            "help": said,
            "least": key.least,
            "most": key.most,
            "unit": key.unit,
        }
        return forms.IntegerField(
            label=label,
            help_text=bounded,
            min_value=key.least,
            max_value=key.most,
        )
    assert isinstance(key, preference_kinds.Line)
    return forms.CharField(label=label, help_text=said, max_length=key.most, required=False)


@acting(*READERS)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """机关设置: every value in force, whose it is, and on what it rests."""
    organ = opened(request, code)
    held = preferences.all_of(organ)
    groups = [
        (title, about, [_row(v, organ) for v in held.values() if v.key.group is group])
        for group, (title, about) in preferences.GROUPS.items()
    ]
    return render(
        request,
        "organs/preferences.html",
        {
            "organ": organ,
            "title": _now("机关设置"),
            "crumbs": organ_page.crumbs(None),
            "groups": groups,
            "tabs": organ_page.tabs(organ, capacity_of(request), "organs:preferences"),
            "administers": administers(request),
            "followers": _followers(organ),
        },
    )


def _row(held: InForce, organ: Organ) -> dict[str, Any]:
    edit = reverse("organs:preference", args=[organ.code, held.key.id])
    clear = reverse("organs:preference_clear", args=[organ.code, held.key.id])
    return {
        "key": held.key,
        "value": held.said,
        "from": _from(held),
        "tone": "ok" if held.own else "quiet",
        "edit": edit,
        "clear": clear if held.own else "",
        "clear_label": _now("恢复默认") if held.key.own else _now("恢复沿用上级"),
    }


def _from(held: InForce) -> str:
    if held.own:
        return _now("本机关")
    return held.origin.name if held.origin else _now("默认")


def _followers(organ: Organ) -> int:
    """How many living organs stand below."""
    living = queries.subtree(organ).filter(queries.valid_on(timezone.localdate()))
    return living.exclude(pk=organ.pk).count()


@acting(Role.ADMINISTRATOR)
def change(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """修改机关设置。"""
    organ = opened(request, code)
    held = _held(organ, key)
    own = _own(organ, key)
    shown: dict[str, Change] = {}

    def form(*args: Any, **kwargs: Any) -> Change:
        shown["form"] = Change(*args, key=held.key, **kwargs)
        return shown["form"]

    def act(data: dict[str, Any]) -> OrganSetting:
        value, was = str(data["value"]), shown["form"].own()
        try:
            return actions.set_value(by=doer(request), organ=organ, key=key, value=value, was=was)
        except Stale:
            seen.take(shown["form"], **_shown(_own(organ, key)))
            raise

    return shell_forms.page(
        request,
        form,
        act,
        to=lambda row: reverse("organs:preferences", args=[organ.code]),
        said=_now("已保存“%(label)s”。") % {"label": held.key.label},
        template="organs/preference_edit.html",
        initial={
            "value": held.key.write(held.value),
            **_shown(own),
        },
        context=_one(organ, held, _now("修改设置")),
    )


@acting(Role.ADMINISTRATOR)
def clear(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """恢复沿用上级。"""
    organ = opened(request, code)
    held = _held(organ, key)
    shown: dict[str, Seen] = {}

    def form(*args: Any, **kwargs: Any) -> Seen:
        shown["form"] = Seen(*args, **kwargs)
        return shown["form"]

    def act(data: dict[str, Any]) -> None:
        try:
            actions.clear_value(by=doer(request), organ=organ, key=key, was=shown["form"].own())
        except Stale:
            seen.take(shown["form"], **_shown(_own(organ, key)))
            raise

    gone = (
        _now("本机关的值“%(value)s”不再使用。") % {"value": held.said}
        if held.own
        else _now("本机关没有自行设置这一项。")
    )
    words = _clearing_words(held.key)
    return shell_forms.page(
        request,
        form,
        act,
        to=lambda nothing: reverse("organs:preferences", args=[organ.code]),
        said=words["said"] % {"label": held.key.label},
        template="confirm_page.html",
        initial=_shown(_own(organ, key)),
        context={
            **_one(
                organ,
                held,
                words["title"] % {"label": held.key.label},
            ),
            "submit": words["submit"],
            "consequences": [
                gone,
                _now("改用%(from)s的值：%(value)s。")
                % {
                    "from": held.inherited_from.name if held.inherited_from else _now("默认"),
                    "value": held.inherited_said,
                },
                str(preferences.GROUPS[held.key.group][1]),
            ],
        },
    )


def _clearing_words(key: Key) -> dict[str, str]:
    """A key that is not handed down goes back to its default, the others to the superior's."""
    if key.own:
        return {
            "title": _now("“%(label)s”恢复默认？"),
            "submit": _now("恢复默认"),
            "said": _now("“%(label)s”已恢复默认。"),
        }
    return {
        "title": _now("“%(label)s”恢复沿用上级？"),
        "submit": _now("恢复沿用上级"),
        "said": _now("“%(label)s”已恢复沿用上级。"),
    }


def _own(organ: Organ, key: str) -> OrganSetting | None:
    return OrganSetting.objects.filter(organ=organ, key=key).first()


def _shown(own: OrganSetting | None) -> dict[str, str]:
    """The hidden fields of `Seen`."""
    return {"was": own.value if own else "", "had": "1" if own else ""}


def _held(organ: Organ, key: str) -> InForce:
    if key not in preferences.KEYS:
        raise Http404
    return preferences.all_of(organ)[key]


def _one(organ: Organ, held: InForce, title: str) -> dict[str, Any]:
    here = reverse("organs:preferences", args=[organ.code])
    return {
        "organ": organ,
        "held": held,
        "from": _from(held),
        "affects": preferences.GROUPS[held.key.group][1],
        "followers": 0 if held.key.own else _followers(organ),
        "title": title,
        "crumbs": [*organ_page.crumbs(organ, here=title), (_now("机关设置"), here)],
        "cancel": here,
    }
