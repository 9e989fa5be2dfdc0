"""人员的查询: whom and what of people somebody may see; their posts, delegations and history.

A list of people has one row for each appointment: an administrator thinks in posts (who is what,
where, since when), finds the ended ones, and reads the rows in the order of the tree, which a range
of one index gives at any size. Acts on rows concern the accounts behind them, each once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from gongkai.web.accounts import queries as account_queries
from gongkai.web.accounts.models import Account, AccountEvent
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Event
from gongkai.web.organs import queries, tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Appointment, Delegation, Organ
from gongkai.web.shell.access import Role

M = TypeVar("M", bound=Model)
FEW = 300  # organs that a query names one by one
_NOTHING = Q()


def visible_accounts(capacity: Capacity | None) -> QuerySet[Account]:
    """The accounts somebody may open: those with an appointment, also an ended one, in view."""
    posts = queries.visible_people(capacity).filter(account=OuterRef("pk"))
    return Account.objects.filter(Exists(posts))


def candidates(organ: Organ, on: date) -> QuerySet[Account]:
    """Who may be proposed as a delegate: active people of the same government with a post today."""
    root = organ.path[: tree.STEP]
    posts = Appointment.objects.filter(
        queries.valid_on(on),
        account=OuterRef("pk"),
        organ__path__gte=root,
        organ__path__lt=tree.end(root),
    )
    return Account.objects.filter(Exists(posts), is_active=True)


def holders(organ: Organ, role: Role, on: date) -> QuerySet[Account]:
    """Who holds a role for an organ on a day, by name."""
    posts = Appointment.objects.filter(
        queries.valid_on(on), account=OuterRef("pk"), organ=organ, role=role.value
    )
    return Account.objects.filter(Exists(posts), is_active=True).order_by("name", "pk")


def found_people(
    rows: QuerySet[Appointment], words: str, *, logins: bool = True
) -> QuerySet[Appointment]:
    """Rows whose person's name or login name, or whose organ, holds every word.

    Without ``logins`` a login name must be the word: parts would tell what is masked.
    """
    for word in words.split():
        organs = queries.found_by(Organ.objects.all(), word).values("pk")
        login = Q(account__username__icontains=word) if logins else Q(account__username=word)
        rows = rows.filter(Q(account__name__icontains=word) | login | Q(organ__in=organs))
    return rows


def found_accounts(
    rows: QuerySet[Account], words: str, *, logins: bool = True
) -> QuerySet[Account]:
    """Accounts whose name or login name holds every word; the name alone without ``logins``."""
    for word in words.split():
        called = Q(name__icontains=word)
        rows = rows.filter(called | Q(username__icontains=word) if logins else called)
    return rows


def version_of(account: Account) -> str:
    """What a form was filled in against: another value, and somebody else has changed it."""
    said = "\n".join([account.name, account.phone, account.email])
    return salted_hmac("gongkai.person", said).hexdigest()[:16]


def organs_of(people: Collection[Account], top: Organ | None, on: date) -> dict[int, Organ]:
    """Each account's organ within a subtree: that of the first post of today, else of the last one.

    An account without any post there is left out; ``top`` None means everywhere.
    """
    rows = Appointment.objects.filter(account__in=[one.pk for one in people])
    if top is not None:
        rows = rows.filter(organ__path__gte=top.path, organ__path__lt=tree.end(top.path))
    found: dict[int, tuple[bool, Organ]] = {}
    for post in rows.select_related("organ").order_by("organ__path", "pk"):
        current = queries.is_valid(post, on)
        known = found.get(post.account_id)
        if known is None or (current and not known[0]):
            found[post.account_id] = (current, post.organ)
    return {key: organ for key, (_current, organ) in found.items()}


# -- delegations


def visible_delegations(capacity: Capacity | None) -> QuerySet[Delegation]:
    """The delegations of a subtree, for its administrators."""
    if capacity is None or capacity.role is not Role.ADMINISTRATOR:
        return Delegation.objects.none()
    return of_subtree(Delegation.objects.all(), "appointment__organ", capacity.organ)


def disposable_delegations(account: Account, capacity: Capacity | None) -> QuerySet[Delegation]:
    """The delegations a person may revoke: of own appointments, or of those administered."""
    mine = Q(appointment__account=account)
    if capacity is None or capacity.role is not Role.ADMINISTRATOR:
        return Delegation.objects.filter(mine)
    top = capacity.organ.path
    return Delegation.objects.filter(
        mine | Q(appointment__organ__path__gte=top, appointment__organ__path__lt=tree.end(top))
    )


def disposable_appointments(account: Account, capacity: Capacity | None) -> QuerySet[Appointment]:
    """The appointments somebody may give a delegate: own ones, and those administered."""
    mine = Q(account=account)
    if capacity is None or capacity.role is not Role.ADMINISTRATOR:
        return Appointment.objects.filter(mine)
    top = capacity.organ.path
    return Appointment.objects.filter(mine | Q(organ__path__gte=top, organ__path__lt=tree.end(top)))


def of_subtree(rows: QuerySet[M], field: str, top: Organ, *, also: Q = _NOTHING) -> QuerySet[M]:
    """Rows whose organ lies in a subtree, for lists in an order of their own; ``also`` others.

    Few organs are named, so that each is found by the index of its rows. Of many, the beginning of
    the path is compared: PostgreSQL then knows how many there are, SQLite that no index answers;
    both walk the rows in the list's order until the page is full, instead of fetching and sorting
    them all. (In the order of the tree a range of paths is best: `queries.visible_people`.)
    """
    few = list(queries.subtree(top).values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return rows.filter(Q(**{f"{field}__in": few}) | also)
    return rows.filter(Q(**{f"{field}__path__startswith": top.path}) | also)


OFFICERS = frozenset({Role.HANDLER, Role.REVIEWER, Role.APPROVER})
WORKS_ON_MATTERS = OFFICERS | {Role.SUPERVISOR}


def of_matters(rows: QuerySet[M], field: str, capacity: Capacity | None) -> QuerySet[M]:
    """Rows of matters whose organ somebody works on: officers see their own organ's and those
    whose open work it took over, supervisors their subtree, nobody else any."""
    if capacity is None or capacity.role not in WORKS_ON_MATTERS:
        return rows.none()
    if capacity.role is Role.SUPERVISOR:
        return of_subtree(rows, field, capacity.organ)
    return rows.filter(**{f"{field}__in": queries.own_and_predecessors(capacity.organ)})


def people_by_name(capacity: Capacity | None) -> QuerySet[Appointment]:
    """What `queries.visible_people` gives, for a list in the order of names."""
    if capacity is None or capacity.role not in (Role.ADMINISTRATOR, Role.SUPERVISOR):
        return Appointment.objects.none()
    return of_subtree(Appointment.objects.all(), "organ", capacity.organ)


def may_revoke(capacity: Capacity | None, account: Account, delegation: Delegation) -> bool:
    """Whether a person may revoke a delegation, as `disposable_delegations` tells of many."""
    post = delegation.appointment
    if post.account_id == account.pk:
        return True
    if capacity is None or capacity.role is not Role.ADMINISTRATOR:
        return False
    return tree.within(post.organ.path, capacity.organ.path)


def delegations_of(account: Account, *, within: Organ | None = None) -> QuerySet[Delegation]:
    """What an account gave and received, the latest first; where given, of a subtree's organs."""
    own = account.appointments.values("pk")
    found = Delegation.objects.filter(Q(appointment__in=own) | Q(delegate=account))
    if within is not None:
        found = found.filter(
            appointment__organ__path__gte=within.path,
            appointment__organ__path__lt=tree.end(within.path),
        )
    return found.select_related("appointment__organ", "appointment__account", "delegate").order_by(
        "-valid_from", "-pk"
    )


