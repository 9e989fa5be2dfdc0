"""遮盖: a file is marked, searched, and what is made of it holds nothing of what was marked."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.convert import redaction
from gongkai.convert.redaction import Left, Mark, NotClean
from gongkai.convert.tests import redaction_files as files
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_events import Accepted
from gongkai.statute.pdfium import LOCK
from gongkai.statute.texts import same
from gongkai.web.applications import (
    jobs,
    life,
    recording,
    redaction_actions,
    redaction_queries,
)
from gongkai.web.applications.intake import Asker
from gongkai.web.applications.models import Matter, Redaction
from gongkai.web.applications.tests.samples import paper, registered
from gongkai.web.applications.tests.test_letter_pages import PARTLY
from gongkai.web.ledger import attachments, events
from gongkai.web.ledger.models import Attachment, Event
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db
NAME = files.SECRET
PERSON = Asker(ApplicantKind.NATURAL_PERSON, name=NAME, phone="13800001234")


def begun(cast: Cast, data: bytes | None = None, name: str = "材料.pdf") -> tuple[Matter, Any]:
    """A matter with a file."""
    matter = registered(cast, paper(arrived=timezone.localdate(), askers=(PERSON,)))
    return matter, attached(cast, matter, data or files.text(), name)


def attached(cast: Cast, matter: Matter, data: bytes, name: str) -> Attachment:
    by = acting(cast, "handler", "LX-JY", role=Role.HANDLER)
    return attachments.attach(
        organ=matter.organ,
        subject=life.address(matter),
        file=SimpleUploadedFile(name, data),
        kinds=("pdf", "png", "jpg"),
        by=by.by,
        at=by.at,
    )


def at(matter: Matter, original: Attachment, name: str = "redact", **more: Any) -> str:
    return reverse(f"applications:{name}", args=[matter.pk, original.pk, *more.values()])


def handler(cast: Cast) -> Client:
    return cast.client("handler", acting_at="LX-JY")


def numbers(*marks: tuple[float, float, float, float], version: int = 0, **more: Any) -> Any:
    """A page's marks as the form sends them."""
    given: dict[str, Any] = {
        "version": version,
        "form-TOTAL_FORMS": len(marks) + 1,
        "form-INITIAL_FORMS": 0,
        f"form-{len(marks)}-ground": "third_party",
    }
    for n, edges in enumerate(marks):
        for edge, value in zip(("left", "top", "right", "bottom"), edges, strict=True):
            given[f"form-{n}-{edge}"] = value
        given[f"form-{n}-ground"] = "third_party"
    return given | more


def searched(data: bytes, folder: Path) -> str:
    """All that pdftotext, pdfium and the raw streams tell, without white space."""
    told = [data.decode("latin-1"), data.decode("utf-16-be", "ignore")]
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            told.append(zlib.decompressobj().decompress(data[match.end() :]).decode("latin-1"))
        except zlib.error:
            continue
    with LOCK, pypdfium2.PdfDocument(data) as document:
        told += [page.get_textpage().get_text_range() for page in document]
        told.append(str(document.get_metadata_dict()))
    tool = shutil.which("pdftotext")
    if tool is not None:
        path = folder / "released.pdf"
        path.write_bytes(data)
        run = subprocess.run([tool, str(path), "-"], capture_output=True, check=True)
        told.append(run.stdout.decode())
    return "".join("".join(told).split())


def find(client: Client, matter: Matter, original: Attachment, **typed: Any) -> str:
    given = {"patterns": list(redaction.PATTERNS), **typed}
    answer = client.post(at(matter, original, "redact_find"), given)
    assert answer.status_code == 200
    return str(answer.content.decode())


