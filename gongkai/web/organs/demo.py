"""演示区: 白鹭市松风区, built as people would build it: imported, split, merged, signed.

Deterministic except for the password and the day. The large data of benchmarks is `synthetic`.
"""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from gongkai.web.accounts import demo as listed
from gongkai.web.accounts import passwords
from gongkai.web.accounts.models import Account
from gongkai.web.organs import (
    actions,
    appointment_actions,
    capacity,
    demo_data,
    first,
    import_actions,
    import_found,
    particulars_actions,
    people_actions,
    preference_actions,
    succession_actions,
    workbook_out,
)
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Appointment, ImportRun, Level, Organ, Particulars
from gongkai.web.organs.synthetic import Filled, fill
from gongkai.web.shell.uploads import Upload

SET_UP = date(2023, 12, 18)  # when the district began to use the service
EARLIEST = date(2025, 8, 1)  # everything that happens in the demonstration has happened by then


def build(home: Path | None = None, *, today: date | None = None) -> list[dict[str, str]]:
    """Fills an empty database with the district; returns who can sign in, with the one password.

    The same list is written to demo_accounts.json in ``home``. Where there is any account already
    nothing is done, and the list is the one of that file.
    """
    file = (home or Path(settings.HOME)) / listed.FILE
    if Account.objects.exists() or Organ.objects.exists():
        return _listed(file)
    today = max(today or timezone.localdate(), EARLIEST)
    password = passwords.one_time()
    with transaction.atomic():
        _District(today).build()
        _let_in(password)
        accounts = _accounts(password)
        _keep(file, accounts)
    return accounts


def synthetic(*, organs: int, people: int, password: str = "", events: bool = True) -> Filled:
    """大批示例数据: see `synthetic.fill`."""
    return fill(organs=organs, people=people, password=password, events=events)


def _listed(file: Path) -> list[dict[str, str]]:
    try:
        found: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return []


