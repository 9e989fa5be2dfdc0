"""列表: one way to show many rows: search, filters, order, keyset pages, views, bulk acts, export.

A page states its columns and filters in a `Spec`; `listing` turns a request and a queryset that is
already cut to what the person may see into a `Listing` for components/list.html. Nothing is counted
beyond `COUNTED`, and pages are found by key, not by offset: a list of a million rows opens like one
of ten. Every order ends in the primary key, so no row is shown twice or left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongkai.web.shell import list_rows

PAGE = 50
COUNTED = 1000  # rows counted at most; beyond it the page says “more than”
EARLIEST, LATEST = 1900, 2200  # years that addresses ask for; databases know no more than 1 to 9999
Words = str | Promise
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """一格: what one row shows in one column. ``badge`` is ok, warn, bad, quiet or nothing."""

    text: Words
    href: str = ""
    badge: str = ""
    title: Words = ""
    look: str = ""  # the column's: narrow, number or nothing


@dataclass(frozen=True, slots=True)
class Column:
    """一列: its heading, its cell of an object, its value in an export, and how it sorts.

    ``sort`` names fields that are never null, the most significant first; without it the column has
    no order. ``value`` is what an export holds; the cell's text where it is left out.
    """

    id: str
    label: Words
    cell: Callable[[Any], Cell | Words]
    sort: tuple[str, ...] = ()
    value: Callable[[Any], Any] | None = None
    numeric: bool = False
    narrow: bool = False
    unique: bool = False  # ``sort`` alone tells rows apart: an index then gives the pages

    def shown(self, row: Any) -> Cell:
        made = self.cell(row)
        look = "number" if self.numeric else "narrow" if self.narrow else ""
        if not isinstance(made, Cell):
            return Cell(made, look=look)
        return replace(made, look=look) if look else made

    def exported(self, row: Any) -> Any:
        return self.value(row) if self.value else str(self.shown(row).text)


@dataclass(frozen=True, slots=True)
class Filter:
    """一个筛选: ``apply`` narrows the rows by a value that was found in ``choices`` or parsed."""

    id: str
    label: Words
    apply: Callable[[Rows, str], Rows]
    kind: str = "choice"  # choice, date, text
    choices: Callable[[], Iterable[tuple[str, Words]]] = tuple


@dataclass(frozen=True, slots=True)
class BulkAct:
    """批量操作: an act on the rows ticked, or on all that the filters leave."""

    id: str
    label: Words
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """列表的定义: written once beside the page."""

    id: str
    title: Words
    columns: tuple[Column, ...]
    order: str  # a column's id, "-id" for descending
    filters: tuple[Filter, ...] = ()
    search: Callable[[Rows, str], Rows] | None = None
    search_hint: Words = ""
    search_note: Callable[[], Words] = str  # what the search left out, once it was made
    acts: tuple[BulkAct, ...] = ()
    empty_title: Words = ""
    empty_text: Words = ""
    key: Callable[[Any], str] = lambda row: str(row.pk)
    href: Callable[[Any], str] | None = None
    exports: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """列标题: with the address that sorts by it."""

    label: Words
    sort_href: str
    sorted: str  # asc, desc or nothing
    numeric: bool
    narrow: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """一行: as the template prints it."""

    key: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FilterField:
    """筛选框: one filter with the value in hand."""

    id: str
    label: Words
    kind: str
    value: str
    choices: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """已用筛选: and the address without it."""

    label: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class Tab:
    """常用视图: as a tab above the list."""

    pk: int
    name: str
    href: str
    current: bool
    is_default: bool


@dataclass(frozen=True, slots=True)
class Pager:
    """翻页: addresses, None where there is nothing further."""

    first: str | None
    previous: str | None
    next: str | None
    last: str | None
    count_text: str


@dataclass(slots=True)
class Listing:
    """列表页: everything components/list.html prints."""

    spec: Spec
    columns: list[Heading]
    rows: list[Shown]
    search: str
    filters: list[FilterField]
    chips: list[Chip]
    pager: Pager
    query: str
    action_url: str
    exports: list[tuple[Words, str]]
    note: Words = ""
    objects: list[Any] = field(default_factory=list)
    views: list[Tab] = field(default_factory=list)
    order: str = ""

    @property
    def acts(self) -> tuple[BulkAct, ...]:
        return self.spec.acts

    @property
    def body(self) -> SafeString:
        """The rows as HTML."""
        labels = [str(c.label) for c in self.columns]
        return list_rows.html(self.rows, labels, ticked=bool(self.acts))

    @property
    def searchable(self) -> bool:
        return self.spec.search is not None

    @property
    def filtered(self) -> bool:
        return bool(self.search or self.chips)


# -- what the address asks for


@dataclass(frozen=True, slots=True)
class Asked:
    """所求: search, filters and order of an address, checked against the list's definition."""

    spec: Spec
    search: str
    values: dict[str, str]
    order: str

    @property
    def column(self) -> Column:
        name = self.order.lstrip("-")
        return next(c for c in self.spec.columns if c.id == name)

    @property
    def descending(self) -> bool:
        return self.order.startswith("-")

    def narrowed(self, rows: Rows) -> Rows:
        """The rows that search and filters leave."""
        for one in self.spec.filters:
            if self.values.get(one.id):
                rows = one.apply(rows, self.values[one.id])
        if self.search and self.spec.search:
            rows = self.spec.search(rows, self.search)
        return rows

    def fields(self, *, backwards: bool = False) -> list[str]:
        """Fields to order by, ``-`` for descending, ending in the primary key."""
        down = self.descending != backwards
        sort = [f for f in self.column.sort if f != "pk"]
        last = () if self.column.unique else ("pk",)
        return [("-" if down else "") + f for f in (*sort, *last)]

    def query(self, **others: str) -> str:
        """The query string, without the place in the list."""
        said = {"q": self.search, **self.values}
        if self.order != self.spec.order:
            said["order"] = self.order
        return urlencode({k: v for k, v in {**said, **others}.items() if v})