def take(client: Client, matter: Matter, original: Attachment, page: str, **more: Any) -> Any:
    """Everything that the page proposes is ticked as it stands."""
    hits = re.findall(r'name="hits" value="([^"]+)" checked', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    given = {"_take": "1", "hits": hits, "ground": "third_party", "version": version[1], **more}
    return client.post(at(matter, original, "redact_find"), given)


# -- searching, making


def test_what_is_found_is_marked_and_gone_for_three_tools(cast: Cast, tmp_path: Path) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    before = attachments.verified(original)
    assert NAME.replace(" ", "") in searched(before, tmp_path)
    page = find(client, matter, original, names="on")
    assert NAME in page, "the applicant's name is searched for, though nobody typed it"
    assert files.NUMBER in page and "身份证号码" in page
    assert take(client, matter, original, page).status_code == 302
    one = Redaction.objects.get()
    assert len(one.marks) >= 2 and NAME not in str(one.marks)
    assert client.get(at(matter, original, "redact_make")).status_code == 200
    made = client.post(at(matter, original, "redact_make"), {"version": one.version}, follow=True)
    assert "已制作遮盖件，并通过核验" in made.content.decode()
    one.refresh_from_db()
    assert one.state == "made" and one.made is not None
    after = attachments.verified(one.made)
    text = searched(after, tmp_path)
    for secret in (NAME, files.NUMBER):
        assert secret.replace(" ", "") not in text
    # The original is as it was; both stand in the file of the case.
    assert attachments.verified(original) == before
    page = client.get(reverse("applications:case", args=[matter.pk])).content.decode()
    assert one.made.name in page and original.name in page
    assert redaction_queries.released(matter) == [one.made]
    assert NAME not in one.made.name and "材料" not in one.made.name


def test_the_event_tells_how_many_and_why_and_nothing_of_what(cast: Cast) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    take(client, matter, original, find(client, matter, original, names="on"))
    one = Redaction.objects.get()
    client.post(at(matter, original, "redact_make"), {"version": one.version})
    event = Event.objects.get(kind="redaction.made")
    assert event.new["count"] == len(one.marks)
    assert event.new["reasons"] == {"third_party": len(one.marks)}
    assert NAME not in str(event.new) and original.name not in str(event.new)
    assert f"遮盖 {len(one.marks)} 处（《条例》第十五条" in events.sentence(event)
    assert event.by == cast.accounts["handler"]


def test_what_does_not_pass_is_not_kept_and_says_why(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    client.post(at(matter, original), numbers((72, 130, 300, 160)))

    def dirty(*_args: Any, **_more: Any) -> Any:
        raise NotClean([Left("words", same("文件中仍可找到“张…（3）”"))])

    monkeypatch.setattr(redaction, "apart", dirty)
    version = Redaction.objects.get().version
    held = Attachment.objects.count()
    monkeypatch.setattr(
        "gongkai.web.applications.redaction_pages.sizes",
        lambda _original: [redaction.PageSize(1, 595, 842)],
    )
    page = client.post(at(matter, original, "redact_make"), {"version": version}, follow=True)
    told = page.content.decode()
    assert "没有通过核验" in told and "仍可找到" in told
    one = Redaction.objects.get()
    assert (one.state, one.made, len(one.marks)) == ("failed", None, 1)
    assert Attachment.objects.count() == held
    assert not Event.objects.filter(kind="redaction.made").exists()
    monkeypatch.undo()
    client.post(at(matter, original, "redact_make"), {"version": one.version})
    assert Redaction.objects.get().state == "made", "what was marked is still there to be made"


def test_terms_are_searched_and_only_what_is_ticked_is_marked(cast: Cast) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    page = find(client, matter, original, patterns=[], terms=f"{NAME}\n没有的词")
    hits = re.findall(r'name="hits" value="([^"]+)"', page)
    assert hits and files.NUMBER not in page
    take(client, matter, original, page, hits=hits[:1], ground="process")
    (told,) = Redaction.objects.get().marks
    assert told["ground"] == "process" and told["page"] == 1
    again = find(client, matter, original, patterns=[], terms=NAME)
    assert "已标记" in again
    take(client, matter, original, again, hits=hits[:1])
    assert len(Redaction.objects.get().marks) == 1, "no mark twice"
    wrong = client.post(at(matter, original, "redact_find"), {"terms": "。。"})
    assert wrong.status_code == 422
    forged = take(client, matter, original, again, hits=["9:1,1,2,2", "x"])
    assert forged.status_code == 302 and len(Redaction.objects.get().marks) == 1


# -- marking by numbers


def test_boxes_by_numbers_work_without_scripts_and_mistakes_are_said(cast: Cast) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    page = client.get(at(matter, original)).content.decode()
    assert 'viewBox="0 0 595.00 842.00"' in page and "框 1" in page
    wrong = client.post(at(matter, original), numbers((300, 130, 72, 160), (9000, 1, 9001, 2)))
    assert wrong.status_code == 422
    told = wrong.content.decode()
    assert "左应小于右" in told and "不在这一页之内" in told and 'value="300"' in told
    assert client.post(at(matter, original), numbers((72, 130, 300.5, 160))).status_code == 302
    page = client.get(at(matter, original)).content.decode()
    assert '<rect x="72.00" y="130.00" width="228.50" height="30.00"/>' in page
    assert 'class="sheet solid"' in client.get(at(matter, original) + "?solid").content.decode()
    gone = numbers((72, 130, 300.5, 160), version=1) | {"form-0-DELETE": "on"}
    client.post(at(matter, original), gone)
    assert Redaction.objects.get().marks == []


def test_who_marked_meanwhile_is_not_overwritten(cast: Cast) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    client.post(at(matter, original), numbers((72, 130, 300, 160)))
    late = client.post(at(matter, original), numbers((10, 10, 20, 20)))
    assert late.status_code == 422 and "别人刚才改动了" in late.content.decode()
    assert 'value="10"' in late.content.decode(), "what was drawn is not lost"
    assert Redaction.objects.get().marks[0]["box"] == [72, 130, 300, 160]


def test_a_picture_is_blackened_as_a_picture(cast: Cast) -> None:
    image = pytest.importorskip("PIL.Image")
    made = io.BytesIO()
    image.effect_noise((300, 200), 60).convert("RGB").save(made, "PNG")
    matter, original = begun(cast, made.getvalue(), "照片.png")
    client = handler(cast)
    page = client.get(at(matter, original)).content.decode()
    assert 'viewBox="0 0 300.00 200.00"' in page
    shown = client.get(at(matter, original, "redact_page", number=1))
    assert shown["Content-Type"] == "image/png" and "private" in shown["Cache-Control"]
    assert "逐页人工查看" in find(client, matter, original, names="on")
    client.post(at(matter, original), numbers((20, 20, 120, 60)))
    client.post(at(matter, original, "redact_make"), {"version": 1})
    one = Redaction.objects.get()
    assert one.state == "made" and one.made is not None and one.made.file.kind == "png"
    with image.open(io.BytesIO(attachments.verified(one.made))) as opened:
        assert not any(opened.convert("RGB").crop((20, 20, 120, 60)).tobytes())


def test_a_second_version_begins_with_the_marks_of_the_first(cast: Cast) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    client.post(at(matter, original), numbers((72, 130, 300, 160)))
    client.post(at(matter, original, "redact_make"), {"version": 1})
    page = client.get(at(matter, original)).content.decode()
    assert '<rect x="72.00"' in page and "已制作的遮盖件" in page
    marks = numbers((72, 130, 300, 160), (72, 200, 300, 220))
    client.post(at(matter, original), marks)
    client.post(at(matter, original, "redact_make"), {"version": 1})
    first, second = Redaction.objects.order_by("pk")
    assert (len(first.marks), len(second.marks)) == (1, 2)
    assert redaction_queries.released(matter) == [second.made]


# -- the queue


def test_a_long_file_is_made_by_the_worker_and_taken_up_after_a_crash(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    client.post(at(matter, original), numbers((72, 130, 300, 160)))
    monkeypatch.setattr(redaction_actions, "AT_ONCE", 0)
    told: list[int] = []
    monkeypatch.setattr(jobs, "make", told.append)
    page = client.post(at(matter, original, "redact_make"), {"version": 1}, follow=True)
    one = Redaction.objects.get()
    assert told == [one.pk] and one.state == "making"
    assert "正在制作" in page.content.decode()
    late = client.post(at(matter, original), numbers((1, 1, 9, 9), version=one.version))
    assert "完成后才能改动标记" in late.content.decode()
    now = timezone.now()
    assert redaction_actions.left_over(at=now) == []
    assert redaction_actions.left_over(at=now + timedelta(minutes=31)) == [one.pk]
    apart = redaction.apart
    begun_: list[list[int]] = []

    def worked(*args: Any) -> Any:
        begun_.append(redaction_actions.left_over(at=now + timedelta(minutes=60)))
        return apart(*args)

    monkeypatch.setattr(redaction, "apart", worked)
    redaction_actions.make(pk=one.pk, at=now + timedelta(minutes=31))
    assert begun_ == [[]], "nor is it begun a second time meanwhile"
    assert redaction_actions.make(pk=one.pk, at=now) is None, "twice does no harm"
    one.refresh_from_db()
    assert one.state == "made" and Event.objects.filter(kind="redaction.made").count() == 1


def test_an_answer_that_discloses_offers_the_redacted_file_as_its_attachment(cast: Cast) -> None:
    matter, original = begun(cast)
    by = acting(cast, "handler", "LX-JY", role=Role.HANDLER)
    recording.act(
        by=by, matter=matter, event=Accepted(timezone.localdate()), version=matter.version
    )
    client = handler(cast)
    client.post(at(matter, original), numbers((72, 130, 300, 160)))
    client.post(at(matter, original, "redact_make"), {"version": 1})
    made = Redaction.objects.get().made
    assert made is not None
    page = client.post(
        reverse("applications:decide", args=[matter.pk]), {**PARTLY, "_step": "1"}
    ).content.decode()
    field = re.search(r'<textarea name="attachments"[^>]*>([^<]*)', page)
    assert field is not None and field[1].strip() == made.name


# -- who may, and what


def test_only_the_handlers_of_the_organ_and_only_its_files(cast: Cast) -> None:
    matter, original = begun(cast)
    other = registered(cast, paper(arrived=timezone.localdate()))
    client = handler(cast)
    for name in ("redact", "redact_find", "redact_make"):
        assert client.get(at(other, original, name)).status_code == 404
        foreign = cast.client("outside_handler", acting_at="WS-JY")
        assert foreign.get(at(matter, original, name)).status_code == 404
        assert cast.client("supervisor").get(at(matter, original, name)).status_code == 403
        assert Client().get(at(matter, original, name)).status_code == 302
    assert client.get(at(matter, original, "redact_page", number=2)).status_code == 404


def test_a_file_that_cannot_be_opened_says_why(cast: Cast) -> None:
    matter, original = begun(cast, b"%PDF-1.4\nbroken\n%%EOF\n")
    answer = handler(cast).get(at(matter, original))
    assert answer.status_code == 200 and "无法" in answer.content.decode()


def test_nothing_marked_makes_nothing(cast: Cast) -> None:
    matter, original = begun(cast)
    client = handler(cast)
    page = client.post(at(matter, original, "redact_make"), {"version": 0}, follow=True)
    assert "还没有标记" in page.content.decode()
    assert not Redaction.objects.exists()


def test_marks_are_kept_as_places_alone() -> None:
    found = Mark(1, 1, 2, 3, 4, "term", "陈示例")
    (box,) = redaction_actions.plain([found], redaction_actions.USUAL)
    assert "陈示例" not in str(box.data) and redaction_actions.box(box.data).mark.text == ""
