"""印章图样: what is taken for a seal, its periods, who uploads and who sees it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.ledger.models import Event
from gongkai.web.organs import preference_actions, seal_actions, seal_pictures
from gongkai.web.organs import seal_queries as reads
from gongkai.web.organs.actions import NotAllowed, WrongDay
from gongkai.web.organs.models import Seal
from gongkai.web.organs.seal_actions import NoSeal, UnfitPicture
from gongkai.web.organs.seal_pictures import Unfit, look_at
from gongkai.web.tests import particulars as samples
from gongkai.web.tests.cast import Cast

GOOD = samples.round_seal(320)
RED = (200, 22, 29, 255)


def block(side: int, colour: tuple[int, int, int, int], ground: tuple[int, int, int, int]) -> bytes:
    """A picture whose upper half is inked."""
    return samples.png([[colour if y < side // 2 else ground] * side for y in range(side)])


# -- the picture


def test_a_red_seal_on_a_transparent_ground_is_taken() -> None:
    picture = look_at(GOOD)
    assert (picture.width, picture.height) == (320, 320)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (samples.round_seal(200), "像素"),
        (samples.png([[RED] * 320] + [[(0, 0, 0, 0)] * 320] * 150), "像素"),
        (samples.png([[RED] * 700] * 100 + [[(0, 0, 0, 0)] * 700] * 250), "狭长"),
        (samples.round_seal(320, ground=(255, 255, 255, 255)), "透明底"),
        (block(320, RED, (255, 255, 255, 200)), "透明底"),
        (block(320, (0, 0, 0, 0), (0, 0, 0, 0)), "空白"),
        (block(320, (30, 30, 30, 255), (0, 0, 0, 0)), "红色"),
        (block(320, (20, 60, 200, 255), (0, 0, 0, 0)), "红色"),
        (GOOD[:200] + b"\0" * 400 + GOOD[-12:], "损坏"),
        (GOOD[: len(GOOD) // 2] + GOOD[-12:], "损坏"),
        (b"\x89PNG\r\n\x1a\n", "损坏"),
    ],
)
def test_what_is_no_seal_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        look_at(data)


def test_a_giant_is_refused_by_its_head_alone() -> None:
    head = GOOD[:16] + (60_000).to_bytes(4, "big") * 2 + GOOD[24:]
    with pytest.raises(Unfit, match="60000×60000"):
        look_at(head)


# -- periods


def add(cast: Cast, since: date, data: bytes = GOOD, who: str = "administrator") -> Seal:
    return seal_actions.add_seal(
        by=samples.acting(cast, who, "LX" if who == "administrator" else "LX-JY"),
        organ=cast.organs["LX-JY"],
        picture=samples.file(data, "印章.png"),
        valid_from=since,
    )


def test_a_new_seal_ends_the_former_which_is_kept(cast: Cast) -> None:
    first = add(cast, date(2021, 3, 1))
    second = add(cast, date(2024, 1, 1), samples.round_seal(330))
    organ = cast.organs["LX-JY"]
    assert reads.seal_on(organ, date(2021, 2, 28)) is None
    assert reads.seal_on(organ, date(2023, 12, 31)) == first
    assert reads.seal_on(organ, date(2024, 1, 1)) == second
    first.refresh_from_db()
    assert hashlib.sha256(first.picture.read()).hexdigest() == first.sha256
    first.picture.close()
    event = Event.objects.filter(kind="organ.seal").latest("pk")
    assert (event.old["sha256_before"], event.new["sha256"]) == (first.sha256, second.sha256)


def test_the_days_of_seals_follow_one_another(cast: Cast) -> None:
    add(cast, date(2024, 1, 1))
    for day in (date(2024, 1, 1), date(2023, 6, 1), date(2019, 12, 31)):
        with pytest.raises(WrongDay):
            add(cast, day)
    by = samples.acting(cast, "administrator", "LX")
    organ = cast.organs["LX-JY"]
    with pytest.raises(WrongDay):
        seal_actions.end_seal(by=by, organ=organ, on=date(2024, 1, 1))
    seal_actions.end_seal(by=by, organ=organ, on=date(2025, 1, 1))
    assert reads.seal_on(organ, date(2025, 1, 1)) is None
    with pytest.raises(NoSeal):
        seal_actions.end_seal(by=by, organ=organ, on=date(2025, 2, 1))
    with pytest.raises(WrongDay):
        add(cast, date(2024, 6, 1))
    assert reads.seal_on(organ, date(2025, 3, 1)) is None
    again = add(cast, date(2025, 3, 1))
    assert reads.seal_on(organ, date(2025, 3, 1)) == again


def test_only_administrators_of_the_organ_change_seals(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    for who in ("handler", "approver"):
        with pytest.raises(NotAllowed):
            add(cast, date(2024, 1, 1), who=who)
    by = samples.acting(cast, "outside_administrator", "WS")
    with pytest.raises(NotAllowed):
        seal_actions.add_seal(
            by=by,
            organ=cast.organs["LX-JY"],
            picture=samples.file(GOOD, "章.png"),
            valid_from=date(2024, 1, 1),
        )
    address = reverse("organs:seal_add", args=["LX-JY"])
    assert client_as("supervisor").post(address).status_code == 403
    assert client_as("outside_administrator").post(address).status_code == 404


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (samples.PDF, "印章.png"),
        (b"\xff\xd8\xff" + b"\0" * 50 + b"\xff\xd9", "印章.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "印章.svg"),
        (b"", "印章.png"),
        (GOOD + b"\0" * seal_pictures.MOST, "印章.png"),
    ],
)
def test_what_is_no_png_is_refused(data: bytes, name: str, cast: Cast) -> None:
    with pytest.raises(UnfitPicture):
        seal_actions.add_seal(
            by=samples.acting(cast, "administrator", "LX"),
            organ=cast.organs["LX-JY"],
            picture=samples.file(data, name),
            valid_from=date(2024, 1, 1),
        )
    assert not Seal.objects.exists()


# -- pages


def test_a_seal_is_uploaded_looked_at_and_replaced(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    client = client_as("administrator")
    address = reverse("organs:seal_add", args=["LX-JY"])
    refused = client.post(address, {"valid_from": "2024-01-01"})
    assert refused.status_code == 422
    assert "请选择印章图样" in refused.content.decode()
    preference_actions.set_value(
        by=samples.acting(cast, "administrator", "LX"),
        organ=cast.organs["LX"],
        key="paper.seal_width",
        value="45",
        was=None,
    )
    sent = {"valid_from": "2024-01-01", "picture": samples.file(GOOD, "章.png")}
    answer = client.post(address, sent, follow=True)
    seal = Seal.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("organs:seal_preview", args=["LX-JY", seal.pk])
    shown = answer.content.decode()
    assert "45 毫米" in shown
    assert 'width="170"' in shown  # 45 mm at 96 dots an inch
    picture = client.get(reverse("organs:seal", args=["LX-JY", seal.pk]))
    assert picture["Content-Type"] == "image/png"
    assert picture["Cache-Control"] == "private, no-store"
    assert picture.getvalue() == GOOD
    listed = client_as("handler").get(reverse("organs:seals", args=["LX-JY"])).content.decode()
    assert "在用" in listed
    assert address not in listed
    later = (timezone.localdate() + timedelta(days=3)).isoformat()
    client.post(address, {"valid_from": later, "picture": samples.file(GOOD, "章.png")})
    assert "尚未启用" in client.get(reverse("organs:seals", args=["LX-JY"])).content.decode()


def test_the_picture_is_marked_as_compulsory(client_as: Callable[..., Client]) -> None:
    form = client_as("administrator").get(reverse("organs:seal_add", args=["LX-JY"])).content
    label = form.decode().partition('for="id_picture"')[2].partition("</label>")[0]
    assert "必填" in label
