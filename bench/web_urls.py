"""The service's routes, and beside each page measured a bare view that fetches the same rows."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import URLPattern, URLResolver, path
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.web.accounts.models import Account, Session
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


urlpatterns: list[URLPattern | URLResolver] = [
    path("bare/organs/", organs),
    path("bare/organs/<str:code>/", organ),
    path("bare/people/", people),
    path("bare/people/<int:pk>/", person),
    *pages,  # type: ignore[list-item]
]