def asked(spec: Spec, params: QueryDict) -> Asked:
    """What an address asks of a list; a value that no filter knows is left out."""
    values = {f.id: _value(f, params.get(f.id, "").strip()) for f in spec.filters}
    order = params.get("order", "")
    sortable = {c.id for c in spec.columns if c.sort}
    return Asked(
        spec,
        params.get("q", "").strip()[:100] if spec.search else "",
        {k: v for k, v in values.items() if v},
        order if order.removeprefix("-") in sortable else spec.order,
    )


def _value(one: Filter, value: str) -> str:
    if one.kind == "choice":
        return value if value in {str(k) for k, _ in one.choices()} else ""
    if one.kind == "date":
        try:
            found = parse_date(value) if value else None
        except ValueError:
            return ""
        return value if found is not None and _within(found) else ""
    return value[:100]


def _within(day: date) -> bool:
    return EARLIEST <= day.year <= LATEST


def number(said: str) -> int | None:
    """A number as addresses and forms write it; None for anything else, and beyond any key."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


# -- a page of it


def listing(request: HttpRequest, spec: Spec, rows: Rows, *, page: int = PAGE) -> Listing:
    """One page of a list; raises Http404 where the place in the address is none of this list's."""
    want = asked(spec, request.GET)
    found = want.narrowed(rows)
    objects, before, after = _page(want, found, request.GET, page)
    link = _Links(request.path, want)
    return Listing(
        spec=spec,
        columns=[_heading(want, link, c) for c in spec.columns],
        rows=[_shown(spec, row) for row in objects],
        search=want.search,
        filters=[_field(f, want) for f in spec.filters],
        chips=list(_chips(want, link)),
        pager=Pager(
            first=link() if before else None,
            previous=link(before=_cursor(want, objects[0])) if before and objects else None,
            next=link(after=_cursor(want, objects[-1])) if after and objects else None,
            last=link(at="last") if after else None,
            count_text=_count(want, found, objects, whole=not before and not after),
        ),
        query=want.query(),
        action_url=link(),
        exports=_exports(link) if spec.exports else [],
        note=spec.search_note() if want.search else "",
        objects=objects,
        order=want.order,
    )


def _page(want: Asked, rows: Rows, params: QueryDict, page: int) -> tuple[list[Any], bool, bool]:
    """Objects of the page, and whether there are any before and after it."""
    if params.get("before"):
        key = _keys(want, rows.model, params.get("before", ""))
        found = list(_behind(want, rows, key, backwards=True)[: page + 1])
        return found[:page][::-1], len(found) > page, True
    if params.get("at") == "last":
        found = list(rows.order_by(*want.fields(backwards=True))[: page + 1])
        return found[:page][::-1], len(found) > page, False
    if params.get("after"):
        key = _keys(want, rows.model, params.get("after", ""))
        found = list(_behind(want, rows, key, backwards=False)[: page + 1])
        return found[:page], True, len(found) > page
    found = list(rows.order_by(*want.fields())[: page + 1])
    return found[:page], False, len(found) > page


