"""中途状态: browsers that stand in the middle of something: a code awaited, a form half done.

Each makes what it needs in the database, by the service's own actions or its own pages.
"""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from gongkai.web.accounts import second_factor
from gongkai.web.tests import applications, reports
from gongkai.web.tests.cast import PASSWORD, Cast


def with_code(cast: Cast) -> Client:
    """Somebody whose second factor is on."""
    account = cast.accounts["with_code"]
    if not second_factor.is_on(account):
        second_factor.begin(account=account)
        second_factor.confirm(account=account)
    return cast.client("with_code")


def code_awaited(cast: Cast) -> Client:
    """Somebody who gave the password and owes the code."""
    with_code(cast)
    client = Client()
    given = {"username": "with_code", "password": PASSWORD}
    answer = client.post(reverse("accounts:sign_in"), given)
    assert answer["Location"].startswith(reverse("accounts:second_step"))
    return client


def setting_up(cast: Cast) -> Client:
    """Somebody who has begun to set up the second factor."""
    second_factor.begin(account=cast.accounts["setting_up"])
    return cast.client("setting_up")


def codes_shown(cast: Cast) -> Client:
    """Somebody who has just got new recovery codes."""
    client = with_code(cast)
    address = reverse("accounts:new_recovery_codes")
    answer = client.post(address, {"password": PASSWORD})
    assert answer["Location"] == reverse("accounts:recovery_codes"), answer.content.decode()
    return client


def password_due(cast: Cast) -> Client:
    """Somebody who must change the password first."""
    account = cast.accounts["newcomer"]
    account.must_change_password = True
    account.save(update_fields=["must_change_password"])
    return cast.client("newcomer")


def organs_chosen(cast: Cast) -> Client:
    """Somebody who ticked organs in the list to change them together."""
    client = cast.client("administrator")
    keys = [cast.organs[code].pk for code in ("LX-JY", "LX-CG")]
    client.post(reverse("organs:list"), {"act": "reconsideration", "key": keys})
    return client


def people_chosen(cast: Cast) -> Client:
    """Somebody who ticked people in the list to suspend them together."""
    client = cast.client("administrator")
    session = client.session
    people = [cast.accounts[who].pk for who in ("stationed", "drafter")]
    session["people_bulk"] = {"id": "chosen", "act": "suspend", "people": people}
    session.save()
    return client


def organs_to_remind(cast: Cast) -> Client:
    """Somebody who ticked organs in the list to remind them, one of them reminded before."""
    client = cast.client("supervisor")
    session = client.session
    organs = [cast.organs[code].pk for code in ("LX-JY", "LX-CG", "LX-CG-01")]
    session["reminding"] = {"id": "chosen", "organs": organs}
    session.save()
    return client


def reports_chosen(cast: Cast) -> Client:
    """Somebody who ticked reports on the desk."""
    client = cast.client("supervisor")
    session = client.session
    session["desk_chosen"] = {"chosen": reports.ticked()}
    session.save()
    return client


def letters_chosen(cast: Cast) -> Client:
    """Somebody who ticked letters."""
    client = cast.client("handler")
    session = client.session
    session["letters_chosen"] = {"chosen": [applications.printed("LX-JY").pk]}
    session.save()
    return client


STAGES: dict[str, Callable[[Cast], Client]] = {
    stage.__name__: stage
    for stage in (
        with_code,
        code_awaited,
        setting_up,
        codes_shown,
        password_due,
        organs_chosen,
        people_chosen,
        organs_to_remind,
        reports_chosen,
        letters_chosen,
    )
}


def browser(cast: Cast, who: str | None) -> Client:
    """A browser signed in as one of the cast, or standing at a stage."""
    return STAGES[who](cast) if who in STAGES else cast.client(who)
