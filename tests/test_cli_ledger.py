"""gongkai audit, gongkai vault: real processes on a real database, altered behind its back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command import ROOT, silent
from tests.served import environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the service runs on POSIX systems")

# Two organs with five events each, three of none, and two telephone numbers.
FILL = """
import django
django.setup()
from datetime import datetime, timedelta, UTC
from gongkai.web.ledger import events, vault
from gongkai.web.organs import queries
from gongkai.web.organs.models import Organ
at = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
act = events.Act(None, at)
for number, code in enumerate(("LX", "WS")):
    made = Organ.objects.create(
        code=code, name=f"{code}示例局", kind="department", level="county", path=f"000{number}",
        position=number, known_as=code, valid_from=at.date(),
    )
    for n in range(5):
        what = events.What("organ.renamed", made.pk, f"organ/{code}", {}, {"name": f"第{n}局"})
        events.record_many(act, [what])
    vault.put(organ=made, subject="a/1", label="phone", value=f"1380000000{number}", at=at)
for n in range(3):
    events.record_many(act, [events.What("organ.renamed", None, "x/1", {}, {"name": "无"})])
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a database of some events; copied by every test that alters it."""
    home = tmp_path_factory.mktemp("audited") / "home"
    env = environment(home)
    for code in ("from gongkai.web import prepare; prepare.main()", FILL):
        did(code, env)
    return home


def did(code: str, env: dict[str, str]) -> None:
    """Runs ``code`` with the settings of the service."""
    env = {**env, "DJANGO_SETTINGS_MODULE": "gongkai.web.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "home"
    shutil.copytree(filled, copied)
    return copied


def run(home: Path, *arguments: str, **changed: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "gongkai", *arguments],
        cwd=ROOT,
        env=environment(home, **changed),
        capture_output=True,
        timeout=120,
    )
    assert silent(done)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def alter(home: Path, *statements: str) -> None:
    """As who holds the file could: the triggers taken away, and put back."""
    database = sqlite3.connect(home / "gongkai.sqlite3")
    database.execute("PRAGMA ignore_check_constraints = ON")
    with database:
        triggers = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _sql in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)
        for _name, sql in triggers:
            database.execute(sql)
    database.close()


def organ(home: Path, code: str) -> int:
    database = sqlite3.connect(home / "gongkai.sqlite3")
    (key,) = database.execute("SELECT id FROM organs_organ WHERE code = ?", [code]).fetchone()
    database.close()
    return int(key)


# -- audit


def test_untouched_chains_are_whole(filled: Path) -> None:
    code, out, err = run(filled, "audit", "verify")
    assert (code, err) == (0, "")
    assert out.startswith("核验了 3 条链、13 个事件") and "全部完好" in out
    code, out, err = run(filled, "audit", "verify", "--lang", "en")
    assert out.startswith("3 chains, 13 events") and "all whole" in out


@pytest.mark.parametrize(
    ("statement", "position", "why"),
    [
        ("UPDATE ledger_event SET subject = 'organ/XX' WHERE chain = {c} AND position = 3", 3,
         "被改动过"),
        ("UPDATE ledger_event SET new = '{{\"name\": 1.5}}' WHERE chain = {c} AND position = 1", 1,
         "被改动过"),
        ("UPDATE ledger_event SET new = 'no json' WHERE chain = {c} AND position = 2", 2,
         "被改动过"),
        ("UPDATE ledger_event SET at = 'yesterday' WHERE chain = {c} AND position = 4", 4,
         "被改动过"),
        ("DELETE FROM ledger_event WHERE chain = {c} AND position = 2", 2, "不见了"),
        ("DELETE FROM ledger_event WHERE chain = {c} AND position = 5", 5, "被删去了"),
        ("UPDATE ledger_event SET organ_id = NULL WHERE chain = {c} AND position = 5", 5,
         "别的机关名下"),
        ("UPDATE ledger_chain SET length = 4 WHERE key = {c}", 4, "与登记的不符"),
    ],
)  # fmt: skip
def test_an_altered_row_is_named(home: Path, statement: str, position: int, why: str) -> None:
    alter(home, statement.format(c=organ(home, "LX")))
    code, out, err = run(home, "audit", "verify")
    assert (code, err) == (1, "")
    first, last = out.splitlines()
    assert first.startswith(f"断裂：LX示例局（LX），第 {position} 个事件：") and why in first
    assert "核验了 3 条链" in last and "1 条有断裂" in last


def test_an_altered_event_is_told_as_it_stands_now(home: Path) -> None:
    alter(home, "UPDATE ledger_event SET new = '{\"name\": \"改局\"}' WHERE chain = "
          f"{organ(home, 'LX')} AND position = 3")  # fmt: skip
    assert "2026-03-02 09:02 机关更名为 改局 (organ/LX)" in run(home, "audit", "verify")[1]
    told = run(home, "audit", "verify", "--lang", "en")[1]
    assert told.startswith("Broken: LX示例局 (LX), event 3: the event was altered.")


def test_every_chain_is_proved_also_behind_a_broken_one(home: Path) -> None:
    alter(home, "UPDATE ledger_event SET subject = 'y' WHERE position = 2")
    code, out, _err = run(home, "audit", "verify", "--json")
    said = json.loads(out)
    assert code == 1 and said["whole"] is False
    assert [b["organ"] for b in said["broken"]] == [None, "LX", "WS"]
    assert {b["why"] for b in said["broken"]} == {"altered"}
    assert run(home, "audit", "verify", "--organ", "WS")[1].count("断裂：") == 1


def _made_anew(home: Path) -> None:
    """The whole chain of an organ as if the third event had never said what it said."""
    code = f"""