def _behind(want: Asked, rows: Rows, key: Sequence[Any], *, backwards: bool) -> Rows:
    """Rows behind a key in the order asked for, or before it, nearest first."""
    fields = want.fields(backwards=backwards)
    either = Q()
    equal: dict[str, Any] = {}
    for name, value in zip(fields, key, strict=True):
        plain = name.lstrip("-")
        step = "lt" if name.startswith("-") else "gt"
        either |= Q(**equal, **{f"{plain}__{step}": value})
        equal[plain] = value
    first = fields[0].lstrip("-")
    # Said once more for the most significant field alone: that is what an index can use.
    bound = {f"{first}__{'lte' if fields[0].startswith('-') else 'gte'}": key[0]}
    return rows.filter(either, **bound).order_by(*fields)


def _cursor(want: Asked, row: Model) -> str:
    values = [_reach(row, f.lstrip("-")) for f in want.fields()]
    return json.dumps(values, ensure_ascii=False, default=_as_text, separators=(",", ":"))


def _reach(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value))


def _keys(want: Asked, model: type[Model], cursor: str) -> list[Any]:
    """The values of a cursor; raises Http404 for one that was not made here."""
    fields = want.fields()
    try:
        values = json.loads(cursor)
    except (ValueError, RecursionError):
        raise Http404 from None
    if not isinstance(values, list) or len(values) != len(fields):
        raise Http404
    named = zip(fields, values, strict=True)
    return [_key(_field_of(model, f.lstrip("-")), v) for f, v in named]


def _key(kind: Field[Any, Any], value: object) -> Any:
    """A value as its column holds it; raises Http404 for one that no column of the kind can."""
    if not isinstance(value, str | int) or isinstance(value, bool) or "\0" in str(value):
        raise Http404
    try:
        found = kind.to_python(value)
        kind.run_validators(found)
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise Http404 from None
    if isinstance(found, date) and not _within(found):
        raise Http404
    if isinstance(found, datetime) and timezone.is_naive(found):
        raise Http404
    return found


def _field_of(model: type[Model], name: str) -> Field[Any, Any]:
    """The column that ``organ__path`` leads to; of a foreign key that of its target."""
    found: Any = None
    for part in name.split("__"):
        meta = (found.related_model if found else model)._meta
        found = meta.pk if part == "pk" else meta.get_field(part)
    while found.remote_field:
        found = found.target_field
    return found  # type: ignore[no-any-return]


def _count(want: Asked, rows: Rows, objects: list[Any], *, whole: bool) -> str:
    """In the order of the page, so that the same index leads to them."""
    ordered = rows.order_by(*want.fields())
    found = len(objects) if whole else ordered[: COUNTED + 1].count()
    if found > COUNTED:
        return _("超过 %(most)d 条") % {"most": COUNTED}
    return _("共 %(count)d 条") % {"count": found}


# -- its parts


class _Links:
    """Addresses of the same list."""

    def __init__(self, path: str, want: Asked) -> None:
        self.path = path
        self.want = want

    def __call__(self, **others: str) -> str:
        query = self.want.query(**others)
        return f"{self.path}?{query}" if query else self.path


def _heading(want: Asked, link: _Links, column: Column) -> Heading:
    here = want.column.id == column.id
    turned = f"-{column.id}" if here and not want.descending else column.id
    return Heading(
        column.label,
        link(order=turned) if column.sort else "",
        ("desc" if want.descending else "asc") if here else "",
        column.numeric,
        column.narrow,
    )


def _shown(spec: Spec, row: Any) -> Shown:
    return Shown(
        spec.key(row),
        spec.href(row) if spec.href else "",
        tuple(c.shown(row) for c in spec.columns),
    )


def _field(one: Filter, want: Asked) -> FilterField:
    choices = tuple((str(k), v) for k, v in one.choices())
    return FilterField(one.id, one.label, one.kind, want.values.get(one.id, ""), choices)


def _chips(want: Asked, link: _Links) -> Iterator[Chip]:
    if want.search:
        yield Chip(_("搜索：%(words)s") % {"words": want.search}, link(q=""))
    for one in want.spec.filters:
        value = want.values.get(one.id)
        if value:
            said = {str(k): v for k, v in one.choices()}.get(value, value)
            yield Chip(f"{one.label}：{said}", link(**{one.id: ""}))


def _exports(link: _Links) -> list[tuple[Words, str]]:
    return [(_("导出 XLSX"), link(export="xlsx")), (_("导出 CSV"), link(export="csv"))]


def selected(request: HttpRequest, spec: Spec, rows: Rows) -> Rows:
    """批量操作的对象: the rows ticked (``key``), or with ``all=1`` all that the filters leave.

    Always within ``rows``, what the person may see.
    """
    if request.POST.get("all") == "1":
        return asked(spec, request.GET).narrowed(rows)
    keys = [found for k in request.POST.getlist("key") if (found := number(k)) is not None]
    return rows.filter(pk__in=keys[:1000])
