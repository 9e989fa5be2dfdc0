"""页面: every page the walks go through: languages, accessibility, pictures, no JavaScript.

All routes are pages unless named in ``NO_PAGE``; each is opened by the first of ``READERS`` whom
its rule admits, or by whom ``READER_OF`` names. ``MORE`` are states of pages worth their own look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.urls import reverse

from gongkai.web.shell.access import Role
from gongkai.web.tests import applications, remedies, reports
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.routes import Route, routes
from gongkai.web.tests.samples import SAMPLES, run
from gongkai.web.tests.served import DEBUG_ONLY as DEBUG_ONLY


def _at(code: str, page: str) -> Callable[[Cast], str]:
    return lambda cast: reverse(f"organs:{page}", kwargs={"code": code})


def _run(page: str, state: str) -> str:
    return reverse(f"organs:{page}", kwargs={"pk": run("LX", state).pk})


def _to_confirm() -> str:
    return f"{_run('import_apply', 'checked')}?of={run('LX', 'checked').summary['digest']}"


READERS = (
    Role.ADMINISTRATOR,
    Role.SUPERVISOR,
    Role.AUDITOR,
    Role.APPROVER,
    Role.REVIEWER,
    Role.HANDLER,
)

# Routes that show no page of their own, each with its reason.
NO_PAGE = {
    "shell:draft": "takes what is being typed",
    "shell:draft_drop": "a button",
    "shell:healthz": "one word for a monitor",
    "shell:language": "takes a choice and goes back",
    "accounts:sign_out": "a button",
    "accounts:end_session": "a button",
    "accounts:end_other_sessions": "a button",
    "accounts:recovery_file": "a file",
    "desk:add": "takes a file",
    "desk:batch_progress": "a part of a page: how far it is",
    "desk:cell": "a part of a page: one cell",
    "desk:file": "a file",
    "desk:findings": "a file",
    "desk:mark": "a button",
    "desk:open_batch": "takes files one by one",
    "desk:original": "a file",
    "applications:file": "a file",
    "applications:check_export": "a file",
    "applications:correction_file": "a file",
    "remedies:file": "a file",
    "remedies:evidence_file": "a file",
    "applications:hints": "a part of a page: what the rules say of what is typed",
    "applications:key": "a button",
    "applications:archive_file": "a file",
    "applications:letter_file": "a file",
    "applications:letter_make": "a button",
    "applications:letter_preview": "a file",
    "applications:letter_sent": "a button",
    "applications:mail_receipt": "a button",
    "applications:old_ledger_drop": "a button",
    "applications:old_ledger_progress": "a part of a page: how far it is",
    "applications:old_ledger_template": "a file",
    "applications:receipt": "a button",
    "applications:redact_page": "a picture",
    "tracking:case": "for who has given a code: see tests/web/test_tracking_journey.py",
    "tracking:send": "for who has given a code: see tests/web/test_tracking_journey.py",
    "tracking:letter": "a file",
    "tracking:leave": "a button",
    "desk:page": "a picture",
    "desk:unassign": "a button",
    "organs:suggest": "a part of a page: what a field offers",
    "organs:people_suggest": "a part of a page: what a field offers",
    "organs:switch": "a button",
    "organs:people_undo": "a button",
    "organs:person_unlock": "a button",
    "organs:person_sessions": "a button",
    "organs:person_suspend": "a button",
    "organs:person_restore": "a button",
    "organs:person_second_factor": "a button",
    "organs:delegation_revoke": "a button",
    "calendar:template": "a file",
    "inbox:unread": "a button",
    "outbox:retry": "a button",
    "organs:particulars_scan": "a file",
    "organs:import_again": "a button",
    "organs:import_drop": "a button",
    "organs:import_export": "a file",
    "organs:import_problems": "a file",
    "organs:import_progress": "a part of a page: how far it is",
    "organs:import_resume": "a button",
    "organs:import_template": "a file",
    "organs:seal": "a file",
}
# Who opens a page that its first reader cannot.
READER_OF: dict[str, str] = {
    "applications:letter_merge": "letters_chosen",
    "desk:roll_up": "reports_chosen",
    "desk:set_aside_many": "reports_chosen",
    "organs:reconsideration_of_many": "organs_chosen",
    "organs:people_bulk": "people_chosen",
    "organs:particulars_remind_many": "organs_to_remind",
    "organs:delegate": "handler",
    "organs:particulars_draft": "stationed",
    "organs:particulars_recall": "drafter",
    "organs:particulars_review": "with_code",
    "organs:particulars_return": "with_code",
    "organs:particulars_paper": "with_code",
    "organs:particulars_approve": "office_approver",
    "accounts:second_step": "code_awaited",
    "accounts:second_factor_set_up": "setting_up",
    "accounts:recovery_codes": "codes_shown",
    "accounts:new_recovery_codes": "with_code",
    "accounts:remove_second_factor": "with_code",
}
# Where a page shows itself only in another state than its sample's.
ELSEWHERE: dict[str, Callable[[Cast], str]] = {
    "applications:letter_merge": lambda cast: reverse("applications:letter_merge") + "?list=chosen",
    "desk:roll_up": lambda cast: reverse("desk:roll_up") + "?list=chosen&partial=1&expected=1",
    "desk:set_aside_many": lambda cast: reverse("desk:set_aside_many") + "?list=chosen",
    "desk:bring_back": lambda cast: reverse("desk:bring_back", args=[reports.aside().pk]),
    "organs:people_bulk": lambda cast: reverse("organs:people_bulk") + "?list=chosen",
    "organs:particulars_remind_many": lambda cast: (
        reverse("organs:particulars_remind_many") + "?list=chosen"
    ),
    "organs:particulars_oversee": _at("LX-CG", "particulars_oversee"),
    "organs:import_apply": lambda cast: _to_confirm(),
    "organs:import_passwords": lambda cast: _run("import_passwords", "applied"),
    "organs:particulars_draft": _at("LX-CG-01", "particulars_draft"),
    "organs:particulars_recall": _at("LX-CG", "particulars_recall"),
    "organs:particulars_review": _at("LX-CG", "particulars_review"),
    "organs:particulars_return": _at("LX-CG", "particulars_return"),
    "organs:particulars_paper": _at("LX-CG", "particulars_paper"),
    "organs:particulars_approve": _at("LX-BGS", "particulars_approve"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """页面: an address, and who opens it."""

    name: str
    address: str
    who: str | None
    status: int = 200


@dataclass(frozen=True, slots=True)
class More:
    """页面的另一种样子: a page in a state of its own."""

    address: Callable[[Cast], str]
    who: str | None
    status: int = 200


MORE: dict[str, More] = {
    "application_decided": More(lambda cast: applications.decided("decide"), "handler"),
    "application_notice": More(lambda cast: applications.decided("notice_clarify"), "handler"),
    "application_charge": More(lambda cast: applications.decided("notice_charge"), "handler"),
    "application_consult": More(lambda cast: applications.decided("consult"), "handler"),
    "application_asked": More(lambda cast: applications.busy(), "handler"),
    "application_supervised": More(lambda cast: applications.busy(), "supervisor"),
    "check_running": More(lambda cast: applications.to_score("check"), "supervisor"),
    "check_scored": More(lambda cast: applications.to_score("check_score"), "supervisor"),
    "check_of_unit": More(
        lambda cast: reverse("applications:check", args=[applications.ended_check("LX").pk]),
        "handler",
    ),
    "remedy_silence": More(lambda cast: remedies.of_a_silence(), "handler"),
    "remedy_begun": More(lambda cast: remedies.to_begin(), "handler"),
    "remedy_supervised": More(lambda cast: remedies.page(), "supervisor"),
    "desk_cell": More(lambda cast: reports.page(f"?cell={reports.DOUBTFUL}"), "handler"),
    "desk_finding": More(lambda cast: reports.page("?finding=0"), "handler"),
    "desk_compared": More(lambda cast: reports.compared(), "handler"),
    "desk_pages": More(lambda cast: reports.of_pages(), "handler"),
    "desk_versions_apart": More(lambda cast: reports.apart(), "handler"),
    "desk_unread": More(
        lambda cast: reverse("desk:batch", args=[reports.batch("LX-JY").pk]), "supervisor"
    ),
    "not_found": More(lambda cast: "/nowhere/", "administrator", 404),
    "not_found_visitor": More(lambda cast: "/nowhere/", None, 404),
    "forbidden": More(lambda cast: reverse("organs:found"), "handler", 403),
    "home_reminded": More(lambda cast: reverse("home"), "stationed"),
    "particulars_reminded": More(_at("LX-CG-01", "particulars_of"), "supervisor"),
    "home_no_role": More(lambda cast: reverse("home"), "no_role"),
    "second_factor_on": More(lambda cast: reverse("accounts:second_factor"), "with_code"),
    "password_due": More(lambda cast: reverse("accounts:password"), "password_due"),
    "import_checked": More(lambda cast: _run("import_run", "checked"), "administrator"),
    "import_applied": More(lambda cast: _run("import_run", "applied"), "administrator"),
    "organs_none_found": More(lambda cast: reverse("organs:list") + "?q=没有这个", "administrator"),
}


def names() -> list[str]:
    """The names of all pages, known before there is any database."""
    return [r.name for r in routes() if r.name not in NO_PAGE] + list(MORE)


def pages(cast: Cast) -> dict[str, Page]:
    """Every page by name."""
    found = {}
    for route in routes():
        if route.name not in NO_PAGE and (not route.arguments or route.name in SAMPLES):
            address = ELSEWHERE.get(route.name, partial(address_of, route))(cast)
            found[route.name] = Page(route.name, address, reader(route))
    for name, more in MORE.items():
        found[name] = Page(name, more.address(cast), more.who, more.status)
    return found


def address_of(route: Route, cast: Cast) -> str:
    """A route's address, with the sample's arguments."""
    kwargs = SAMPLES[route.name].own(cast) if route.arguments else {}
    return reverse(route.name, kwargs=kwargs)


def reader(route: Route) -> str | None:
    """Who opens a page."""
    if route.name in READER_OF:
        return READER_OF[route.name]
    rule = route.rule
    if rule is None or rule.public:
        return None
    return next((r.value for r in READERS if rule.admits(r, signed_in=True)), "operator")
