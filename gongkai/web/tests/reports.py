"""报告样例: what lies on the report desk of both trees before the walks begin.

临溪区教育局 has handed in three years: 2023 with a figure nobody can be sure of and one that does
not add up, 2022 as a PDF, 2021 set aside; besides a report of nobody known and a file that is none.
"""

from __future__ import annotations

from django.urls import reverse

from gongkai.statute import writers
from gongkai.statute.report import AnnualReport
from gongkai.statute.tests import consistent
from gongkai.web.desk import actions
from gongkai.web.desk.models import Batch, Report
from gongkai.web.desk.tests import deskwork
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

DOUBTFUL = "applications.received.natural_person"
WRONG = "applications.granted.business"
UNKNOWN = "临河区示例事务中心"


def furnish(cast: Cast) -> None:
    """By the desk's own actions, in both trees."""
    handler = acting(cast, "handler")
    deskwork.handed_in(
        handler,
        deskwork.file("区教育局2023年报.html", unsure(deskwork.report(year=2023))),
        deskwork.file("区教育局2022年报.pdf", written(deskwork.report(year=2022), "pdf")),
        deskwork.file("区教育局2021年报.docx", written(deskwork.report(year=2021), "docx")),
        deskwork.file("事务中心.docx", written(deskwork.report(UNKNOWN, 2023), "docx")),
        deskwork.file("空白.pdf", b"%PDF-1.4\n%%EOF\n"),
    )
    # The year's report once more, with one figure corrected by its author.
    again = deskwork.report(year=2023, proactive__licensing__decisions=77)
    deskwork.handed_in(handler, deskwork.file("区教育局2023年报改.html", unsure(again)))
    earlier = Report.objects.get(organ__code="LX-JY", year=2021)
    actions.set_aside(by=handler, report=earlier, version=earlier.version)
    report = of("LX-JY")
    actions.confirm(by=handler, report=report, address=WRONG, version=report.version)
    made = written(deskwork.report("望山区教育局", 2023), "pdf")
    deskwork.handed_in(acting(cast, "outside_handler", "WS-JY"), deskwork.file("望山.pdf", made))


def unsure(made: AnnualReport) -> bytes:
    """As a web page in which one figure is said to be about so much, and one is wrong."""
    cells = made.cells
    marked = consistent.change(made, {DOUBTFUL: 98761, WRONG: 98762})
    page = written(marked, "html")
    value = str(cells[DOUBTFUL].value).encode()
    return page.replace(b">98761<", ">约".encode() + value + b"<")


def written(made: AnnualReport, carrier: str) -> bytes:
    """The report as a file."""
    return writers.write(made, to=carrier).data


# -- what the samples look for


def of(code: str) -> Report:
    """The report of 2023 of an organ."""
    return Report.objects.get(organ__code=code, year=2023)


def paged() -> Report:
    """The one that came in as a PDF."""
    return Report.objects.get(organ__code="LX-JY", year=2022)


def aside() -> Report:
    """The one that was set aside."""
    return Report.objects.get(organ__code="LX-JY", year=2021)


def batch(code: str) -> Batch:
    """The first batch that was handed in for an organ."""
    return Batch.objects.filter(organ__code=code).earliest("pk")


def ticked() -> list[int]:
    """The report that is rolled up."""
    return [of("LX-JY").pk]


def page(query: str) -> str:
    """The report's page, as asked for."""
    return reverse("desk:report", args=[of("LX-JY").pk]) + query


def compared() -> str:
    """Two years side by side."""
    return reverse("desk:compare", args=[of("LX-JY").pk]) + f"?with={paged().pk}"


def of_pages() -> str:
    """A report whose original is pages."""
    return reverse("desk:report", args=[paged().pk])


def apart() -> str:
    """Two versions held against each other."""
    return reverse("desk:versions", args=[of("LX-JY").pk]) + "?a=1&b=2"
