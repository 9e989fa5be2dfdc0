"""样本数据: one random report as pure data: every cell as a state, a value and its printed text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Literal

from gongkai.statute import forms
from gongkai.statute.report import State, Value
from gongkai.statute.tests.specimens import prose

Mode = Literal["unique", "consistent", "zeros"]
Dress = Literal["plain", "dressed"]
Blanks = Literal["no", "inside", "yes"]

FULL_WIDTH = str.maketrans("0123456789.-+", "０１２３４５６７８９．－＋")


@dataclass(frozen=True, slots=True)
class Printed:
    """印出的单元格: what stands at one address: the state and value it means, and its text."""

    address: str
    state: State
    value: Value | None
    text: str


@dataclass(frozen=True, slots=True)
class Specimen:
    """样本报告: a report as data. ``cells`` holds every address of ``edition``.

    ``sections`` are the paragraphs of the sections that are told in prose (1, 5, 6).
    """

    edition: str
    year: int
    organ: str
    title: str
    preface: str
    sections: Mapping[int, tuple[str, ...]]
    signature: tuple[str, ...]
    cells: Mapping[str, Printed]

    @property
    def form(self) -> forms.Form:
        """The form this report was made on."""
        return forms.form(self.edition)


def make(
    rng: Random,
    *,
    edition: str,
    mode: Mode = "unique",
    dress: Dress = "plain",
    blanks: Blanks = "no",
    year: int | None = None,
) -> Specimen:
    """A random report on one edition's form.

    ``mode`` unique: every figure differs and none is 0; consistent: all identities hold, many
    zeros; zeros: nothing but 0. ``dress`` dressed: full-width digits, thousands separators,
    units, padding. ``blanks``: whether some cells are blank, dashes or words; "inside" keeps
    them away from the first and last column, where a row without drawn cells loses its count.
    """
    form = forms.form(edition)
    year = year or rng.randint(form.first_year, form.last_year or 2025)
    organ = prose.organ(rng)
    values = VALUES[mode](form, rng)
    cells = {a: _printed(form.specs[a], v, rng, dress) for a, v in values.items()}
    if blanks != "no":
        for address in _odd_addresses(form, rng, blanks):
            cells[address] = _odd(address, rng, blanks)
    return Specimen(
        edition=edition,
        year=year,
        organ=organ,
        title=f"{organ}{year}年政府信息公开工作年度报告",
        preface=prose.preface(organ, year),
        sections=prose.sections(rng, year),
        signature=(organ, f"{year + 1}年1月{rng.randint(5, 30)}日"),
        cells=cells,
    )


def is_money(spec: forms.Spec) -> bool:
    """Whether an address holds money (万元) instead of a count."""
    return spec.column.type == "decimal"


# --- values ---------------------------------------------------------------------------------


def _unique(form: forms.Form, rng: Random) -> dict[str, Value]:
    """No two figures alike, none 0, none that reads like a year of these reports."""
    pool = rng.sample(range(11, 100), 12)
    pool += rng.sample([*range(100, 2000), *range(2100, 10000)], 170)
    pool += rng.sample(range(10_000, 4_000_000), 40)
    rng.shuffle(pool)
    values: dict[str, Value] = {}
    for address, spec in form.specs.items():
        figure = pool.pop()
        if is_money(spec):
            values[address] = Decimal(figure) + Decimal(rng.randint(1, 9999)) / 10_000
        elif spec.column.type == "signed_integer":
            values[address] = figure if rng.random() < 0.5 else -figure
        else:
            values[address] = figure
    return values


def _zeros(form: forms.Form, rng: Random) -> dict[str, Value]:
    del rng  # the same signature as its siblings; there is nothing to draw
    return {a: Decimal(0) if is_money(s) else 0 for a, s in form.specs.items()}


def _consistent(form: forms.Form, rng: Random) -> dict[str, Value]:
    """A report an auditor passes: T3 balances and adds up, T4 adds up."""
    values = _zeros(form, rng)
    scale = rng.choice((3, 40, 900))
    applications = form.tables["applications"].blocks[0]
    people = [c.id for c in applications.columns if not c.is_total]
    for who in people:
        open_share = 0.5 if who == "natural_person" else 0.15
        parts = [
            rng.randint(1, scale) if rng.random() < open_share else 0 for _ in form_parts(form)
        ]
        for row, part in zip(form_parts(form), parts, strict=True):
            values[f"applications.{row}.{who}"] = part
        concluded, out = sum(parts), rng.choice((0, 0, rng.randint(1, scale)))
        carried_in = rng.randint(0, concluded + out) // 4
        values[f"applications.concluded.{who}"] = concluded
        values[f"applications.carried_out.{who}"] = out
        values[f"applications.carried_in.{who}"] = carried_in
        values[f"applications.received.{who}"] = concluded + out - carried_in
    for row_spec in applications.figure_rows:
        total = sum(int(values[f"applications.{row_spec.id}.{who}"]) for who in people)
        values[f"applications.{row_spec.id}.total"] = total
    for block in form.tables["remedies"].blocks:
        outcomes = [c.id for c in block.columns if not c.is_total]
        for outcome in outcomes:
            values[f"remedies.{block.id}.{outcome}"] = rng.choice((0, 0, 1, rng.randint(0, scale)))
        values[f"remedies.{block.id}.total"] = sum(
            int(values[f"remedies.{block.id}.{outcome}"]) for outcome in outcomes
        )
    for address, spec in form.specs.items():
        if spec.table == "proactive" and rng.random() < 0.5:
            values[address] = _proactive(spec, rng, scale)
    return values


def _proactive(spec: forms.Spec, rng: Random, scale: int) -> Value:
    if is_money(spec):
        return Decimal(rng.randint(0, scale * 10_000)) / 10_000
    return rng.randint(-3, 3) if spec.column.type == "signed_integer" else rng.randint(0, scale)


def form_parts(form: forms.Form) -> tuple[str, ...]:
    """The T3 rows that add up to （七）总计."""
    return form.concluded_parts


VALUES: Mapping[Mode, Callable[[forms.Form, Random], dict[str, Value]]] = {
    "unique": _unique,
    "consistent": _consistent,
    "zeros": _zeros,
}


# --- how a value is printed -----------------------------------------------------------------


def _printed(spec: forms.Spec, value: Value, rng: Random, dress: Dress) -> Printed:
    text = plain(value)
    if dress == "dressed" and rng.random() < 0.6:
        text = _dressed(spec, value, rng)
    return Printed(spec.address, State.NUMBER, value, text)


def plain(value: Value) -> str:
    """A value in plain decimal notation without trailing zeros."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dressed(spec: forms.Spec, value: Value, rng: Random) -> str:
    text, space = plain(value), rng.choice(("\xa0", "\u3000", " "))
    if spec.column.type == "signed_integer" and value:
        more, less = rng.choice((("增", "减"), ("+", "－")))
        return (less if value < 0 else more) + plain(-value if value < 0 else value)
    styles = [text.translate(FULL_WIDTH), text + spec.column.unit, space + text, text + space]
    if isinstance(value, int):
        styles.append(f"{value:,}")
    if isinstance(value, Decimal) and value:
        styles.append(plain(value * 10_000) + "元")
    if spec.row.id == "normative_documents":
        styles.append(text + "（其中修订1件）")
    return rng.choice(styles)


ODD: Mapping[State, tuple[str, ...]] = {
    State.BLANK: ("", "", "\xa0", "\u3000"),
    State.DASH: ("-", "—", "/", "／", "——", "－"),
    State.NOT_APPLICABLE: ("无", "不适用", "不涉及"),
    State.UNREADABLE: ("若干", "详见附件"),
}


def _odd(address: str, rng: Random, blanks: Blanks) -> Printed:
    state = rng.choice(list(ODD))
    texts: Sequence[str] = ODD[state]
    return Printed(address, state, None, rng.choice(texts))


def _odd_addresses(form: forms.Form, rng: Random, blanks: Blanks) -> list[str]:
    """A few addresses, at most one in a row, so that a row keeps something to anchor it."""
    rows: dict[tuple[str, str], list[str]] = {}
    for address, spec in form.specs.items():
        rows.setdefault((spec.block.id, spec.row.id), []).append(address)
    wide = [addresses for addresses in rows.values() if len(addresses) > 2]
    chosen = rng.sample(wide, 8)
    return [rng.choice(a[1:-1] if blanks == "inside" else a) for a in chosen]
