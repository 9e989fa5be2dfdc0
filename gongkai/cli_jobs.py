"""任务: what `gongkai read` and `gongkai check` do with one file, in whichever process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from gongkai import cli_check, cli_read, cli_run
from gongkai.cli_files import Source
from gongkai.cli_paper import Page
from gongkai.statute.report import AnnualReport
from gongkai.statute.writers import json as json_writer


@dataclass(frozen=True, slots=True)
class Read:
    """读取一份文件."""

    manner: cli_run.Manner

    def __call__(self, source: Source) -> cli_run.Answer:
        """The reports of a file."""
        return cli_run.answer(self.manner, source, self._tell)

    def _tell(self, report: AnnualReport) -> cli_run.Answer:
        if self.manner.as_json:
            return cli_run.Answer(json_writer.dump_line(report, self.manner.lang))
        return cli_run.Answer(cli_read.page(report, self.manner.paper))


@dataclass(frozen=True, slots=True)
class Keep:
    """留下一份文件的报告, for a report to be checked against."""

    manner: cli_run.Manner

    def __call__(self, source: Source) -> tuple[cli_run.Answer, list[AnnualReport]]:
        """What is to be said of the file, and its reports."""
        kept: list[AnnualReport] = []

        def keep(report: AnnualReport) -> cli_run.Answer:
            kept.append(report)
            return cli_run.Answer()

        return cli_run.answer(self.manner, source, keep), kept


@dataclass(frozen=True, slots=True)
class Check:
    """检查一份文件."""

    manner: cli_run.Manner
    against: cli_check.Against
    strict: bool = False

    def __call__(self, source: Source) -> cli_run.Answer:
        """What the rules say of the reports of a file."""
        return cli_run.answer(self.manner, source, self._tell)

    def _tell(self, report: AnnualReport) -> cli_run.Answer:
        outcomes = self.against.check(report)
        broken = cli_check.is_broken(outcomes.findings, strict=self.strict)
        counts = Counter({"checked": 1, "broken": int(broken)})
        if self.manner.as_json:
            told = json_writer.checked_dict(
                report, outcomes.findings, outcomes.held, self.manner.lang
            )
            out = json_writer.line(told)
        else:
            page = Page(self.manner.paper)
            cli_check.page(page, report, outcomes.findings, outcomes.held, self.against)
            out = page.text()
        row = cli_check.row(report, outcomes.findings, broken=broken)
        return cli_run.Answer(out, "", cli_run.FOUND if broken else 0, counts, rows=(row,))
