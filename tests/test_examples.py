"""示例报告: every report in examples/ is read as expected, and its faults are found by name."""

from __future__ import annotations

import re
import runpy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.statute.checks import check
from gongkai.statute.findings import Level
from gongkai.statute.readers import read
from gongkai.statute.report import AnnualReport, State, Value
from gongkai.statute.tests.specimens import pdf
from tools import make_units

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Example:
    """示例: what one file must give. ``found`` are ids that must be among the findings."""

    organ: str
    year: int
    edition: str
    counts: dict[State, int]
    found: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    leftovers: int = 0
    clean: bool = False


NUMBER, BLANK, ABSENT = State.NUMBER, State.BLANK, State.ABSENT

EXPECTED = {
    "01_housing_levy_2020.txt": Example(
        "云水市青石区房屋征收服务中心",
        2020,
        "2019",
        {NUMBER: 197, BLANK: 1},
        {"form.title", "form.signoff", "t2.money_unit", "t3.blank", "text.answered_in_time"},
    ),
    "02_district_office_2020.txt": Example(
        "云水市青石区人民政府办公室",
        2020,
        "2019",
        {NUMBER: 198},
        {
            "form.title",
            "form.numbering_style",
            "form.residue",
            "form.signoff",
            "text.plan_year",
        },
        {"read.label_split"},
    ),
    "03_relocation_centre_2020.txt": Example(
        "白鹭市松风区征迁服务中心",
        2020,
        "2019",
        {NUMBER: 142, ABSENT: 56},
        {"form.title", "form.leftovers", "t2.money_scale", "t3.absent"},
        {"read.rows_by_order", "read.rows_unplaced"},
        leftovers=8,
    ),
    "04_renewal_office_2020.txt": Example(
        "旧城更新办公室",
        2020,
        "2019",
        {NUMBER: 198},
        {
            "form.title_repeated",
            "form.organ_names",
            "form.section_once",
            "form.numbering",
            "text.proactive",
        },
        {"read.printed_twice"},
    ),
    "05_housing_fund_2022.txt": Example(
        "临溪县住房资金管理中心",
        2022,
        "2021",
        {NUMBER: 200},
        {"form.title", "form.numbering"},
    ),
    "06_city_2024.pdf": Example(
        "云水市人民政府",
        2024,
        "2021",
        {NUMBER: 200},
        {"law.direct_suit"},
        clean=True,
    ),
    "07_water_bureau_2023.docx": Example(
        "云水市青石区水利局", 2023, "2021", {NUMBER: 200}, clean=True
    ),
    "08_archives_2019.html": Example("望山县档案馆", 2019, "2019", {NUMBER: 198}, {"t3.balance"}),
    "09_transport_2023.xlsx": Example(
        "云水市交通运输局", 2023, "2021", {NUMBER: 200}, {"t4.row_total"}
    ),
    "10_subdistrict_2021.docx": Example(
        "云水市青石区竹篱街道办事处",
        2021,
        "2019",
        {NUMBER: 198},
        {"form.edition"},
        {"read.edition"},
    ),
}

# Single cells worth naming: the figures a careless reader gets wrong.
CELLS: dict[str, dict[str, Value | None]] = {
    "01_housing_levy_2020.txt": {
        "proactive.procurement.amount": Decimal("4.339"),
        "applications.refused_inquiry.natural_person": None,
        "applications.carried_out.total": 2,
    },
    "02_district_office_2020.txt": {
        "applications.unavailable_not_held.natural_person": 14,
        "applications.unprocessed_publication.natural_person": 0,
        "proactive.normative_documents.total_public": 69,
    },
    "03_relocation_centre_2020.txt": {
        "proactive.procurement.amount": Decimal(13480),
        "applications.refused_inquiry.total": None,
    },
    "04_renewal_office_2020.txt": {
        "proactive.other_services.decisions": 0,
        "remedies.reconsideration.upheld": 1,
    },
    "06_city_2024.pdf": {
        "proactive.penalty.decisions": 2630517,
        "proactive.fees.amount": Decimal("83215.4"),
        "applications.refused_inquiry.total": 98,
        "remedies.suit_after_reconsideration.pending": 6,
    },
    "08_archives_2019.html": {"applications.received.total": 32},
    "09_transport_2023.xlsx": {"remedies.reconsideration.total": 6},
    "10_subdistrict_2021.docx": {"proactive.procurement.amount": Decimal("12.75")},
}


def example(name: str) -> AnnualReport:
    """The one report in an example file."""
    (report,) = read((EXAMPLES / name).read_bytes(), name=name)
    return report


def test_every_example_is_expected() -> None:
    files = {p.name for p in EXAMPLES.iterdir() if p.is_file()} - {"README.md"}
    assert files == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_read(name: str) -> None:
    expected, report = EXPECTED[name], example(name)
    assert (report.organ, report.year, report.edition) == (
        expected.organ,
        expected.year,
        expected.edition,
    )
    verdict = report.verdict()
    assert {state: n for state, n in verdict.counts.items() if n} == expected.counts
    assert set(report.sections) == set("123456")
    assert len(report.leftovers) == expected.leftovers
    assert expected.notes <= {note.id for note in report.notes}


@pytest.mark.parametrize("name", CELLS)
def test_its_telling_cells(name: str) -> None:
    report = example(name)
    assert {a: report.cell(a).value for a in CELLS[name]} == CELLS[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_its_faults_are_found(name: str) -> None:
    expected, outcomes = EXPECTED[name], check(example(name))
    assert expected.found <= {finding.id for finding in outcomes.findings}
    if expected.clean:
        assert not [f.id for f in outcomes.findings if f.level is not Level.NOTE]


def test_they_stay_small() -> None:
    assert all(p.stat().st_size < 300_000 for p in EXAMPLES.iterdir() if p.is_file())


def test_they_are_what_their_sources_make() -> None:
    """The text carriers byte for byte; what zips and fonts do differs between machines."""
    if pdf.family() is None:
        pytest.skip("no Chinese font on this machine: apt-get install fonts-noto-cjk")
    made: dict[str, bytes] = runpy.run_path(str(ROOT / "tools" / "make_examples.py"))["make"]()
    assert set(made) == set(EXPECTED)
    for name, data in made.items():
        if name.endswith((".txt", ".html")):
            assert data == (EXAMPLES / name).read_bytes(), name
        else:
            (again,) = read(data, name=name)
            assert again.cells == example(name).cells, name


def test_the_readme_lists_them_all() -> None:
    listed = re.findall(r"^\| `([^`]+)`", (EXAMPLES / "README.md").read_text("utf-8"), re.M)
    assert listed == sorted(EXPECTED)


def test_the_units_of_the_district_are_what_their_sources_say() -> None:
    written = {p.name: p for p in make_units.FOLDER.iterdir()}
    sources = make_units.reports()
    assert set(written) == {*sources, "units.list"}
    for name, made in sources.items():
        (found,) = read(written[name].read_bytes(), name=name)
        assert {a: (c.state, c.value) for a, c in found.cells.items()} == {
            a: (c.state, c.value) for a, c in made.cells.items()
        }
        assert (found.organ, found.year, found.preamble) == (made.organ, made.year, made.preamble)
        assert found.signed_on == made.signed_on
        errors = [f.id for f in check(found).findings if f.level is Level.ERROR]
        assert errors == []
