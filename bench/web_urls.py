"""The service's routes, and beside each page measured a bare view that fetches the same rows."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.web.accounts.models import Account, Session
from gongkai.web.applications.models import Applicant, Matter, Request
from gongkai.web.desk import packing
from gongkai.web.desk.models import Finding, Report
from gongkai.web.ledger.models import Attachment, Deadline, Event
from gongkai.web.organs.models import Appointment, Delegation, Organ
from gongkai.web.remedies.models import Remedy
from gongkai.web.urls import urlpatterns as pages

PAGE = 50
ROWS = engines["django"].from_string(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>"
)


def _print(rows: list[list[object]]) -> HttpResponse:
    return HttpResponse(ROWS.render({"rows": rows}))


def organs(request: HttpRequest) -> HttpResponse:
    """The rows of the list of organs, first or last page."""
    order = "-path" if "last" in request.GET else "path"
    found = Organ.objects.select_related("parent").order_by(order)[: PAGE + 1]
    return _print(
        [
            [o.name, o.code, o.kind, o.level, o.parent.name if o.parent else "", o.credit_code]
            for o in found
        ]
    )


def organ(request: HttpRequest, code: str) -> HttpResponse:
    """The rows of one organ's page."""
    one = Organ.objects.select_related("parent").get(code=code)
    rows: list[list[object]] = [[one.name, one.code, one.kind, one.level, one.credit_code]]
    rows += [[n.name, n.valid_from] for n in one.names.all()]
    rows += [[str(p.parent), p.valid_from] for p in one.placements.select_related("parent")]
    rows += [[r.body_name, r.valid_from] for r in one.reconsiderations.all()]
    rows += [[s.successor.name] for s in one.successions.select_related("successor")]
    rows += [[s.predecessor.name] for s in one.inheritances.select_related("predecessor")]
    rows += [[c.name, c.code] for c in one.children.order_by("path")[:200]]
    events = Event.objects.filter(subject=f"organ/{code}").select_related("by")
    rows += [[e.at, e.kind, str(e.by)] for e in events.order_by("-at", "-id")[:30]]
    return _print(rows)


def people(request: HttpRequest) -> HttpResponse:
    """The rows of the list of people, first or last page."""
    turn = "-" if "last" in request.GET else ""
    found = Appointment.objects.select_related("account", "organ").order_by(
        f"{turn}organ__path", f"{turn}pk"
    )[: PAGE + 1]
    return _print(
        [[a.account.name, a.account.username, a.organ.name, a.role, a.account.phone] for a in found]
    )


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of one person's page."""
    one = Account.objects.get(pk=pk)
    held = list(Appointment.objects.filter(account_id=pk).select_related("account", "organ"))
    rows: list[list[object]] = [[a.account.name, a.organ.name, a.role] for a in held]
    given = Delegation.objects.filter(appointment__account_id=pk).select_related("delegate")
    rows += [[d.delegate.name, d.valid_from] for d in given]
    got = Delegation.objects.filter(delegate_id=pk).select_related("appointment__account")
    rows += [[d.appointment.account.name, d.valid_from] for d in got]
    failed = AccessAttempt.objects.filter(username=one.username).values("ip_address")
    rows += [[f["ip_address"]] for f in failed]
    rows += [[d.name] for d in TOTPDevice.objects.filter(user_id=pk, confirmed=True)]
    rows += [[s.address, s.seen_at] for s in Session.objects.filter(account_id=pk)]
    events = Event.objects.filter(subject=f"person/{pk}").select_related("by")
    rows += [[e.at, e.kind, str(e.by)] for e in events.order_by("-at", "-id")[:30]]
    return _print(rows)


