"""导入的写入: carries out a plan as it stands, in the caller's transaction, many rows at a time.

What it leaves is what the acts for one organ or person leave (`actions`, `people_actions`,
`appointment_actions`): rows, periods that follow one another, and an event for each change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import F

from gongkai.web.accounts import many
from gongkai.web.ledger import events
from gongkai.web.organs import tree
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.import_known import KnownOrgan, chunks
from gongkai.web.organs.import_plan import OrganTarget, PersonTarget, Plan
from gongkai.web.organs.models import (
    Appointment,
    Delegation,
    Organ,
    OrganName,
    Particulars,
    Placement,
    Reconsideration,
)
from gongkai.web.shell import masking

BATCH = 2000
Progress = Callable[[str, int], None]


def write(plan: Plan, *, by: Doer, file: str, progress: Progress) -> None:
    """Writes everything, and an event of each change; raises IntegrityError where another was
    first with a code or a login name."""
    writer = _Writer(plan, by, progress)
    writer.organs()
    writer.names()
    writer.placements()
    writer.reconsiderations()
    writer.people()
    writer.posts()
    writer.ends()
    writer.told(file)


class _Writer:
    """What one import writes, table by table."""

    def __init__(self, plan: Plan, by: Doer, progress: Progress) -> None:
        self.plan = plan
        self.by = by
        self.progress = progress
        self._events: list[events.What] = []
        self._told = 0
        self.keys: dict[str, int] = {o.code: o.pk for o in plan.known.organs.values()}
        self.accounts: dict[str, tuple[int, str]] = {
            p.username: (p.pk, p.name) for p in plan.known.people.values()
        }

    def _event(
        self,
        kind: str,
        organ: int | None,
        subject: str,
        *,
        old: dict[str, Any] | None = None,
        new: dict[str, Any] | None = None,
    ) -> None:
        self._events.append(events.What(kind, organ, subject, old or {}, new or {}))
        if len(self._events) >= BATCH:
            self._tell()

    def _tell(self) -> None:
        events.record_many(self.by.act, self._events)
        self._told += len(self._events)
        self._events = []
        self.progress("events", self._told)

    # -- organs

    def organs(self) -> None:
        """New ones from the top down, since each needs its superior's key; then the changed."""
        targets = self.plan.organs.values()
        levels: dict[int, list[OrganTarget]] = defaultdict(list)
        for target in targets:
            if target.is_new:
                levels[tree.depth(self._path(target.code))].append(target)
        changed = [t for t in targets if t.known is not None and t.fields]
        self._clear_codes(changed)
        self._move_paths()
        done = 0
        for depth in sorted(levels):
            for part in _portions(levels[depth]):
                made = Organ.objects.bulk_create([self._organ(t) for t in part], batch_size=BATCH)
                for organ in made:
                    self.keys[organ.code] = organ.pk
                done += len(made)
                self.progress("organs", done)
        for target in changed:
            self._change(target)
        for target in targets:
            self._told_of_organ(target)

    def _path(self, code: str) -> str:
        path = self.plan.path(code)
        if path is None:
            raise RuntimeError(f"no place for {code}: the plan has problems")
        return path

    def _organ(self, target: OrganTarget) -> Organ:
        path = self._path(target.code)
        return Organ(
            code=target.code,
            name=target.name,
            short_name=target.short_name,
            kind=target.kind,
            level=target.level,
            credit_code=target.credit_code,
            division_code=target.division_code,
            parent_id=self.keys[target.parent],
            position=int(path[-tree.STEP :]),
            path=path,
            valid_from=_sure(target.valid_from),
            valid_to=target.valid_to,
            known_as=self._known_as(target),
        )

    def _known_as(self, one: OrganTarget | KnownOrgan) -> str:
        said = [one.code, one.name, one.short_name, one.credit_code, one.division_code]
        names = self.plan.names.get(one.code)
        if names is not None:
            for named in names:
                said += [named.name, named.short_name]
        else:
            for span in self.plan.known.names.get(one.code, ()):
                said += span.values
        return "\n".join(dict.fromkeys(s for s in said if s))

    def _clear_codes(self, changed: list[OrganTarget]) -> None:
        """Two organs may exchange their credit codes: both let go first."""
        keys = [t.known.pk for t in changed if t.known and t.known.credit_code != t.credit_code]
        for part in chunks(keys):
            Organ.objects.filter(pk__in=part).update(credit_code="")

    def _move_paths(self) -> None:
        moved = [
            Organ(pk=self.keys[c], path=p, position=int(p[-tree.STEP :]))
            for c, p in self.plan.paths.items()
            if c in self.keys
        ]
        for part in chunks(moved):
            Organ.objects.bulk_update(part, ["path", "position"], batch_size=200)
        for keys in chunks([m.pk for m in moved]):
            Organ.objects.filter(pk__in=keys).update(version=F("version") + 1)

    def _change(self, target: OrganTarget) -> None:
        known = target.known
        if known is None:
            return
        Organ.objects.filter(pk=known.pk).update(
            name=target.name,
            short_name=target.short_name,
            kind=target.kind,
            level=target.level,
            credit_code=target.credit_code,
            division_code=target.division_code,
            parent_id=self.keys.get(target.parent) if target.is_moved else F("parent_id"),
            valid_from=target.valid_from,
            valid_to=target.valid_to,
            known_as=self._known_as(target),
            version=F("version") + 1,
        )

    def _told_of_organ(self, target: OrganTarget) -> None:
        key, subject = self.keys[target.code], f"organ/{target.code}"
        known = target.known
        if known is None:
            new = {"name": target.name, "code": target.code}
            self._event("organ.founded", key, subject, new=new)
            return
        if target.is_renamed:
            on = self.plan.names[target.code][-1].valid_from
            old = {"name_before": known.name}
            new = {"name": target.name, "on": on.isoformat()}
            self._event("organ.renamed", key, subject, old=old, new=new)
        if target.is_moved:
            above, before = self.plan.life(target.parent), self.plan.life(known.parent)
            moved = {"parent": above.name if above else "", "on": _iso(target.placed_from)}
            old = {"parent_before": before.name if before else ""}
            self._event("organ.moved", key, subject, old=old, new=moved)
        if target.ends:
            new = {"on": _iso(target.valid_to), "basis": ""}
            self._event("organ.closed", key, subject, new=new)
        columns = ("kind", "level", "credit_code", "division_code", "short_name", "valid_from")
        pairs = {c: (getattr(known, c), getattr(target, c)) for c in columns}
        differing = {c: pair for c, pair in pairs.items() if pair[0] != pair[1]}
        if differing:
            old = {c: _said(a) for c, (a, _b) in differing.items()}
            self._event(
                "organ.changed",
                key,
                subject,
                old=old,
                new={c: _said(b) for c, (_a, b) in differing.items()},
            )

    # -- periods of organs

    def names(self) -> None:
        """Each organ's names in their order; a stored row is kept where one begins on its day."""
        fresh: list[OrganName] = []
        only_names: set[str] = set()
        for code, wanted in self.plan.names.items():
            organ_id = self.keys[code]
            stored = {s.valid_from: s for s in self.plan.known.names.get(code, ())}
            rows = [
                OrganName(
                    organ_id=organ_id,
                    name=n.name,
                    short_name=n.short_name,
                    valid_from=n.valid_from,
                    valid_to=n.valid_to,
                )
                for n in wanted
            ]
            if not stored:
                fresh += rows
                continue
            unmatched = [r for r in rows if r.valid_from not in stored]
            gone = [s for d, s in stored.items() if d not in {r.valid_from for r in rows}]
            for row in rows:
                span = stored.get(row.valid_from)
                if span is None and gone:
                    span = gone.pop(0)
                    unmatched.remove(row)
                if span is not None:
                    row.pk = span.pk
                    said = row.valid_from, row.valid_to, (row.name, row.short_name)
                    if said != (span.valid_from, span.valid_to, span.values):
                        row.save(force_update=True)
            fresh += unmatched
            if unmatched and code not in self.plan.organs:
                only_names.add(code)
        for part in _portions(fresh):
            OrganName.objects.bulk_create(part, batch_size=BATCH)
        self._find_by_names(only_names)
        self.progress("names", len(fresh))

    def _find_by_names(self, codes: Iterable[str]) -> None:
        """Organs whose names alone were completed are found by these too."""
        for code in codes:
            known = self.plan.known.organs[code]
            Organ.objects.filter(pk=known.pk).update(
                known_as=self._known_as(known), version=F("version") + 1
            )
            old, new = {"names": ""}, {"names": "、".join(n.name for n in self.plan.names[code])}
            self._event("organ.changed", known.pk, f"organ/{code}", old=old, new=new)

    def placements(self) -> None:
        """The superior of each organ from its day on."""
        fresh = []
        for target in self.plan.organs.values():
            known = target.known
            row = Placement(
                organ_id=self.keys[target.code],
                parent_id=self.keys.get(target.parent),
                valid_from=_sure(target.placed_from),
                valid_to=target.valid_to,
            )
            if known is None:
                fresh.append(row)
                continue
            stored = Placement.objects.filter(pk=known.placement)
            if target.is_moved:
                stored.update(valid_to=target.placed_from)
                fresh.append(row)
            elif target.ends or target.placed_from != known.placed_from:
                stored.update(valid_from=target.placed_from, valid_to=target.valid_to)
        for part in _portions(fresh):
            Placement.objects.bulk_create(part, batch_size=BATCH)
        self.progress("placements", len(fresh))

    def reconsiderations(self) -> None:
        """Who hears reconsideration, by period."""
        fresh = []
        outside = self.plan.known.outside
        for target in self.plan.reconsiderations:
            code = target.row.code
            body = self.keys.get(target.body) or outside.get(target.body, (None, ""))[0]
            row = Reconsideration(
                pk=target.span.pk if target.span else None,
                organ_id=self.keys[code],
                body_id=body,
                body_name=target.body_name,
                valid_from=_sure(target.row.valid_from),
                valid_to=target.valid_to,
            )
            if target.span is None:
                fresh.append(row)
            else:
                row.save(force_update=True)
            new = {"body": target.body_name, "on": _iso(target.row.valid_from)}
            old = {"body_before": target.span.values[1]} if target.span else {}
            self._event("organ.reconsideration", row.organ_id, f"organ/{code}", old=old, new=new)
        for part in _portions(fresh):
            Reconsideration.objects.bulk_create(part, batch_size=BATCH)
        self.progress("reconsiderations", len(fresh))

    # -- people

    def people(self) -> None:
        """New accounts without a password as yet; changed ones."""
        targets = self.plan.people.values()
        done = 0
        for part in _portions([t for t in targets if t.known is None]):
            for account in many.make([_made(t) for t in part], at=self.by.at):
                self.accounts[account.username] = account.pk, account.name
            done += len(part)
            self.progress("people", done)
        changed = [(t.known.pk, _made(t)) for t in targets if t.known is not None]
        many.change(changed)
        organs: dict[str, str] = {}
        for row in self.plan.tables.appointments.rows:
            organs.setdefault(row.username, row.code)
        for (username, code, _role), spans in self.plan.known.posts.items():
            if spans:
                organs.setdefault(username, code)
        for username, target in self.plan.people.items():
            self._told_of_person(username, target, self.keys.get(organs.get(username, "")))

    def _told_of_person(self, username: str, target: PersonTarget, organ: int | None) -> None:
        subject = f"person/{self.accounts[username][0]}"
        known = target.known
        contacts = {"phone": target.phone, "email": target.email}
        if known is None:
            new = {"name": target.name, "username": username}
            new |= masking.values({k: v for k, v in contacts.items() if v})
            self._event("person.added", organ, subject, new=new)
            return
        if known.active != target.active:
            kind = "person.restored" if target.active else "person.suspended"
            self._event(kind, organ, subject, new={"name": target.name})
        before = {"phone": known.phone, "email": known.email}
        differing = [c for c in contacts if contacts[c] != before[c]]
        if differing or known.name != target.name:
            old = masking.values({c: before[c] for c in differing})
            if known.name != target.name:
                old["name_before"] = known.name
            new = masking.values({c: contacts[c] for c in differing}) | {"name": target.name}
            self._event("person.changed", organ, subject, old=old, new=new)

    def posts(self) -> None:
        """Roles given and ended; delegations end with what they were given of."""
        fresh = []
        for target in self.plan.posts:
            row = target.row
            account, name = self.accounts[row.username]
            organ = self.keys[row.code]
            about = {"name": name, "role": row.role}
            if target.span is None:
                fresh.append(
                    Appointment(
                        account_id=account,
                        organ_id=organ,
                        role=row.role,
                        valid_from=_sure(row.valid_from),
                        valid_to=row.valid_to,
                    )
                )
                said = about | _period(row.valid_from, row.valid_to)
                self._event("role.given", organ, f"person/{account}", new=said)
                continue
            Appointment.objects.filter(pk=target.span.pk).update(valid_to=row.valid_to)
            if row.valid_to is not None:
                _cut([target.span.pk], row.valid_to)
            old = _period(target.span.valid_from, target.span.valid_to)
            said = about | {"on": _iso(row.valid_to)}
            self._event("role.ended", organ, f"person/{account}", old=old, new=said)
        done = 0
        for part in _portions(fresh):
            done += len(Appointment.objects.bulk_create(part, batch_size=BATCH))
            self.progress("appointments", done)

    def ends(self) -> None:
        """What ends with an organ: posts, delegations, reconsideration, open drafts."""
        for target in self.plan.organs.values():
            if not target.ends or target.valid_to is None:
                continue
            key, on = self.keys[target.code], target.valid_to
            held = Appointment.objects.filter(organ_id=key, valid_to__isnull=True)
            Delegation.objects.filter(
                appointment__in=held, valid_from__lt=on, valid_to__gt=on
            ).update(valid_to=on)
            held.filter(valid_from__gte=on).delete()
            held.update(valid_to=on)
            Reconsideration.objects.filter(
                organ_id=key, valid_to__isnull=True, valid_from__lt=on
            ).update(valid_to=on)
            Particulars.objects.filter(
                organ_id=key, state__in=["draft", "submitted", "reviewed", "returned"]
            ).update(state=Particulars.State.WITHDRAWN, version=F("version") + 1)

    def told(self, file: str) -> None:
        """One event of the whole, after those of each change."""
        summary = self.plan.summary()
        touched = {
            sheet: sum(n for action, n in counts.items() if action != "same")
            for sheet, counts in summary.items()
        }
        self._event(
            "import.applied",
            self.plan.known.top.pk,
            f"organ/{self.plan.known.top.code}",
            new={
                "file": file,
                "organs": touched.get("organs", 0),
                "people": touched.get("people", 0),
            },
        )
        self._tell()


def _made(target: PersonTarget) -> many.Made:
    return many.Made(target.row.username, target.name, target.phone, target.email, target.active)


def _cut(appointments: list[int], on: date) -> None:
    given = Delegation.objects.filter(appointment__in=appointments)
    given.filter(valid_from__lt=on, valid_to__gt=on).update(valid_to=on)
    given.filter(valid_from__gte=on).delete()


def _portions(rows: list[Any]) -> Iterable[list[Any]]:
    for at in range(0, len(rows), BATCH):
        yield rows[at : at + BATCH]


def _sure(day: date | None) -> date:
    """A day that every row without problems has."""
    if day is None:
        raise RuntimeError("a row without its day: the plan has problems")
    return day


def _said(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _period(since: date | None, until: date | None) -> dict[str, str]:
    said = {"from": _iso(since)}
    if until is not None:
        said["to"] = _iso(date.fromordinal(until.toordinal() - 1))  # the last day, as pages say it
    return said