import django
django.setup()
from gongkai.web.ledger import chains
from gongkai.web.ledger.models import Chain, Event
from gongkai.web.shell import append_only
with append_only.lifted():
    before = chains.START
    for one in Event.objects.filter(chain={organ(home, "LX")}).order_by("position"):
        if one.position == 3:
            one.new = {{"name": "改局"}}
        one.digest = before = chains.digest(one, before)
        one.save()
    Chain.objects.filter(pk=one.chain).update(digest=before)
"""
    did(code, environment(home))


def test_a_chain_made_anew_is_caught_by_heads_kept_elsewhere(home: Path, tmp_path: Path) -> None:
    code, out, err = run(home, "audit", "heads")
    assert (code, err) == (0, "")
    kept = tmp_path / "heads.json"
    kept.write_text(out)
    said = json.loads(out)
    assert said["schema"] == "gongkai.heads/1"
    assert [head["length"] for head in said["heads"]] == [3, 5, 5]
    assert run(home, "audit", "verify", "--against", str(kept))[0] == 0
    _made_anew(home)
    assert run(home, "audit", "verify")[0] == 0
    code, out, _err = run(home, "audit", "verify", "--against", str(kept))
    assert code == 1 and "第 5 个事件：与另存的链头不符" in out


def test_a_chain_that_is_gone_altogether_is_caught_by_its_head(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "heads.json"
    kept.write_text(run(home, "audit", "heads")[1])
    key = organ(home, "WS")
    alter(home, f"DELETE FROM ledger_event WHERE chain = {key}",
          f"DELETE FROM ledger_chain WHERE key = {key}")  # fmt: skip
    assert run(home, "audit", "verify")[0] == 0
    code, out, _err = run(home, "audit", "verify", "--against", str(kept))
    assert code == 1 and "断裂：WS示例局（WS），第 1 个事件：从这里起的事件被删去了" in out


def test_triggers_that_are_gone_are_told_and_put_back(home: Path) -> None:
    database = sqlite3.connect(home / "gongkai.sqlite3")
    database.execute("DROP TRIGGER accounts_accountevent_no_delete")
    database.close()
    code, out, _err = run(home, "audit", "verify")
    assert code == 1 and out.startswith("表 accounts_accountevent 缺少防改动的触发器")
    assert json.loads(run(home, "audit", "verify", "--json")[1])["unprotected"] == [
        "accounts_accountevent"
    ]
    assert run(home, "audit", "protect")[:2] == (0, "已补上：accounts_accountevent。\n")
    assert run(home, "audit", "verify")[0] == 0


def test_without_a_database_it_cannot_and_makes_none(tmp_path: Path) -> None:
    for arguments in (["audit", "verify"], ["audit", "heads"], ["vault", "status"]):
        code, out, err = run(tmp_path / "none", *arguments)
        assert (code, out) == (3, "") and "没有数据库" in err
    assert not (tmp_path / "none").exists()
    gone = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    code, _out, err = run(tmp_path / "none", "audit", "verify", **gone)
    assert code == 3 and err.startswith("数据库不能使用：")


def test_wrong_usage_is_a_sentence(filled: Path, tmp_path: Path) -> None:
    for arguments, told in (
        (["audit", "prove"], "应为 verify、heads、protect 之一。"),
        (["audit", "heads", "--json"], "--against、--organ、--json 只用于 verify。"),
        (["audit", "verify", "--organ", "XX"], "没有单位编号为 XX 的机关。"),
        (["vault", "status", "--reason", "x"], "事项、--reason、--yes 只用于 erase。"),
        (["vault", "status", "--algorithm", "sm4-gcm"], "--algorithm 只用于 rotate。"),
        (
            ["vault", "rotate", "--algorithm", "rot13"],
            "--algorithm 应为 aes-256-gcm、sm4-gcm 之一。",
        ),
    ):
        code, out, err = run(filled, *arguments)
        assert (code, out) == (2, "") and err.startswith(told)
    for text in ("", "{}", '{"schema": "gongkai.heads/1", "heads": [1]}'):
        (tmp_path / "heads.json").write_text(text)
        code, _out, err = run(filled, "audit", "verify", "--against", str(tmp_path / "heads.json"))
        assert code == 3 and "不能用来核对" in err


# -- vault


def test_keys_are_shown_and_rotated(home: Path) -> None:
    code, out, _err = run(home, "vault", "status")
    assert code == 0 and "aes-256-gcm  2 项（当前）" in out
    before: dict[str, Any] = json.loads((home / "vault.keys").read_text())
    code, out, _err = run(home, "vault", "rotate", "--algorithm", "sm4-gcm")
    assert code == 0 and out.startswith("重新加密 2 项；停用密钥 1 个。")
    assert "GONGKAI_VAULT_ALGORITHM=sm4-gcm" in out
    assert "sm4-gcm  2 项（当前）" in run(home, "vault", "status")[1]
    after: dict[str, Any] = json.loads((home / "vault.keys").read_text())
    assert set(before["keys"]).isdisjoint(after["keys"])
    assert run(home, "audit", "verify")[0] == 0


def test_what_need_not_be_kept_is_erased_and_the_chain_stays_whole(home: Path) -> None:
    code, _out, err = run(home, "vault", "erase", "a/1")
    assert code == 2 and "erase 要写明事项和理由" in err
    code, out, _err = run(home, "vault", "erase", "b/1", "--reason", "保存期满", "--yes")
    assert code == 1 and "没有可以删除的个人信息" in out
    code, out, _err = run(home, "vault", "erase", "a/1", "--reason", "保存期满", "--yes")
    assert code == 0 and out.startswith("已删除 2 项。")
    assert "扫描件、已印制的文书、卷宗" in out, "what is in files is not said to be gone"
    assert "已删除：2 项" in run(home, "vault", "status")[1]
    assert run(home, "audit", "verify")[0] == 0


def test_missing_keys_are_told_with_what_to_do(home: Path) -> None:
    (home / "vault.keys").unlink()
    code, out, _err = run(home, "vault", "status")
    assert code == 1 and "从备份恢复密钥文件" in out
    code, _out, err = run(home, "vault", "rotate")
    assert code == 3 and "从备份恢复密钥文件" in err
    assert not (home / "vault.keys").exists()


def test_the_start_says_that_keys_are_missing_and_starts(home: Path) -> None:
    (home / "vault.keys").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.web.prepare"],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
    )
    said = done.stderr.decode()
    assert done.returncode == 0 and silent(done)
    assert "从备份恢复密钥文件" in said and "restore the key file" in said
    assert not (home / "vault.keys").exists()
