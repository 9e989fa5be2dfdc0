"""写出: `gongkai write` and `gongkai convert`: reports read, corrected if asked, written anew.

What is written is never one of the files read; it appears whole or not at all.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from gongkai import cli_files, cli_run
from gongkai.cli_files import Source
from gongkai.cli_language import UsageError
from gongkai.statute import checks, writers
from gongkai.statute.report import AnnualReport, Note
from gongkai.statute.texts import Text

STDOUT = "-"
HOLD_MANY = ("json", "csv")
"""Carriers of which one file holds several reports."""


@dataclass(frozen=True, slots=True)
class Target:
    """去处: where one source is written: a file, a folder's file, or standard output.

    ``others`` are the paths (see `_plain`) that are read or belong to another source.
    """

    path: str
    in_folder: bool = False
    others: frozenset[str] = frozenset()

    def of(self, part: int, parts: int) -> str:
        """The path of one of the source's reports, numbered where there are several."""
        if parts == 1:
            return self.path
        root, suffix = os.path.splitext(self.path)
        root = f"{root}-{part}"
        while _plain(root + suffix) in self.others:
            root += "_"
        return root + suffix


@dataclass(frozen=True, slots=True)
class Write:
    """写出一份文件的各份报告."""

    manner: cli_run.Manner
    to: str
    targets: Mapping[str, Target]  # by the source's name
    correct: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, source: Source) -> cli_run.Answer:
        """Every report of a file written where it belongs; what is to be known on stderr."""
        held: list[AnnualReport] = []

        def keep(report: AnnualReport) -> cli_run.Answer:
            held.append(report)
            return cli_run.Answer()

        read = cli_run.answer(self.manner, source, keep)
        target = self.targets[source.name]
        if len(held) > 1 and not target.in_folder:
            work = partial(_one_file_many, self, source, held)
            return cli_run.together([read, cli_run.guarded(self.manner, source.name, work)])
        answers = [read]
        for part, report in enumerate(held, 1):
            write = partial(self._write, source, report, target.of(part, len(held)))
            answers.append(cli_run.guarded(self.manner, source.name, write))
        return cli_run.together(answers)

    def _write(self, source: Source, report: AnnualReport, path: str) -> cli_run.Answer:
        return self.put(source, path, *self.written(report))

    def written(self, report: AnnualReport) -> tuple[bytes, tuple[Note, ...]]:
        """The bytes of one report and what its user should know."""
        report, said = self.prepared(report)
        findings = checks.check(report).findings if self.to == "xlsx" else ()
        done = writers.write(
            report, to=self.to, lang=self.manner.lang, findings=findings, **self.options
        )
        return done.data, (*said, *done.notes)

    def prepared(self, report: AnnualReport) -> tuple[AnnualReport, tuple[Note, ...]]:
        """The report to be written, corrected if that was asked, and the changes."""
        if not self.correct:
            return report, ()
        from gongkai.statute import corrections

        corrected = corrections.correct(report)
        return corrected.report, tuple(one.note() for one in corrected.made)

    def put(self, source: Source, path: str, data: bytes, notes: Sequence[Note]) -> cli_run.Answer:
        """One file put in its place; an answer that names it."""
        err = "".join(f"  {note.text.say(self.manner.lang)}\n" for note in notes)
        if path == STDOUT:
            return cli_run.Answer(err=err, data=data, counts=Counter({"written": 1}))
        try:
            cli_files.put(path, data)
        except OSError as cause:
            said = Text("不能写入（{why}）", "cannot be written ({why})").within(
                why=cause.strerror or cause
            )
            return cli_run.Answer(err=f"{path}: {said.say(self.manner.lang)}\n", code=3)
        arrow = f"{source.name} → {path}\n"
        return cli_run.Answer(arrow, err, counts=Counter({"written": 1}))


