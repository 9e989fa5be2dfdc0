"""申请人信息: opened for an officer who says for what; told in the same transaction."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.statute.transitions import Duty
from gongkai.web.applications import recording
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import vault
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.shell.look import Fact


@transaction.atomic
def unmask(*, by: Doer, matter: Matter, purpose: str) -> list[tuple[str, list[Fact]]]:
    """Everyone of the matter: applicants, agents, parties asked; by heading.

    Raises NotAllowed, vault.NoPurpose, vault.Erased, keys.Unreadable.
    """
    duties = (Duty.HANDLE, Duty.REVIEW, Duty.APPROVE)
    if not any(recording.may_do(by, matter, duty) for duty in duties):
        raise NotAllowed
    shown = []
    for one in matter.request.applicants.select_related(
        "name", "identity", "phone", "email", "address"
    ):
        heading = _("代理人") if one.is_agent else _("申请人")
        secrets = [one.name, one.identity, one.phone, one.email, one.address]
        facts = [Fact(_("单位名称"), one.organisation)] if one.organisation else []
        shown.append((heading, facts + _opened(by, matter, secrets, purpose)))
    for party in matter.parties.select_related("name", "contact"):
        facts = [Fact(_("单位名称"), party.organisation)] if party.organisation else []
        secrets = [party.name, party.contact]
        shown.append((party.key, facts + _opened(by, matter, secrets, purpose)))
    return shown


def _opened(by: Doer, matter: Matter, secrets: list, purpose: str) -> list[Fact]:  # type: ignore[type-arg]
    found = []
    for secret in secrets:
        if secret is None:
            continue
        if secret.erased_at is not None:
            found.append(Fact(vault.LABELS[secret.label], _("已删除")))
            continue
        value = vault.unmask(secret, act=by.act, organ=matter.organ, purpose=purpose)
        found.append(Fact(vault.LABELS[secret.label], value))
    return found
