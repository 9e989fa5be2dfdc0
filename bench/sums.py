"""汇总与对比的速度: rolling up 3,000 reports, as values and from JSON; comparing two reports.

    python -m bench.sums     the rows alone

The references do the least that could be called the same: plain sums over dicts, ``json.loads`` of
the same lines, sets of sentences. What coverage, provenance and strict reading cost beyond them
shows as the difference.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.line import Line, median
from gongkai.cli_gather import our_json
from gongkai.statute import compare, rollup, wording
from gongkai.statute.report import AnnualReport, Passage, Value
from gongkai.statute.tests import consistent
from gongkai.statute.writers import json as json_writer

REPORTS = 3000
UNLIKE = 300  # of so many kinds; organs are all different
LENGTH = 6000  # characters of prose in each of the two reports compared
ORGAN = "云水市人民政府"
BUDGETS = {"values": 1000.0, "json": 4000.0, "compare": 20.0}  # milliseconds (issue 3)


def lines(count: int = REPORTS) -> list[Line]:
    """The rows of rolling up and comparing for the table of `bench`."""
    reports = _reports(count)
    return [_values(reports), _from_json(reports), _compare()]


def _reports(count: int) -> list[AnnualReport]:
    """As many reports of different organs; no two share a cell object."""
    unlike = [consistent.spoken(consistent.report("2021", k)) for k in range(min(count, UNLIKE))]
    return [
        replace(
            unlike[k % len(unlike)],
            organ=f"云水市第{k}示例局",
            organ_names=(f"云水市第{k}示例局",),
            cells={a: replace(c) for a, c in unlike[k % len(unlike)].cells.items()},
        )
        for k in range(count)
    ]


def _values(reports: Sequence[AnnualReport]) -> Line:
    plain = [{a: c.value for a, c in report.cells.items()} for report in reports]
    return Line(
        f"roll up {len(reports)} reports",
        median(lambda: rollup(reports, organ=ORGAN), least=3),
        "plain sums over dicts",
        median(partial(_plain_sums, plain), least=3),
        BUDGETS["values"],
    )


def _plain_sums(reports: Sequence[dict[str, Value | None]]) -> dict[str, Value]:
    total: dict[str, Value] = dict.fromkeys(reports[0], 0)
    for report in reports:
        for address, value in report.items():
            if value is not None:
                total[address] += value
    return total


def _from_json(reports: Sequence[AnnualReport]) -> Line:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "reports.jsonl"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(json_writer.dump_line(report, "zh") for report in reports)
        size = file.stat().st_size / 1024**2
        return Line(
            f"roll up {len(reports)} reports from JSON, {size:.0f} MB",
            median(partial(_read_and_sum, str(file)), least=3),
            "json.loads of every line",
            median(partial(_loads, file), least=3),
            BUDGETS["json"],
        )


def _read_and_sum(file: str) -> object:
    held = [one for one in our_json(file) if isinstance(one, AnnualReport)]
    return rollup(held, organ=ORGAN)


def _loads(file: Path) -> int:
    with file.open(encoding="utf-8") as lines:
        return sum(len(json.loads(line)["cells"]) for line in lines)


def _compare() -> Line:
    a, b = _long(0), _long(1)
    return Line(
        f"compare, {LENGTH} characters each",
        median(partial(_fresh, a, b)),
        "sets of sentences, one pass",
        median(partial(_sets, a, b)),
        BUDGETS["compare"],
    )


def _long(seed: int) -> AnnualReport:
    """A report with so much prose; half of its sentences stand in the other one too."""
    own = [consistent.report("2021", 100 * (1 + seed) + k) for k in range(40)]
    both = [consistent.report("2021", 1000 + k) for k in range(40)]
    text = "".join(r.sections["1"][0].text for pair in zip(own, both, strict=True) for r in pair)
    made = consistent.report("2021", seed)
    return replace(made, sections={"1": (Passage("一、总体情况", text[:LENGTH]),)})


def _fresh(a: AnnualReport, b: AnnualReport) -> object:
    wording.sentences.cache_clear()  # as for two reports met for the first time
    return compare(a, b)


def _sets(a: AnnualReport, b: AnnualReport) -> int:
    one, other = (set(r.sections["1"][0].text.split("。")) for r in (a, b))
    return len(one & other) + sum(
        cell.value == b.cells[address].value for address, cell in a.cells.items()
    )


if __name__ == "__main__":
    for line in lines():
        print(f"{line.what}: {line.took:.1f} ms; {line.reference}: {line.bare:.1f} ms")
