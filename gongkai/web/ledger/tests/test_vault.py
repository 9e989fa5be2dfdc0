"""个人信息保管: what is sealed opens in its own row only, and for people with a purpose."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gongkai.web.ledger import chains, events, keys, vault
from gongkai.web.ledger.models import Event, Secret
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
PHONE = "13800005678"


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Any) -> Path:
    """Every test has keys of its own."""
    settings.VAULT_KEYS = tmp_path / "vault.keys"
    return tmp_path / "vault.keys"


def sealed(cast: Cast, value: str = PHONE, label: str = "phone", code: str = "LX-JY") -> Secret:
    made = vault.put(
        organ=cast.organs[code], subject="application/1", label=label, value=value, at=AT
    )
    return Secret.objects.get(pk=made.pk)  # as the database gives it back


def acting(cast: Cast) -> events.Act:
    return events.Act(cast.accounts["handler"], AT, "handler")


@pytest.mark.parametrize("algorithm", vault.ALGORITHMS)
def test_a_value_opens_again_and_stands_nowhere_in_the_clear(
    cast: Cast, settings: Any, algorithm: str
) -> None:
    settings.VAULT_ALGORITHM = algorithm
    one = sealed(cast)
    assert one.algorithm == algorithm
    assert vault.open_(one) == PHONE
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_secret")
        row = cursor.fetchone()
    assert not any(
        PHONE.encode() in (v.encode() if isinstance(v, str) else bytes(v))
        for v in row
        if isinstance(v, str | bytes | memoryview)
    )
    assert bytes(one.sealed) != bytes(sealed(cast).sealed)  # the same value, sealed anew


def test_rows_of_another_algorithm_open_as_before(cast: Cast, settings: Any) -> None:
    settings.VAULT_ALGORITHM = "sm4-gcm"
    one = sealed(cast)
    settings.VAULT_ALGORITHM = "aes-256-gcm"
    assert vault.open_(one) == PHONE


@pytest.mark.parametrize("field", ["organ_id", "subject", "label", "sealed", "nonce", "algorithm"])
def test_a_value_put_into_another_row_does_not_open(cast: Cast, field: str) -> None:
    one = sealed(cast)
    other = vault.put(
        organ=cast.organs["LX-CG"],
        subject="application/2",
        label="email",
        value="zhao@example.com",
        at=AT,
    )
    other.algorithm = "sm4-gcm"
    setattr(one, field, getattr(other, field))
    with pytest.raises(keys.Unreadable, match="改动"):
        vault.open_(one)


def test_the_key_of_a_row_is_part_of_its_seal(cast: Cast) -> None:
    """Two rows that are alike in everything else cannot be exchanged either."""
    one, other = sealed(cast), sealed(cast, "13911112222")
    one.sealed, one.nonce = other.sealed, other.nonce
    with pytest.raises(keys.Unreadable):
        vault.open_(one)


def test_keys_are_made_once_and_for_the_service_alone(cast: Cast, key_file: Path) -> None:
    sealed(cast)
    before = key_file.read_bytes()
    sealed(cast)
    assert key_file.read_bytes() == before
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    said = json.loads(before)
    assert set(said) == {"current", "keys", "mark"} and said["current"] in said["keys"]


def test_lost_keys_are_told_of_and_never_replaced_by_new_ones(cast: Cast, key_file: Path) -> None:
    one = sealed(cast)
    kept = key_file.read_bytes()
    key_file.unlink()
    with pytest.raises(keys.Unreadable, match="vault.keys"):
        vault.open_(one)
    with pytest.raises(keys.Unreadable, match="没有密钥文件"):
        sealed(cast)
    assert not key_file.exists()
    assert vault.shown(one) == "（打不开，缺密钥）"
    assert vault.state() == "keys missing"
    key_file.write_bytes(kept)
    assert vault.open_(one) == PHONE
    assert vault.state() == "ok"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"current": "a", "keys": {}, "mark": ""}'])
def test_a_damaged_file_of_keys_is_said_to_be_damaged(
    cast: Cast, key_file: Path, damage: bytes
) -> None:
    one = sealed(cast)
    key_file.write_bytes(damage)
    with pytest.raises(keys.Unreadable, match="损坏"):
        vault.open_(one)


def test_the_keys_of_another_place_do_not_pass_for_ours(cast: Cast, key_file: Path) -> None:
    one = sealed(cast)
    key_file.unlink()
    keys.make()
    with pytest.raises(keys.Unreadable, match=f"缺密钥 {one.key_id}"):
        vault.open_(one)
    assert vault.state() == "keys missing"


def test_words_in_place_of_a_phone_are_not_all_the_same() -> None:
    vault.ready()
    assert vault.mark("chen@example.invalid", "phone") != vault.mark(
        "wang@example.invalid", "phone"
    )
    assert vault.mark("0000-0000 7", "phone") == vault.mark("000000007", "phone")


@pytest.mark.parametrize(
    ("label", "value", "masked"),
    [
        ("phone", PHONE, "138****5678"),
        ("email", "zhao@example.com", "z***@example.com"),
        ("identity_number", "110101199003070017", "110***********0017"),
        ("name", "陈示例", "陈**"),
        ("address", "临溪区松风路 1 号 2 幢 303 室", "临溪区松风路****"),
    ],
)
def test_people_see_a_value_masked(cast: Cast, label: str, value: str, masked: str) -> None:
    assert vault.shown(sealed(cast, value, label)) == masked


def test_equal_values_are_found_however_they_are_written(cast: Cast) -> None:
    first = sealed(cast, "+86 138-0000-5678")
    second = sealed(cast, "13800005678", code="WS-JY")
    sealed(cast, "13800005679")
    sealed(cast, "13800005678", label="name")
    assert {s.pk for s in vault.like("138 0000 5678", "phone")} == {first.pk, second.pk}
    mail = sealed(cast, "Zhao@Example.com", "email")
    assert list(vault.like("zhao@example.com ", "email")) == [mail]


def test_who_looks_says_for_what_and_is_told_of(cast: Cast) -> None:
    one = sealed(cast)
    with pytest.raises(vault.NoPurpose, match="至少 4 个字"):
        vault.unmask(one, act=acting(cast), organ=cast.organs["LX-JY"], purpose=" 核 对 ")
    assert not Event.objects.exists()
    told = vault.unmask(one, act=acting(cast), organ=cast.organs["LX-JY"], purpose="核对来信电话")
    assert told == PHONE
    event = Event.objects.get()
    assert event.subject == "application/1"
    assert events.sentence(event) == "查看电话，事由：核对来信电话"
    assert PHONE not in json.dumps(event.new)


def test_what_is_erased_is_gone_and_the_chain_holds(cast: Cast) -> None:
    one, other = sealed(cast), sealed(cast, "13911112222")
    vault.unmask(one, act=acting(cast), organ=cast.organs["LX-JY"], purpose="核对来信电话")
    assert vault.erase([one], act=acting(cast), reason="申请人要求删除") == 1
    assert vault.erase([one], act=acting(cast), reason="申请人要求删除") == 0
    one.refresh_from_db()
    assert (bytes(one.sealed), bytes(one.nonce), one.mark) == (b"", b"", "")
    assert vault.shown(one) == "已删除"
    with pytest.raises(vault.Erased):
        vault.unmask(one, act=acting(cast), organ=cast.organs["LX-JY"], purpose="核对来信电话")
    assert not vault.like(PHONE, "phone").exists()
    assert vault.open_(other) == "13911112222"
    last = Event.objects.latest("pk")
    assert events.sentence(last) == "删除电话，理由：申请人要求删除"
    assert chains.verify(cast.organs["LX-JY"].pk) is None


def test_a_row_read_before_it_was_sealed_anew_opens(cast: Cast) -> None:
    """A rotation may end between reading a row and opening it."""
    one = sealed(cast)
    fresh = Secret.objects.get(pk=one.pk)
    held = keys.read().with_new()
    vault.seal(fresh, PHONE, held, "sm4-gcm")
    fresh.save()
    keys.write(held.without({one.key_id}))
    assert vault.open_(one) == PHONE


def test_healthz_says_that_keys_are_missing(cast: Cast, client: Any, key_file: Path) -> None:
    sealed(cast)
    assert client.get("/healthz").json()["vault"] == "ok"
    key_file.unlink()
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["vault"] == "keys missing"
    assert answer.json()["status"] == "degraded"