def _keep(file: Path, accounts: list[dict[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(accounts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.chmod(0o600)
    part.replace(file)


def _let_in(password: str) -> None:
    """One password for everybody: whoever tries the service changes places all the time."""
    Account.objects.update(
        password=make_password(password),
        must_change_password=False,
        password_changed_at=timezone.now(),
    )


def _accounts(password: str) -> list[dict[str, str]]:
    city = (demo_data.CITY_ADMINISTRATOR, demo_data.CITY_SUPERVISOR)
    shown = (demo_data.ADMINISTRATOR, *city, *demo_data.PEOPLE)
    return [
        {"username": one.username, "password": password, "zh": one.zh, "en": one.en}
        for one in shown
        if one.zh
    ]


class _District:
    """The acts, in the order of their days."""

    def __init__(self, today: date) -> None:
        self.today = today

    def build(self) -> None:
        self._city()
        self._bring_in("松风区.xlsx", demo_data.district(), "city-admin", SET_UP)
        self._bring_in("松风区机关和人员.xlsx", demo_data.units(), "admin", SET_UP)
        self._split()
        self._move()
        self._merge()
        self._particulars()
        self._people()
        self._submitted("SF-ST", "six", self.today - timedelta(days=2))
        moved = {"address": "白鹭市松风区书声路 18 号 1 楼 102 室", "phone": "0000-00001022"}
        self._submitted("SF-JY", "handler", self.today - timedelta(days=1), **moved)
        self._bring_in(
            "新增机关（有误）.xlsx", demo_data.FAULTY, "admin", self.today - timedelta(days=1)
        )
        self._numbered()

    def _doer(self, username: str, day: date, *, hour: int = 10, organ: str = "") -> Doer:
        """Somebody at work on a day, in the post they hold; ``organ`` where they hold several."""
        account = Account.objects.get(username=username)
        at = timezone.make_aware(datetime.combine(day, time(hour, 5)))
        held = capacity.of_account(account, day)
        chosen = [one for one in held if not organ or one.organ.code == organ]
        return Doer(account, at, chosen[0] if chosen else None)

    def _numbered(self) -> None:
        """Letters of the bureau are numbered by its prefix."""
        preference_actions.set_value(
            by=self._doer("admin", self.today - timedelta(days=1), hour=18),
            organ=self._organ("SF-JY"),
            key="paper.number_prefix",
            value="松教",
            was=None,
        )

    def _organ(self, code: str) -> Organ:
        return Organ.objects.get(code=code)

    def _city(self) -> None:
        """The topmost organ and its first administrator, as by the command of that name."""
        code, name, short = demo_data.CITY
        one = demo_data.CITY_ADMINISTRATOR
        first.first_administrator(
            organ_code=code,
            organ_name=name,
            short_name=short,
            level=Level.CITY.value,
            username=one.username,
            name=one.name,
            phone="0000-00000000",
            email=f"{one.username}@example.invalid",
            since=date.fromisoformat(demo_data.FOUNDED),
            at=timezone.make_aware(datetime.combine(SET_UP, time(9))),
        )

    def _bring_in(self, name: str, rows: demo_data.Rows, who: str, day: date) -> ImportRun:
        """Through the importer, as from a file; faulty rows stay refused."""
        out = io.BytesIO()
        workbook_out.write(out, rows)
        data = out.getvalue()
        by = self._doer(who, day)
        upload = Upload(hashlib.sha256(data).hexdigest(), len(data), "xlsx", name)
        run = import_actions.start(by=by, file=ContentFile(data), upload=upload)
        import_actions.check(run=run, at=by.at)
        run.refresh_from_db()
        if run.state == ImportRun.State.CHECKED:
            import_actions.confirm(by=by, run=run, digest=run.summary["digest"])
            run.refresh_from_db()
            import_actions.apply(run=run, at=by.at)
            run.refresh_from_db()
        if run.state != ImportRun.State.APPLIED and rows is not demo_data.FAULTY:
            told = [f"{p.sheet} {p.row}: {p.words}" for p in import_found.problems(run, 0, 20)]
            raise RuntimeError(f"{name}: {run.state} {told}")
        return run

    def _split(self) -> None:
        """2024: 农林水务局 into 农业农村局, which takes the open work, and 水务局."""
        on = date(2024, 3, 1)
        by = self._doer("admin", on)
        made: list[Organ] = []
        for number, (code, name) in enumerate((("SF-NY", "农业农村局"), ("SF-SL", "水务局"))):
            made.append(
                actions.found_organ(
                    by=by,
                    code=code,
                    name=demo_data.PREFIX + name,
                    short_name=f"区{name}",
                    kind="department",
                    level="county",
                    parent=self._organ("SF"),
                    valid_from=on,
                    credit_code=demo_data.credit_code(90 + number),
                )
            )
        succession_actions.split_organ(
            by=by,
            organ=self._organ("SF-NLS"),
            successors=made,
            heir=made[0],
            on=on,
            basis="松政发〔2024〕3号",
        )
        for one in made:
            body = self._organ("SF")
            actions.set_reconsideration(by=by, organ=one, body=body, body_name="", on=on)
        company = self._organ("SF-GS")  # it went with the heir; water is the other's
        later = date(2024, 3, 4)
        actions.move_organ(
            by=self._doer("admin", later),
            organ=company,
            version=company.version,
            parent=self._organ("SF-SL"),
            on=later,
        )

    def _move(self) -> None:
        """2024: the data centre from the government's office to 发展和改革局."""
        on = date(2024, 9, 2)
        organ = self._organ("SF-XX")
        actions.move_organ(
            by=self._doer("admin", on),
            organ=organ,
            version=organ.version,
            parent=self._organ("SF-FGW"),
            on=on,
        )

    def _merge(self) -> None:
        """In the middle of 2025: 投资促进局 into 商务局."""
        on = date(2025, 7, 1)
        succession_actions.merge_organs(
            by=self._doer("admin", on),
            predecessors=[self._organ("SF-TC")],
            successor=self._organ("SF-SW"),
            on=on,
            basis="松政发〔2025〕12号",
        )

    def _particulars(self) -> None:
        """指南要素: in force for about half of the organs, one of them for long."""
        looked_after = ("sixteen", "seventeen", "eighteen")
        days_ago = {
            code: 420 if at == 0 else 200 - at for at, code in enumerate(demo_data.LOOKED_AFTER)
        }
        signers = dict.fromkeys(days_ago, looked_after) | {
            "SF-BGS": ("gui", "two-posts", "one"),
            "SF-JY": ("handler", "reviewer", "approver"),
            "SF-WJ": ("two", "deputy", "three"),
        }
        for number, (code, (drafter, reviewer, approver)) in enumerate(signers.items()):
            day = self.today - timedelta(days=days_ago.get(code, 60 - number))
            one = self._submitted(code, drafter, day)
            by = self._doer(reviewer, day, hour=11, organ=code)
            one = particulars_actions.review(
                by=by, particulars=one, version=one.version, comment="已核对地址和电话。"
            )
            by = self._doer(approver, day, hour=14, organ=code)
            particulars_actions.approve(by=by, particulars=one, version=one.version)

    def _submitted(self, code: str, drafter: str, day: date, **changed: str) -> Particulars:
        by = self._doer(drafter, day, hour=9, organ=code)
        values: dict[str, Any] = demo_data.particulars(code) | changed
        one = particulars_actions.draft(by=by, organ=self._organ(code), values=values)
        return particulars_actions.submit(by=by, particulars=one, version=one.version)

    def _people(self) -> None:
        """One delegation in force, one account suspended."""
        began = self.today - timedelta(days=3)
        post = Appointment.objects.get(account__username="approver", organ__code="SF-JY")
        appointment_actions.delegate(
            by=self._doer("approver", began),
            appointment=post,
            delegate=Account.objects.get(username="deputy"),
            valid_from=began,
            valid_to=self.today + timedelta(days=25),
            reason="外出学习",
        )
        idle = Account.objects.filter(username="ren")
        people_actions.suspend(by=self._doer("admin", began, hour=15), people=list(idle))
