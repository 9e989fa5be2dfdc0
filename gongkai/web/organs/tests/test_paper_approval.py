"""纸质签批: a step signed on paper is recorded by another, with its scan, on a day that can be."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.ledger import events
from gongkai.web.ledger.models import Event
from gongkai.web.organs import particulars_actions as actions
from gongkai.web.organs import particulars_queries as reads
from gongkai.web.organs.actions import NotAllowed, WrongDay
from gongkai.web.organs.models import Particulars, Signature
from gongkai.web.organs.particulars_actions import Paper, WrongScan, WrongSigner
from gongkai.web.organs.particulars_life import State
from gongkai.web.organs.separation import OwnWork
from gongkai.web.shell.access import Role
from gongkai.web.tests import particulars as samples
from gongkai.web.tests.cast import Cast

PAPER = reverse("organs:particulars_paper", args=["LX-JY"])
PAGE = reverse("organs:particulars_of", args=["LX-JY"])


def scan(data: bytes = samples.PDF, name: str = "签批.pdf") -> UploadedFile:
    return samples.file(data, name)


def paper(**given: Any) -> Paper:
    today = timezone.localdate()
    stated: dict[str, Any] = {
        "step": "approve",
        "signed_on": today,
        "scan": scan(),
        "name": "戴示例 局长",
    }
    return Paper(**stated | given)


def record(cast: Cast, one: Particulars, given: Paper, *, by: str = "two_posts") -> Particulars:
    return actions.record_paper_signature(
        by=samples.acting(cast, by), particulars=one, version=one.version, paper=given
    )


def test_a_paper_is_recorded_by_another_and_told_so(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    one = samples.reviewed(cast)
    answer = client_as("two_posts", acting_at="LX-JY").post(
        PAPER,
        {
            "version": one.version,
            "name": "戴示例 局长",
            "signed_on": timezone.localdate().isoformat(),
            "scan": scan(),
            "comment": "同意",
        },
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == PAGE
    force = reads.in_force(one.organ, timezone.localdate())
    assert force == one
    signed = Signature.objects.exclude(scan="").get()
    assert signed.scan_sha256 == hashlib.sha256(samples.PDF).hexdigest()
    assert (signed.by_name, signed.recorded_by) == ("戴示例 局长", cast.accounts["two_posts"])
    version = reverse("organs:particulars_version", args=["LX-JY", 1])
    for reader in ("handler", "supervisor"):
        shown = client_as(reader).get(version).content.decode()
        assert "纸质签批（由 辛两岗 录入）" in shown
        assert reverse("organs:particulars_scan", args=["LX-JY", signed.pk]) in shown
    event = Event.objects.get(kind="particulars.approved")
    assert event.by == cast.accounts["two_posts"]
    assert event.new["sha256"] == signed.scan_sha256
    assert events.sentence(event) == "批准指南要素第 1 版（纸质，戴示例 局长签批）"


def test_both_steps_can_be_on_paper(cast: Cast) -> None:
    one = samples.submitted(cast)
    one = record(cast, one, paper(step="review", name="章示例 科长"), by="approver")
    assert one.state == State.REVIEWED
    one = record(cast, one, paper(), by="reviewer")
    assert one.state == State.APPROVED


def test_who_recorded_one_step_neither_records_nor_signs_the_other(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    one = samples.submitted(cast)
    one = record(cast, one, paper(step="review", name="章示例 科长"), by="approver")
    acting = samples.acting(cast, "approver", role=Role.APPROVER)
    with pytest.raises(OwnWork, match="不能登记两次"):
        record(cast, one, paper(), by="approver")
    with pytest.raises(OwnWork, match="不能经手两个环节"):
        actions.approve(by=acting, particulars=one, version=one.version)
    # Nor in the place of another, nor by another in theirs.
    with pytest.raises(OwnWork):
        record(cast, one, paper(), by="delegate")
    with pytest.raises(OwnWork):
        record(cast, one, paper(name="", account=cast.accounts["approver"]), by="reviewer")
    with pytest.raises(WrongSigner, match="同名"):
        record(cast, one, paper(name="丙批准 局长"), by="reviewer")
    shown = client_as("approver").get(PAGE).content.decode()
    assert PAPER not in shown
    assert reverse("organs:particulars_approve", args=["LX-JY"]) not in shown
    one.refresh_from_db()
    assert one.state == State.REVIEWED


def test_who_reviewed_on_screen_records_the_approval_of_a_small_unit(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    one = samples.reviewed(cast)
    assert PAPER in client_as("reviewer").get(PAGE).content.decode()
    assert record(cast, one, paper(), by="reviewer").state == State.APPROVED


def test_after_a_return_whoever_recorded_begins_anew(cast: Cast) -> None:
    one = samples.submitted(cast)
    one = record(cast, one, paper(step="review", name="章示例 科长"), by="reviewer")
    approver = samples.acting(cast, "approver", role=Role.APPROVER)
    one = actions.send_back(by=approver, particulars=one, version=one.version, comment="请补区号。")
    one = actions.submit(by=samples.acting(cast, "handler"), particulars=one, version=one.version)
    reviewer = samples.acting(cast, "reviewer", role=Role.REVIEWER)
    assert actions.review(by=reviewer, particulars=one, version=one.version).state == State.REVIEWED


def test_a_signer_with_an_account_is_chosen_by_it(cast: Cast) -> None:
    one = samples.reviewed(cast)
    one = record(cast, one, paper(name="", account=cast.accounts["approver"]))
    signed = one.signatures.get(step="approve")
    assert (signed.by, signed.by_name) == (cast.accounts["approver"], "丙批准")


def test_the_drafter_does_not_record(cast: Cast, client_as: Callable[..., Client]) -> None:
    one = samples.reviewed(cast)
    with pytest.raises(OwnWork):
        record(cast, one, paper(), by="handler")
    assert PAPER not in client_as("handler").get(PAGE).content.decode()
    # Nor in another role, nor who changed the draft, nor the drafter's delegate.
    samples.given(cast, "handler", Role.APPROVER)
    with pytest.raises(OwnWork):
        actions.record_paper_signature(
            by=samples.acting(cast, "handler", role=Role.APPROVER),
            particulars=one,
            version=one.version,
            paper=paper(),
        )


def test_the_drafters_delegate_does_not_record(cast: Cast) -> None:
    samples.given(cast, "approver", Role.HANDLER)
    drafter = samples.acting(cast, "approver", role=Role.HANDLER)
    one = actions.draft(by=drafter, organ=cast.organs["LX-JY"], values=samples.VALUES)
    one = actions.submit(by=drafter, particulars=one, version=one.version)
    with pytest.raises(OwnWork):
        record(cast, one, paper(step="review"), by="delegate")


def test_the_drafter_or_the_reviewer_did_not_sign_the_paper(cast: Cast) -> None:
    samples.given(cast, "handler", Role.APPROVER)
    samples.given(cast, "reviewer", Role.APPROVER)
    one = samples.reviewed(cast)
    for who in ("handler", "reviewer"):
        with pytest.raises(OwnWork):
            record(cast, one, paper(name="", account=cast.accounts[who]), by="approver")
    for name in ("甲经办", "甲经办 主任", "乙审核", " 乙审核　科长"):
        with pytest.raises(WrongSigner):
            record(cast, one, paper(name=name), by="approver")


def test_who_signed_does_not_record_their_own_paper(cast: Cast) -> None:
    one = samples.reviewed(cast)
    for signer in ({"account": cast.accounts["approver"], "name": ""}, {"name": "丙批准 局长"}):
        with pytest.raises(WrongSigner, match="屏幕"):
            record(cast, one, paper(**signer), by="approver")


def test_a_signer_held_the_role_on_that_day(cast: Cast) -> None:
    one = samples.reviewed(cast)
    with pytest.raises(WrongSigner, match="没有担任"):
        record(cast, one, paper(name="", account=cast.accounts["stationed"]))
    with pytest.raises(WrongSigner):
        record(cast, one, paper(name="  "))


def test_without_a_real_scan_nothing_is_recorded(cast: Cast) -> None:
    one = samples.reviewed(cast)
    page = b"<!doctype html><script>alert(1)</script>"
    for bad in (
        None,
        scan(b""),
        scan(page, "签批.pdf"),
        scan(samples.round_seal()[:400], "签批.png"),
        scan(b"PK\x03\x04 nothing", "签批.jpg"),
    ):
        with pytest.raises(WrongScan):
            record(cast, one, paper(scan=bad))
    one.refresh_from_db()
    assert one.state == State.REVIEWED
    assert not Signature.objects.exclude(scan="").exists()


def jpg(width: int, height: int) -> bytes:
    """The head of a JPG with nothing much behind it."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x04\x00\x00"
        + b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"
    )


