"""演员表: a small invented district and its people, for every test of the service.

    临溪区人民政府 LX                 supervisor 戊监督, auditor 己审计, administrator 庚管理
      临溪区人民政府办公室 LX-BGS     卯经办, 辰审核, 巳批准
      临溪区教育局 LX-JY              handler 甲经办, reviewer 乙审核, approver 丙批准
      临溪区城市管理局 LX-CG          寅起草: handler; 辛两岗: handler here, reviewer at LX-JY
        溪口执法站 LX-CG-01           壬站员: handler
      临溪区防汛办公室 LX-FB          closed in 2024
    望山区人民政府 WS                 外管理: administrator; nobody of LX sees this tree
      望山区教育局 WS-JY              外经办, 外审核, 外批准
      望山区防汛办公室 WS-FB          closed in 2024

丁代理 holds no role and acts for 丙批准; 陈示例 holds none at all; 运维 is the superuser. 癸双重,
子初设 and 丑新来 of LX-CG are for `stages`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.organs import capacity, tree
from gongkai.web.organs.models import (
    Appointment,
    Delegation,
    Level,
    Organ,
    OrganKind,
    OrganName,
    Placement,
)
from gongkai.web.shell.access import Role

PASSWORD = "Lin-Xi-2026-示例"
SINCE = date(2020, 1, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"

ORGANS = (
    # code, name, short name, kind, parent
    ("LX", "临溪区人民政府", "临溪区政府", OrganKind.GOVERNMENT, None),
    ("LX-BGS", "临溪区人民政府办公室", "区政府办", OrganKind.OFFICE, "LX"),
    ("LX-JY", "临溪区教育局", "区教育局", OrganKind.DEPARTMENT, "LX"),
    ("LX-CG", "临溪区城市管理局", "区城管局", OrganKind.DEPARTMENT, "LX"),
    ("LX-CG-01", "临溪区城市管理局溪口执法站", "溪口执法站", OrganKind.DISPATCHED, "LX-CG"),
    ("LX-FB", "临溪区防汛办公室", "区防汛办", OrganKind.DEPARTMENT, "LX"),
    ("WS", "望山区人民政府", "望山区政府", OrganKind.GOVERNMENT, None),
    ("WS-JY", "望山区教育局", "望山教育局", OrganKind.DEPARTMENT, "WS"),
    ("WS-FB", "望山区防汛办公室", "望山防汛办", OrganKind.DEPARTMENT, "WS"),
)
CLOSED = {"LX-FB": date(2024, 1, 1), "WS-FB": date(2024, 1, 1)}
PEOPLE: tuple[tuple[str, str, list[tuple[str, Role]]], ...] = (
    # username, name, [(organ, role)]
    ("handler", "甲经办", [("LX-JY", Role.HANDLER)]),
    ("reviewer", "乙审核", [("LX-JY", Role.REVIEWER)]),
    ("approver", "丙批准", [("LX-JY", Role.APPROVER)]),
    ("delegate", "丁代理", []),
    ("supervisor", "戊监督", [("LX", Role.SUPERVISOR)]),
    ("auditor", "己审计", [("LX", Role.AUDITOR)]),
    ("administrator", "庚管理", [("LX", Role.ADMINISTRATOR)]),
    ("two_posts", "辛两岗", [("LX-JY", Role.REVIEWER), ("LX-CG", Role.HANDLER)]),
    ("stationed", "壬站员", [("LX-CG-01", Role.HANDLER)]),
    ("no_role", "陈示例", []),
    ("with_code", "癸双重", [("LX-CG", Role.REVIEWER)]),
    ("setting_up", "子初设", [("LX-CG", Role.APPROVER)]),
    ("newcomer", "丑新来", [("LX-CG", Role.HANDLER)]),
    ("drafter", "寅起草", [("LX-CG", Role.HANDLER)]),
    ("office_handler", "卯经办", [("LX-BGS", Role.HANDLER)]),
    ("office_reviewer", "辰审核", [("LX-BGS", Role.REVIEWER)]),
    ("office_approver", "巳批准", [("LX-BGS", Role.APPROVER)]),
    ("outside_administrator", "外管理", [("WS", Role.ADMINISTRATOR)]),
    ("outside_handler", "外经办", [("WS-JY", Role.HANDLER)]),
    ("outside_reviewer", "外审核", [("WS-JY", Role.REVIEWER)]),
    ("outside_approver", "外批准", [("WS-JY", Role.APPROVER)]),
)
# Who opens every route in the matrix; None is a visitor who has not signed in.
VISITORS: tuple[str | None, ...] = (
    None,
    "no_role",
    *(role.value for role in Role),
    "delegate",
    "operator",
)


@dataclass(frozen=True, slots=True)
class Cast:
    """演员: organs by code, accounts by the name they sign in with."""

    organs: dict[str, Organ]
    accounts: dict[str, Account]
    appointments: dict[tuple[str, str], Appointment]  # by account and organ
    delegation: Delegation

    def role_of(self, who: str | None) -> Role | None:
        """The role somebody acts in when signed in with nothing chosen."""
        if who is None:
            return None
        held = capacity.of_account(self.accounts[who], timezone.localdate())
        return held[0].role if held else None

    def client(self, who: str | None, *, acting_at: str = "", strict: bool = False) -> Client:
        """A browser signed in as somebody, where wished acting for the organ of a code; ``strict``
        asks for the forms' tokens, as a real browser is asked."""
        made = Client(enforce_csrf_checks=strict)
        if who is None:
            return made
        made.force_login(self.accounts[who], backend=BACKEND)
        if acting_at:
            session = made.session
            session[capacity.KEY] = f"a{self.appointments[who, acting_at].pk}"
            session.save()
        return made


