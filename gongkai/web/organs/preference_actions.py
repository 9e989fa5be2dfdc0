"""机关设置的变更: an organ's own value, and going back to its superior's."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.web.organs import preference_kinds, preferences
from gongkai.web.organs.actions import Doer, address
from gongkai.web.organs.models import Organ, OrganSetting
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale


class WrongValue(Refusal):
    """设置值有误: outside what the key takes."""


class NothingToClear(Refusal):
    """没有自己的值: the organ follows its superior already."""

    def __init__(self) -> None:
        super().__init__(_("本机关没有自行设置这一项，已在沿用上级或默认值。"))


@transaction.atomic
def set_value(*, by: Doer, organ: Organ, key: str, value: str, was: str | None) -> OrganSetting:
    """自行设置: a value for the organ and all below it that set none.

    ``was`` is the organ's own stored value as the form showed it, None where it had none.
    Raises NotAllowed, WrongValue, Stale.
    """
    by.may_administer(organ)
    one = preferences.KEYS[key]
    try:
        wanted = one.write(one.read(value))
    except preference_kinds.Misread as misread:
        raise WrongValue(str(misread), field="value") from None
    present = _present(organ, key, was)
    if present is not None and present.value == wanted:
        return present
    before = _stored(organ, one)
    row, _made = OrganSetting.objects.update_or_create(
        organ=organ,
        key=key,
        defaults={"value": wanted, "set_by": by.by, "set_at": by.at},
    )
    _event("organ.setting", by, organ, one, before)
    return row


@transaction.atomic
def clear_value(*, by: Doer, organ: Organ, key: str, was: str | None) -> None:
    """恢复沿用上级: gives up the organ's own value. Raises NotAllowed, NothingToClear, Stale."""
    by.may_administer(organ)
    one = preferences.KEYS[key]
    present = _present(organ, key, was)
    if present is None:
        raise NothingToClear
    before = _stored(organ, one)
    present.delete()
    _event("organ.setting_cleared", by, organ, one, before)


def _present(organ: Organ, key: str, was: str | None) -> OrganSetting | None:
    """The organ's own value, all writers of the organ's settings one after another."""
    Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    found = OrganSetting.objects.filter(organ=organ, key=key).first()
    if (found.value if found else None) != was:
        raise Stale
    return found


def _stored(organ: Organ, key: preference_kinds.Key) -> str:
    """The value in force, as it would be stored."""
    return key.write(preferences.value_of(organ, key.id))


def _event(kind: str, by: Doer, organ: Organ, key: preference_kinds.Key, before: str) -> None:
    by.tell(
        kind,
        organ,
        address(organ),
        old={"value_before": before},
        new={"setting": key.id, "value": _stored(organ, key)},
    )
