"""文书的制作: a failed setting loses no number, a later one sets the same; no lock is held."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import case_events as e
from gongkai.statute.grounds import Ground
from gongkai.statute.writers import letter_pdf
from gongkai.web.applications import (
    archive_actions,
    jobs,
    letter_actions,
    letter_acts,
    letter_batch,
    letter_rendering,
)
from gongkai.web.applications.models import Letter, LetterTemplate, Matter
from gongkai.web.applications.tests.samples import PERSON
from gongkai.web.applications.tests.test_letters import (
    approved,
    begun,
    clarify,
    decide,
    office,  # noqa: F401 - a fixture
    printed,
    sign,
)
from gongkai.web.applications.tests.test_life import did, doer
from gongkai.web.ledger.models import Event, Secret
from gongkai.web.organs.models import OrganSetting
from gongkai.web.tests.cast import Cast

DAY = date(2026, 3, 4)


@pytest.fixture
def office_committing(transactional_db: None, office: Cast) -> Cast:  # noqa: F811
    return office


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The engine of PDFs fails once; tells whether it was asked within a transaction."""
    asked: list[bool] = []
    real = letter_pdf.write

    def write(*args: Any, **kwargs: Any) -> Any:
        asked.append(connection.in_atomic_block)
        if len(asked) == 1:
            raise RuntimeError(f"{PERSON.name} does not fit")
        return real(*args, **kwargs)

    monkeypatch.setattr(letter_pdf, "write", write)
    return asked


def test_a_failed_setting_loses_no_number_and_the_next_sets_the_same(
    office_committing: Cast, failing: list[bool], caplog: pytest.LogCaptureFixture
) -> None:
    cast = office_committing
    with caplog.at_level(logging.ERROR, "gongkai.letters"):
        matter = clarify(cast, begun(cast), DAY)
    letter = matter.letters.get()
    assert (letter.state, letter.number) == ("sent", "临教公开告〔2026〕1号")
    assert matter.state == "awaiting_clarification" and letter.pdf is None and letter.docx is None
    assert failing == [False]  # under no lock
    assert PERSON.name not in caplog.text and "RuntimeError" in caplog.text
    assert letter.composed is not None and PERSON.name.encode() not in bytes(letter.composed.sealed)
    # What the letter rests on moves on; the letter does not.
    LetterTemplate.objects.create(
        organ=matter.organ,
        kind="clarification",
        number=1,
        text="别的文字。",
        by=cast.accounts["administrator"],
        at=letter.at,
    )
    Matter.objects.filter(pk=matter.pk).update(text="改写了的内容")
    OrganSetting.objects.update_or_create(
        organ=matter.organ,
        key="paper.letterhead",
        defaults={
            "value": "临溪区教育局文件",
            "set_by": cast.accounts["administrator"],
            "set_at": letter.at,
        },
    )
    client = cast.client("handler")
    page = reverse("applications:letter", args=[letter.pk])
    shown = client.get(page).content.decode()
    assert "还没有制作出来" in shown and "重新制作" in shown and "下载 PDF" not in shown
    assert (
        "没有制作出来"
        in client.get(reverse("applications:case", args=[matter.pk])).content.decode()
    )
    events = Event.objects.count()
    answer = client.post(reverse("applications:letter_make", args=[letter.pk]), follow=True)
    assert "文书已制作" in answer.content.decode()
    letter = Letter.objects.get(pk=letter.pk)
    text = printed(letter)
    assert letter.number in text and PERSON.name in text and "请写明所需线路" in text
    assert "别的文字" not in text and "改写了的内容" not in text and "文件" not in text
    assert letter.composed is None and not Secret.objects.filter(label="letter").exists()
    assert Event.objects.count() == events  # nothing happened to the case
    assert "下载 PDF" in client.get(page).content.decode()
    again = letter.pdf_id
    letter_rendering.make(pk=letter.pk, by=None, at=letter.at)  # twice comes to the same
    letter.refresh_from_db()
    assert letter.pdf_id == again


def test_the_worker_makes_what_was_left(office_committing: Cast, failing: list[bool]) -> None:
    cast = office_committing
    letter = clarify(cast, begun(cast), DAY).letters.get()
    assert letter.composed is not None
    at = letter.composed.made_at
    assert letter_rendering.left_over(at=at + timedelta(minutes=1)) == []
    assert letter_rendering.left_over(at=at + timedelta(minutes=5)) == [letter.pk]
    assert letter_rendering.left_over(at=at + timedelta(days=2)) == []
    Secret.objects.filter(pk=letter.composed.pk).update(
        made_at=timezone.now() - timedelta(minutes=5)
    )
    jobs.make_letters.call_local()
    letter.refresh_from_db()
    assert letter.composed is None and letter.number in printed(letter)


def test_what_is_undone_makes_nothing(office_committing: Cast, failing: list[bool]) -> None:
    cast = office_committing
    matter = begun(cast)
    with transaction.atomic():
        clarify(cast, matter, DAY)
        transaction.set_rollback(True)
    assert failing == [] and not Letter.objects.exists()
    assert not Secret.objects.filter(label="letter").exists()


def test_an_answer_that_is_not_made_is_not_sent_printed_or_archived(
    office_committing: Cast, failing: list[bool]
) -> None:
    cast = office_committing
    matter = decide(cast, begun(cast), date(2026, 3, 10), Ground.NOT_FOUND, search="已检索")
    signed = sign(cast, approved(cast, matter))
    letter = letter_acts.answer_of(signed)
    assert letter is not None and letter.number and letter.composed_id
    by = doer(cast, "handler", date(2026, 3, 13))

    def send() -> letter_acts.Went:
        return letter_acts.send(
            by=by,
            matter=signed,
            version=signed.version,
            on=date(2026, 3, 13),
            way=e.Way.MAIL,
        )

    with pytest.raises(letter_rendering.NotMade) as refused:
        send()
    assert letter.number in str(refused.value.message)
    with pytest.raises(letter_rendering.NotMade):
        letter_batch.together(by=by, letters=[letter])
    signed.refresh_from_db()
    assert signed.state == "signed"
    assert letter_rendering.attempt(pk=letter.pk, by=by.by, at=by.at)
    went = send()
    done = did(cast, went.matter, "handler", e.Delivered(date(2026, 3, 16)))
    Letter.objects.filter(pk=letter.pk).update(composed=Secret.objects.filter(label="name").first())
    with pytest.raises(letter_rendering.NotMade):
        archive_actions.archive(
            by=doer(cast, "handler", date(2026, 3, 17)),
            matter=done,
            version=done.version,
            on=date(2026, 3, 17),
        )


def test_a_letter_made_void_before_it_was_made_keeps_no_names(
    office_committing: Cast, failing: list[bool]
) -> None:
    cast = office_committing
    matter = begun(cast)
    by = doer(cast, "handler", DAY)
    drafted = letter_actions.draft(
        by=by, of=matter, kind="consultation_notice", values={"consulted_on": DAY}
    )
    letter = letter_actions.issue(by=by, letter=drafted, version=1, on=DAY)
    assert letter.composed_id
    with pytest.raises(letter_rendering.NotMade):
        letter_actions.mark_sent(by=by, letter=letter, version=letter.version)
    letter_actions.void(by=by, letter=letter, version=letter.version, reason="做不出来")
    assert not Secret.objects.filter(label="letter").exists()
    letter.refresh_from_db()
    assert letter.composed_id is None and letter.number
