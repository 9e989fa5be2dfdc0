"""首名系统管理员: the beginning of an installation: a root organ and who administers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts import actions as accounts
from gongkai.web.accounts import passwords
from gongkai.web.ledger import events
from gongkai.web.organs import actions, queries
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Appointment, Level, Organ, OrganKind
from gongkai.web.organs.people_actions import Issued
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal


class NotFirst(Refusal):
    """已有系统管理员: people are added in the pages, by whoever administers."""


@dataclass(frozen=True, slots=True)
class _Founder(Doer):
    """创办人: may found the first organ, as nobody administers anything yet."""

    def may_administer(self, organ: Organ | None) -> None:
        return


@transaction.atomic
def first_administrator(
    *,
    organ_code: str,
    organ_name: str,
    short_name: str = "",
    kind: str = OrganKind.GOVERNMENT.value,
    level: str = Level.COUNTY.value,
    username: str,
    name: str,
    phone: str = "",
    email: str = "",
    since: date | None = None,
    at: datetime,
) -> Issued:
    """Founds the root organ and an account that administers it, with a one-time password.

    Raises NotFirst where somebody administers already, and what `found_organ` and `make_account`
    raise. Nothing stands where anything is refused.
    """
    today = timezone.localdate(at)
    held = Appointment.objects.filter(
        queries.valid_on(today), role=Role.ADMINISTRATOR.value, account__is_active=True
    )
    first = held.select_related("account", "organ").order_by("organ__path", "pk").first()
    if first is not None:
        raise NotFirst(
            _("已有系统管理员：%(name)s（%(organ)s）。请由其在页面上新建人员。")
            % {"name": first.account.name, "organ": first.organ.name}
        )
    began = since or today
    password = passwords.one_time()
    account = accounts.make_account(
        username=username, name=name, password=password, phone=phone, email=email, by=None, at=at
    )
    organ = actions.found_organ(
        by=_Founder(account, at),
        code=organ_code,
        name=organ_name,
        short_name=short_name,
        kind=kind,
        level=level,
        parent=None,
        valid_from=began,
    )
    role = Role.ADMINISTRATOR.value
    Appointment.objects.create(account=account, organ=organ, role=role, valid_from=began)
    subject = f"person/{account.pk}"
    for event, new in (
        ("person.added", {"name": name, "username": username}),
        ("role.given", {"name": name, "role": role, "from": began.isoformat()}),
    ):
        events.record(event, organ=organ, by=None, at=at, subject=subject, new=new)
    return Issued(account, password)