def test_a_scan_that_does_not_open_or_is_too_small_is_not_taken(cast: Cast) -> None:
    one = samples.reviewed(cast)
    seal = samples.round_seal()
    head = struct.pack(">IIBBBBB", 800, 800, 8, 6, 0, 0, 0)
    hollow = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head
    hollow += b"\0\0\0\0" * 2 + b"IEND\xaeB`\x82"
    no_page = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    no_page += b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    at = seal.index(b"IDAT") + 4
    spoilt = seal[:at] + bytes(len(seal) - at - 16) + seal[-16:]
    bad = {
        "打不开": [
            (hollow, "签批.png"),
            (spoilt, "签批.png"),
            (b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9", "签批.jpg"),
            (no_page, "签批.pdf"),
            (b"%PDF-1.4\nnothing at all\n%%EOF\n", "签批.pdf"),
        ],
        "299×": [
            (samples.png([[(0, 0, 0, 255)] * 299] * 400), "签批.png"),
            (jpg(299, 900), "a.jpg"),
        ],
    }
    for words, files in bad.items():
        for data, name in files:
            with pytest.raises(WrongScan, match=words):
                record(cast, one, paper(scan=scan(data, name)))
    assert not Signature.objects.exclude(scan="").exists()


@pytest.mark.parametrize(
    ("data", "kind"), [(jpg(300, 300), "jpg"), (samples.PDF, "pdf"), (None, "png")]
)
def test_a_scan_that_opens_is_taken(data: bytes | None, kind: str, cast: Cast) -> None:
    one = samples.reviewed(cast)
    data = data or samples.png([[(255, 255, 255, 255)] * 300] * 300)
    one = record(cast, one, paper(scan=scan(data, f"签批.{kind}")))
    stored = one.signatures.get(step="approve").scan
    assert stored.name.endswith(f".{kind}")
    with stored.open("rb") as kept:
        assert kept.read() == data


def test_a_scan_is_what_it_holds_whatever_its_name(cast: Cast) -> None:
    one = samples.reviewed(cast)
    one = record(cast, one, paper(scan=scan(samples.round_seal(), "../../签批.pdf")))
    stored = one.signatures.get(step="approve").scan.name
    assert stored.startswith("paper/")
    assert stored.endswith(".png")
    assert "签批" not in stored


def test_a_paper_form_without_a_scan_keeps_what_was_typed(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    one = samples.reviewed(cast)
    answer = client_as("two_posts", acting_at="LX-JY").post(
        PAPER,
        {
            "version": one.version,
            "name": "戴示例 局长",
            "signed_on": timezone.localdate().isoformat(),
        },
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "没有扫描件不能登记" in shown
    assert "戴示例 局长" in shown


def test_the_day_lies_between_the_draft_and_today(cast: Cast) -> None:
    one = samples.reviewed(cast)
    today = timezone.localdate()
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(WrongDay):
            record(cast, one, paper(signed_on=day))
    # Drafted and reviewed a week ago, signed the day after.
    past = timezone.now() - timedelta(days=7)
    Particulars.objects.filter(pk=one.pk).update(drafted_at=past)
    with pytest.raises(WrongDay):
        record(cast, one, paper(signed_on=today - timedelta(days=6)))
    one.signatures.update(signed_on=today - timedelta(days=7))
    one = record(cast, one, paper(signed_on=today - timedelta(days=6)))
    assert one.state == State.APPROVED


def test_only_the_step_that_waits_is_recorded(cast: Cast) -> None:
    one = samples.submitted(cast)
    with pytest.raises(actions.NotNow):
        record(cast, one, paper(step="approve"))
    draft = replace(paper(), step="review")
    one = actions.recall(by=samples.acting(cast, "handler"), particulars=one, version=one.version)
    with pytest.raises(actions.NotNow):
        record(cast, one, draft)


@pytest.mark.parametrize(
    ("who", "code"),
    [("supervisor", "LX"), ("administrator", "LX"), ("newcomer", "LX-CG")],
)
def test_who_may_not_record(who: str, code: str, cast: Cast) -> None:
    one = samples.reviewed(cast)
    with pytest.raises(NotAllowed):
        actions.record_paper_signature(
            by=samples.acting(cast, who, code),
            particulars=one,
            version=one.version,
            paper=paper(),
        )