def build() -> Cast:
    """The whole cast, in an empty database."""
    organs: dict[str, Organ] = {}
    for code, name, short, kind, above in ORGANS:
        organs[code] = _organ(code, name, short, kind, organs[above] if above else None)
    accounts = {
        username: _account(username, name, index)
        for index, (username, name, _) in enumerate(PEOPLE, 1)
    }
    accounts["operator"] = Account.objects.create_superuser("operator", PASSWORD, name="运维")
    appointments = {
        (username, code): Appointment.objects.create(
            account=accounts[username], organ=organs[code], role=role.value, valid_from=SINCE
        )
        for username, _, roles in PEOPLE
        for code, role in roles
    }
    delegation = delegated(appointments["approver", "LX-JY"], accounts["delegate"])
    return Cast(organs, accounts, appointments, delegation)


def delegated(appointment: Appointment, delegate: Account) -> Delegation:
    """Somebody else acts in an appointment, since a week and for a month to come."""
    today = timezone.localdate()
    return Delegation.objects.create(
        appointment=appointment,
        delegate=delegate,
        reason="外出学习",
        valid_from=today - timedelta(days=7),
        valid_to=today + timedelta(days=30),
        given_by=appointment.account,
        given_at=timezone.now() - timedelta(days=7),
    )


def _organ(code: str, name: str, short: str, kind: OrganKind, parent: Organ | None) -> Organ:
    path = tree.next_path(parent)
    until = CLOSED.get(code)
    organ = Organ.objects.create(
        code=code,
        name=name,
        short_name=short,
        kind=kind,
        level=Level.COUNTY,
        parent=parent,
        path=path,
        position=int(path[-tree.STEP :]),
        known_as=f"{name} {short} {code}",
        valid_from=SINCE,
        valid_to=until,
    )
    OrganName.objects.create(
        organ=organ, name=name, short_name=short, valid_from=SINCE, valid_to=until
    )
    Placement.objects.create(organ=organ, parent=parent, valid_from=SINCE, valid_to=until)
    return organ


def _account(username: str, name: str, index: int) -> Account:
    return Account.objects.create_user(
        username,
        PASSWORD,
        name=name,
        phone=f"0000-0000{index:04d}",
        email=f"{username.replace('_', '.')}@example.invalid",
    )