def reports(request: HttpRequest) -> HttpResponse:
    """The rows of the report desk, as the address asks."""
    turn = "" if "last" in request.GET else "-"
    found = Report.objects.filter(set_aside_at__isnull=True)
    if year := request.GET.get("year"):
        found = found.filter(year=int(year))
    if rule := request.GET.get("rule"):
        told = Finding.objects.filter(rule=rule, outcome="broken", report=OuterRef("pk"))
        found = found.filter(Exists(told))
    found = found.select_related("organ").order_by(f"{turn}changed_at", f"{turn}pk")[: PAGE + 1]
    return _print(
        [
            [r.organ.name if r.organ else r.said, r.year, r.edition, r.errors, r.warnings]
            + [r.cannot_tell, r.doubtful, r.absent, r.changed_at]
            for r in found
        ]
    )


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of one report's page, what was read among them."""
    one = Report.objects.select_related("organ").get(pk=pk)
    version = one.versions.select_related("paper__attachment__file", "by").order_by("-number")[0]
    read = packing.unpacked(bytes(version.value))
    rows: list[list[object]] = [[str(one.organ), one.year, version.paper.name, version.by.name]]
    rows += [[m.address, m.kind] for m in version.marks.all()]
    rows += [[a, c.state, c.value, c.raw] for a, c in read.cells.items()]
    rows += [[p.title, p.text] for several in read.sections.values() for p in several]
    rows += [[f.rule, f.level, f.said["message"]["zh"]] for f in one.findings.all()]
    return _print(rows)


def report_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of a report's history."""
    one = Report.objects.select_related("organ").get(pk=pk)
    found = Event.objects.filter(subject=f"report/{pk}").select_related("by")
    events = found.order_by("-at", "-id")[:200]
    return _print([[str(one.organ), one.year], *([e.at, e.kind, str(e.by)] for e in events)])


def events(request: HttpRequest) -> HttpResponse:
    """The rows of the list of events, first or last page."""
    turn = "" if "last" in request.GET else "-"
    found = Event.objects.select_related("by", "organ").order_by(f"{turn}at", f"{turn}id")
    return _print(
        [
            [e.at, e.kind, str(e.organ), str(e.by), e.acting_as, e.request_id]
            for e in found[: PAGE + 1]
        ]
    )


def matters(request: HttpRequest) -> HttpResponse:
    """The rows of the lists of applications, as the address asks; words are not searched for."""
    asked = request.GET
    turn, found = "-" if "last" in asked else "", Matter.objects.all()
    if "organ" in asked:
        found = found.filter(organ=int(asked["organ"]))
    if "open" in asked:
        found = found.filter(is_open=True).order_by(f"{turn}due_on", f"{turn}pk")
    else:
        turn = "" if turn else "-"
        found = found.order_by(f"{turn}at", f"{turn}pk")
    if "week" in asked:
        monday = date.fromisoformat(asked["week"])
        monday -= timedelta(days=monday.weekday())
        found = found.filter(due_on__gte=monday, due_on__lte=monday + timedelta(days=6))
    if "ground" in asked:
        found = found.filter(ground=asked["ground"])
    people = Applicant.objects.select_related("name")
    rows = found.select_related("request", "organ", "handler", "deadline").prefetch_related(
        Prefetch("request__applicants", people, to_attr="people")
    )
    return _print([_matter(one) for one in rows[: PAGE + 1]])


def _matter(one: Matter) -> list[object]:
    asker = one.request.people[0]  # type: ignore[attr-defined]
    sealed = bytes(asker.name.sealed).hex() if asker.name else ""
    called = asker.organisation or sealed
    told = [one.request.number, one.title, one.organ.name, called, one.state, one.due_on]
    return [*told, one.received_on, one.handler and one.handler.name, one.ground, one.at]


