"""The service's routes, and beside each page measured a bare view that fetches the same rows."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import URLPattern, URLResolver, path
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.web.accounts.models import Account, Session
from gongkai.web.desk import packing
from gongkai.web.desk.models import Finding, Report
from gongkai.web.ledger.models import Event
from gongkai.web.organs.models import Appointment, Delegation, Organ
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


urlpatterns: list[URLPattern | URLResolver] = [
    path("bare/organs/", organs),
    path("bare/organs/<str:code>/", organ),
    path("bare/events/", events),
    path("bare/people/", people),
    path("bare/people/<int:pk>/", person),
    path("bare/reports/", reports),
    path("bare/reports/<int:pk>/", report),
    path("bare/reports/<int:pk>/history/", report_history),
    *pages,  # type: ignore[list-item]
]
