"""写出: `gongkai write` and `gongkai convert`: reports read, corrected if asked, written anew.

What is written is never one of the files read; it appears whole or not at all.
"""

from __future__ import annotations

import os
import re
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
from gongkai.statute import checks, notes, writers
from gongkai.statute.findings import Level, Outcome
from gongkai.statute.report import AnnualReport, CannotRead, Note
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

    def of(self, reports: Sequence[AnnualReport]) -> list[str]:
        """The paths of the source's reports: several are told apart by organ and year."""
        if len(reports) == 1:
            return [self.path]
        root, suffix = os.path.splitext(self.path)
        names = [_named(report) for report in reports]
        found = []
        for part, name in enumerate(names, 1):
            path = f"{root}-{name if name and names.count(name) == 1 else part}"
            while _plain(path + suffix) in self.others:
                path += "_"
            found.append(path + suffix)
        return found


def _named(report: AnnualReport) -> str:
    """Organ and year as a file's name may hold them."""
    name = f"{report.organ or ''}{report.year or ''}"
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]', "", name)[:60].strip(" .")


@dataclass(frozen=True, slots=True)
class Write:
    """写出一份文件的各份报告."""

    manner: cli_run.Manner
    to: str
    targets: Mapping[str, Target]  # by the source's name
    correct: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""  # its name, for people

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
        for report, path in zip(held, target.of(held), strict=True):
            write = partial(self._write, source, report, path)
            answers.append(cli_run.guarded(self.manner, source.name, write))
        return cli_run.together(answers)

    def _write(self, source: Source, report: AnnualReport, path: str) -> cli_run.Answer:
        try:
            return self.put(source, path, *self.written(report))
        except CannotRead as cause:
            if cause.id != "error.template":
                raise
            return cli_run.unreadable(self.manner, self.template, cause)

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
        levels = Counter(one.level for one in corrected.left if one.outcome is Outcome.BROKEN)
        left = notes.note(
            "correct.left",
            made=len(corrected.made),
            errors=levels[Level.ERROR],
            warnings=levels[Level.WARNING],
        )
        return corrected.report, (*(one.note() for one in corrected.made), left)

    def put(self, source: Source, path: str, data: bytes, said: Sequence[Note]) -> cli_run.Answer:
        """One file put in its place; an answer that names it."""
        lang = self.manner.lang
        counts = Counter(" ".join(note.text.say(lang).split()) for note in said)
        err = "".join(f"  {one}{f' × {n}' if n > 1 else ''}\n" for one, n in counts.items())
        if path == STDOUT:
            return cli_run.Answer(err=err, data=data, counts=Counter({"written": 1}))
        replaced = os.path.isfile(path)
        try:
            cli_files.put(path, data)
        except OSError as cause:
            why = cli_files.reason(cause)
            told = Text("{path}：不能写入（{why}）。", "{path}: cannot be written ({why}).")
            return cli_run.Answer(err=told.within(path=path, why=why).say(lang) + "\n", code=3)
        over = Text("（替换了原有的文件）", " (replaced the file that was there)").say(lang)
        arrow = f"{source.name} → {path}{over if replaced else ''}\n"
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
        told = [note for _, said in prepared for note in said]
    else:
        made = [job.written(report) for report in held]
        data = b"".join(one for one, _ in made)
        told = [note for _, said in made for note in said]
    return job.put(source, job.targets[source.name].path, data, told)


# -- where things go


def carrier(to: str | None, output: str, template: str | None = None) -> str:
    """The carrier to write: the one named, else that of the output's suffix."""
    known = "、".join(writers.CARRIERS)
    suffix = "" if _is_folder(output) else Path(output).suffix.lower().lstrip(".")
    if to is not None and to.lower() not in writers.CARRIERS:
        raise UsageError(Text(f"--to 只能是 {known}。", f"--to is one of {known}."))
    if to is not None:
        if suffix in writers.CARRIERS and suffix != to.lower():
            raise UsageError(
                Text(
                    f"-o 的后缀 .{suffix} 与 --to {to} 不一致，请只写一种。",
                    f"-o ends in .{suffix}, --to says {to}: which of the two?",
                )
            )
        return to.lower()
    if suffix in writers.CARRIERS:
        return suffix
    if template is not None and not suffix:
        return "docx"
    if suffix:
        raise UsageError(
            Text(
                f"写不了 .{suffix}；可以写 {known}。", f".{suffix} cannot be written; {known} can."
            )
        )
    raise UsageError(
        Text(
            f"从 -o {output} 看不出写成什么，请加 --to（{known}）。",
            f"-o {output} does not tell what to write: add --to ({known}).",
        )
    )


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or os.path.isdir(output)


def targets(found: cli_files.Found, to: str, output: str) -> dict[str, Target]:
    """Where each source goes: the file named for one source, files in a folder for several."""
    folder = _is_folder(output)
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
    stems = _stems(found.sources)
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


def _stems(sources: Sequence[Source]) -> list[str]:
    """What each source's file is called: its own name, with its folder's where names are equal."""
    own = ["stdin" if s.name == STDOUT else Path(s.name).stem for s in sources]
    often = Counter(stem.casefold() for stem in own)
    return [
        stem
        if often[stem.casefold()] == 1 or not (above := Path(s.name).parent.stem)
        else f"{above}_{stem}"
        for s, stem in zip(sources, own, strict=True)
    ]


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
        said = Text(
            "--template：{name} 不能读取（{why}）。", "--template: {name} cannot be read ({why})."
        )
        raise UsageError(said.within(name=template, why=cli_files.reason(cause))) from None