def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of one application's page; its events are not replayed, nothing is compared."""
    related = ("request", "organ", "handler", "deadline")
    one = Matter.objects.select_related(*related).get(pk=pk)
    secrets = ("name", "identity", "phone", "email", "address")
    people = list(one.request.applicants.select_related(*secrets))
    rows: list[list[object]] = [[one.title, one.text, one.organ.name, one.state, one.due_on]]
    rows += [[a.organisation, a.kind, a.name and a.name.mark] for a in people]
    told = Event.objects.filter(subject__in=(f"matter/{pk}", f"request/{one.request_id}"))
    rows += [[e.at, e.kind, e.new, str(e.by)] for e in told.select_related("by").order_by("at")]
    rows += [[p.title] for p in one.request.matters.all()]
    rows += [[p.key] for p in one.parties.select_related("name", "contact")]
    files = Attachment.objects.filter(subject__in=(f"matter/{pk}", f"request/{one.request_id}"))
    rows += [[f.name, f.file.size] for f in files.select_related("file", "by")]
    rows += [[t.kind, t.number] for t in one.letters.all()]
    rows += [[t.other.title] for t in one.links.select_related("other")]
    rows += [[r.kind, r.state] for r in Remedy.objects.filter(matter=one)]
    others = Matter.objects.filter(organ=one.organ_id).order_by("-at", "-pk")
    alike = others.values_list("pk", "text")[:300]  # what its wording is compared with
    rows.append([len(list(alike))])
    rows += [[o.title, o.request.number] for o in _others(people)]
    return _print(rows)


def _others(people: list[Applicant]) -> list[Matter]:
    """Earlier ones of the same people."""
    found: list[Matter] = []
    for one in people:
        if one.organisation:
            same = Matter.objects.filter(request__applicants__organisation=one.organisation)
        elif one.name:
            same = Matter.objects.filter(request__applicants__name__mark=one.name.mark)
        else:
            continue
        found += same.select_related("request").order_by("-at")[:300]
    return found


def new_matter(request: HttpRequest) -> HttpResponse:
    """A form without anything around it; sent, the rows that registering writes, unchecked."""
    if request.method != "POST":
        names = [f"a{n}_{name}" for n in range(6) for name in ("name", "phone", "address")]
        return _print([[name, ""] for name in names])
    now, on = timezone.now(), date.fromisoformat(request.POST["arrived_on"])
    with transaction.atomic():
        organ = Organ.objects.get(appointments__account=request.user.pk)
        asked = Request.objects.create(
            organ=organ, year=1900, number=uuid4().int >> 98, channel=request.POST["channel"],
            arrived_on=on, code=uuid4().hex[:20], by_id=request.user.pk, at=now,
        )  # fmt: skip
        called = request.POST.get("a0_organisation", "")
        Applicant.objects.create(request=asked, position=1, kind="business", organisation=called)
        one = Matter.objects.create(
            request=asked, organ=organ, title=request.POST["m0_text"][:60],
            text=request.POST["m0_text"], state="received", kind="business", at=now,
        )  # fmt: skip
        for kind in ("request.registered", "application.receive"):
            _tell(organ, kind, f"matter/{one.pk}", request)
        one.deadline = Deadline.objects.create(
            organ=organ, subject=f"matter/{one.pk}", kind="bare", due_on=on, opened_at=now
        )
        one.save()
    return HttpResponseRedirect(f"/bare/matters/{one.pk}/")


def do(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that an act writes, unchecked."""
    with transaction.atomic():
        one = Matter.objects.select_for_update().get(pk=pk)
        _tell(one.organ, "application.accept", f"matter/{pk}", request)
        Deadline.objects.filter(pk=one.deadline_id or 0).update(provisional=False)
        one.state, one.version = "handling", one.version + 1
        one.save()
    return HttpResponseRedirect(f"/bare/matters/{pk}/")


def _tell(organ: Organ, kind: str, subject: str, request: HttpRequest) -> None:
    """An event in no chain that is proven."""
    Event.objects.create(
        organ=organ, at=timezone.now(), by_id=request.user.pk, kind=kind, subject=subject,
        new={"on": request.POST.get("on", "")}, chain=2**40, position=uuid4().int >> 66,
    )  # fmt: skip


urlpatterns: list[URLPattern | URLResolver] = [
    path("bare/organs/", organs),
    path("bare/organs/<str:code>/", organ),
    path("bare/events/", events),
    path("bare/matters/", matters),
    path("bare/matters/new/", new_matter),
    path("bare/matters/<int:pk>/", matter),
    path("bare/matters/<int:pk>/do/", do),
    path("bare/people/", people),
    path("bare/people/<int:pk>/", person),
    path("bare/reports/", reports),
    path("bare/reports/<int:pk>/", report),
    path("bare/reports/<int:pk>/history/", report_history),
    *pages,  # type: ignore[list-item]
]