# -- events


def visible_events(capacity: Capacity | None) -> QuerySet[Event]:
    """The events of a subtree, for its auditors and administrators.

    Those of no organ, as of people without a post, are for who looks after a whole government.
    """
    if capacity is None or capacity.role not in (Role.AUDITOR, Role.ADMINISTRATOR):
        return ledger.events().none()
    also = Q(organ__isnull=True) if _is_root(capacity.organ) else _NOTHING
    return of_subtree(ledger.events(), "organ", capacity.organ, also=also)


def visible_account_events(capacity: Capacity | None) -> QuerySet[AccountEvent]:
    """What people with a post in a subtree did with their accounts, as `visible_events` tells."""
    found = account_queries.own_events()
    if capacity is None or capacity.role not in (Role.AUDITOR, Role.ADMINISTRATOR):
        return found.none()
    low = capacity.organ.path
    posts = Appointment.objects.filter(account=OuterRef("account"))
    here = posts.filter(organ__path__gte=low, organ__path__lt=tree.end(low))
    if _is_root(capacity.organ):
        return found.filter(Exists(here) | ~Exists(posts))
    return found.filter(Exists(here))


def _is_root(organ: Organ) -> bool:
    return len(organ.path) == tree.STEP


def history(subject: str, *, within: Organ | None = None) -> QuerySet[Event]:
    """经过: the events of a subject, newest first; where given, of the organs of a subtree."""
    found = ledger.events().filter(subject=subject)
    if within is not None:
        found = found.filter(organ__path__gte=within.path, organ__path__lt=tree.end(within.path))
    return found.select_related("by", "organ").order_by("-at", "-pk")


def found_events(rows: QuerySet[Event], words: str) -> QuerySet[Event]:
    """Events about an organ or a person that is called so, or of a request by its id."""
    named = found_accounts(Account.objects.all(), words, logins=False)
    people = named.values_list("pk", flat=True)[:200]
    organs = queries.found_by(Organ.objects.all(), words).values_list("code", flat=True)[:200]
    subjects = [f"person/{key}" for key in people] + [f"organ/{code}" for code in organs]
    return rows.filter(
        Q(subject__in=subjects) | Q(subject=words) | Q(request_id=words.upper().replace("-", ""))
    )


def administrators_of(organs: Iterable[Organ], on: date) -> list[Appointment]:
    """Who administers organs on a day, the nearest first; whom to ask for a role."""
    paths = {path for organ in organs for path in tree.ancestors(organ.path)}
    rows = Appointment.objects.filter(
        queries.valid_on(on), role=Role.ADMINISTRATOR.value, account__is_active=True
    ).select_related("account", "organ")
    return list(rows.filter(organ__path__in=paths).order_by("-organ__path", "pk")[:10])