def _one_file_many(job: Write, source: Source, held: Sequence[AnnualReport]) -> cli_run.Answer:
    """Several reports to one file of a carrier that holds many."""
    if job.to not in HOLD_MANY:
        said = Text(
            "{name} 中有 {n} 份报告，请用 -o 指定一个文件夹（以 / 结尾）。",
            "{name} holds {n} reports: name a folder with -o (ending in /).",
        ).within(name=source.name, n=len(held))
        return cli_run.Answer(err=said.say(job.manner.lang) + "\n", code=2)
    if job.to == "csv":
        from gongkai.statute.writers import csv

        prepared = [job.prepared(report) for report in held]
        data = csv.data([report for report, _ in prepared])
        notes = [note for _, said in prepared for note in said]
    else:
        made = [job.written(report) for report in held]
        data = b"".join(one for one, _ in made)
        notes = [note for _, said in made for note in said]
    return job.put(source, job.targets[source.name].path, data, notes)


# -- where things go


def carrier(to: str | None, output: str) -> str:
    """The carrier to write: the one named, else that of the output's suffix."""
    known = "、".join(writers.CARRIERS)
    suffix = Path(output).suffix.lower().lstrip(".")
    if to is None and suffix in writers.CARRIERS:
        return suffix
    if to is None:
        raise UsageError(
            Text(
                f"从 -o {output} 看不出写成什么，请加 --to（{known}）。",
                f"-o {output} does not tell what to write: add --to ({known}).",
            )
        )
    if to not in writers.CARRIERS:
        raise UsageError(
            Text(f"--to 只能是 {known}。", f"--to is one of {known}."),
        )
    return to


def targets(found: cli_files.Found, to: str, output: str) -> dict[str, Target]:
    """Where each source goes: the file named for one source, files in a folder for several."""
    folder = output.endswith(("/", os.sep)) or os.path.isdir(output)
    if not folder and len(found.sources) > 1:
        raise UsageError(
            Text(
                f"有 {len(found.sources)} 个文件，请用 -o 指定一个文件夹（以 / 结尾）。",
                f"There are {len(found.sources)} files: name a folder with -o (ending in /).",
            )
        )
    if not folder:
        _refuse_own(output, found.sources)
        return {source.name: Target(output) for source in found.sources}
    stems = [_stem(source) for source in found.sources]
    taken = {stem.casefold() for stem in stems}  # 有的系统文件名不分大小写
    seen: set[str] = set()
    given: dict[str, Target] = {}
    for source, stem in zip(found.sources, stems, strict=True):
        name = stem
        if stem.casefold() in seen:
            name = next(n for at in count(2) if (n := f"{stem}-{at}").casefold() not in taken)
            taken.add(name.casefold())
        seen.add(stem.casefold())
        path = os.path.join(output, f"{name}.{to}")
        _refuse_own(path, found.sources)
        given[source.name] = Target(path, in_folder=True)
    others = frozenset(_plain(t.path) for t in given.values())
    others |= {_plain(source.path) for source in found.sources if source.path}
    return {name: replace(target, others=others) for name, target in given.items()}


def _plain(path: str) -> str:
    """A path as two are compared; some systems make no difference of capitals."""
    return os.path.realpath(path).casefold()


def _stem(source: Source) -> str:
    return "stdin" if source.name == STDOUT else Path(source.name).stem


def _refuse_own(path: str, sources: Sequence[Source]) -> None:
    for source in sources:
        if source.path and os.path.exists(path) and os.path.samefile(path, source.path or path):
            raise UsageError(
                Text(
                    f"{path} 是要读的文件，不能写在原件上，请换一个名字。",
                    f"{path} is a file to be read: it is not overwritten. Choose another name.",
                )
            )


def options(to: str, template: str | None, fonts: Sequence[str]) -> dict[str, Any]:
    """What only one carrier knows of: a form to fill in (docx), folders of fonts (pdf)."""
    if template is not None and to != "docx":
        raise UsageError(
            Text("--template 只用于 docx。", "--template is for docx only."),
        )
    if to == "pdf":
        from gongkai.convert import fonts as on_system

        for folder in fonts:
            if not os.path.isdir(folder):
                raise UsageError(
                    Text(
                        f"--fonts：没有文件夹 {folder}。", f"--fonts: there is no folder {folder}."
                    )
                )
        return {"fonts": tuple(fonts) or on_system.for_pdf()}
    if template is None:
        return {}
    try:
        return {"template": Path(template).read_bytes()}
    except OSError as cause:
        said = Text("--template：{name} 不能读取（{why}）", "--template: {name} ({why})")
        raise UsageError(said.within(name=template, why=cause.strerror or cause)) from None
