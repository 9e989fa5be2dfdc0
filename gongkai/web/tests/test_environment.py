"""设置: each rule says what is wrong, the defaults start, and the page lists them all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gongkai.web import environment, environment_checks
from gongkai.web.environment import CONTRADICTIONS, SETTINGS, Environment
from tools import settings_page

SERVED = {"GONGKAI_HTTPS": "1", "GONGKAI_HOSTS": "xxgk.example.gov.cn", "GONGKAI_PROXIES": "1"}
BAD: dict[str, tuple[str, ...]] = {
    "DATABASE_URL": (
        "mysql://x/y",
        "postgres://host",
        "postgres://host/",
        "postgres://u:p@host:port/name",
        "sqlite:///",
        "gongkai",
    ),
    "GONGKAI_QUEUE": ("amqp://host", "redis", "redis://host:port/0"),
    "GONGKAI_SECRET_KEY": ("short", "a" * 60),
    "GONGKAI_HOSTS": ("*", "https://gov.example", "gov.example:8000", "a b", ",", "*.example"),
    "GONGKAI_HTTPS": ("yes", "2"),
    "GONGKAI_PROXIES": ("-1", "10", "one", "１"),
    "GONGKAI_DEBUG": ("true",),
    "GONGKAI_DEMO": ("on",),
    "GONGKAI_TIME_ZONE": ("Asia/Peking2", "../etc", "/etc/passwd"),
    "GONGKAI_SECOND_FACTOR": ("yes",),
    "GONGKAI_SESSION_HOURS": ("0", "721", "1.5"),
    "GONGKAI_IDLE_MINUTES": ("0", "1441"),
    "GONGKAI_PASSWORD_LENGTH": ("7", "129"),
    "GONGKAI_PASSWORD_KINDS": ("0", "5"),
    "GONGKAI_PASSWORD_DAYS": ("-1", "3651"),
    "GONGKAI_LOCKOUT_FAILURES": ("0", "101"),
    "GONGKAI_LOCKOUT_MINUTES": ("0", "1441"),
    "GONGKAI_UPLOAD_MB": ("0", "1025"),
    "GONGKAI_VAULT_KEYS": ("vault.keys", "./keys"),
    "GONGKAI_VAULT_ALGORITHM": ("aes", "SM4"),
    "GONGKAI_MAIL": ("smtp", "smtp://", "smtp://host:port", "smtp://host?tls=yes", "smtp://h/x"),
    "GONGKAI_MAIL_FROM": ("xxgk", "公开 <xxgk@example.gov.cn>", "a b@example.gov.cn"),
    "GONGKAI_SMS": ("http", "ftp://host/", "https://host:port/"),
    "GONGKAI_STORE": (
        "/srv/files",
        "s3://",
        "s3://bucket/folder",
        "s3://bucket?endpoint=minio.example",
        "s3://bucket?endpoint=http://minio.example:port",
        "s3://[bucket",
        "s3://bucket?zone=a",
    ),
    "GONGKAI_CLAMD": ("localhost", "unix:clamd.ctl", "localhost:0", ":3310"),
    "GONGKAI_WORKERS": ("0", "65"),
    "GONGKAI_LOG": ("xml",),
}
FREE = {
    "GONGKAI_HOME",  # any path will do; whether it can be written is told at the start
    "GONGKAI_S3_KEY",  # whatever the store gave
    "GONGKAI_S3_SECRET",
}
STORE = {"GONGKAI_S3_KEY": "k", "GONGKAI_S3_SECRET": "s"}


def problems(**given: str) -> list[str]:
    return [p.zh for p in Environment(given).problems()]


def test_nothing_need_be_set() -> None:
    assert problems() == []
    assert problems(**{s.name: "" for s in SETTINGS}) == []
    assert problems(**{s.name: s.default for s in SETTINGS}) == []


@pytest.mark.parametrize(
    "given",
    [
        SERVED,
        {"DATABASE_URL": "postgres://u:p@db.example:5432/gongkai"},
        {"DATABASE_URL": "postgresql:///gongkai"},
        {"DATABASE_URL": "postgres://%2Frun%2Fpostgresql/gongkai"},
        {"DATABASE_URL": "sqlite:////srv/gongkai.sqlite3"},
        {"GONGKAI_QUEUE": "redis://localhost:6379/0"},
        {"GONGKAI_CLAMD": "unix:/run/clamav/clamd.ctl"},
        {"GONGKAI_CLAMD": "[::1]:3310"},
        {"GONGKAI_HOSTS": "localhost, [::1] ,127.0.0.1"},
        {"GONGKAI_SECRET_KEY": "0123456789" * 5},
        {"GONGKAI_DEMO": "1", "GONGKAI_DEBUG": "1"},
        {"GONGKAI_LANG": "en", "GONGKAI_FONTS": "/fonts", "PATH": "/bin"},
    ],
)
def test_what_is_right_is_not_complained_of(given: dict[str, str]) -> None:
    assert problems(**given) == []


def test_every_setting_with_a_rule_is_tried() -> None:
    assert {s.name for s in SETTINGS} == set(BAD) | FREE


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in BAD.items() for v in values])
def test_a_wrong_value_is_one_sentence_that_names_the_setting(name: str, value: str) -> None:
    (said,) = Environment({name: value}).problems()
    assert said.zh.startswith(f"设置 {name}") and said.zh.endswith("。")
    assert said.en.startswith(f"The setting {name}") and said.en.endswith(".")
    secret = next(s.secret for s in SETTINGS if s.name == name)
    assert (f"“{value}”" in said.zh) is not secret


def test_every_setting_that_may_hold_a_password_is_secret() -> None:
    assert {s.name for s in SETTINGS if s.secret} == {
        "DATABASE_URL",
        "GONGKAI_QUEUE",
        "GONGKAI_S3_KEY",
        "GONGKAI_S3_SECRET",
        "GONGKAI_SECRET_KEY",
        "GONGKAI_MAIL",
        "GONGKAI_SMS",
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**SERVED, "GONGKAI_DEBUG": "1"}, "GONGKAI_DEBUG=1 会向访问者显示程序内部"),
        ({**SERVED, "GONGKAI_DEMO": "1"}, "GONGKAI_DEMO=1 把演示账号和密码写在登录页"),
        ({"GONGKAI_HOSTS": "gov.example"}, "密码却会不加密地传送"),
        ({**SERVED, "GONGKAI_PROXIES": "0"}, "GONGKAI_PROXIES 却是 0"),
        ({"GONGKAI_HTTPS": "1", "GONGKAI_PROXIES": "1"}, "须在 GONGKAI_HOSTS 写明"),
        ({"GONGKAI_MAIL": "smtp://user:word@mail.example:587"}, "没有写明发件人"),
        ({"GONGKAI_SESSION_HOURS": "1", "GONGKAI_IDLE_MINUTES": "61"}, "永远不会起作用"),
    ],
)
def test_a_contradiction_is_one_sentence(given: dict[str, str], said: str) -> None:
    (found,) = Environment(given).problems()
    assert said in found.zh
    assert found in [rule.text for rule in CONTRADICTIONS]


def test_every_contradiction_is_tried_above_and_says_what_to_do() -> None:
    assert len(CONTRADICTIONS) == 8
    for rule in CONTRADICTIONS:
        assert "请" in rule.text.zh or "须" in rule.text.zh


def test_a_misspelt_setting_is_told_with_the_one_meant() -> None:
    assert problems(GONGKAI_SESION_HOURS="8") == [
        "没有 GONGKAI_SESION_HOURS 这个设置：是不是 GONGKAI_SESSION_HOURS？"
    ]
    (said,) = problems(GONGKAI_XYZZY="8")
    assert "docs/operations.md" in said


def test_an_object_store_needs_its_keys_and_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"GONGKAI_STORE": "s3://bucket?endpoint=https://minio.example:9000&region=cn-1"}
    monkeypatch.setattr(environment_checks, "find_spec", lambda name: object())
    assert problems(**given, **STORE) == []
    (said,) = Environment(given).problems()
    assert "GONGKAI_S3_KEY" in said.zh and said in [rule.text for rule in CONTRADICTIONS]
    monkeypatch.setattr(environment_checks, "find_spec", lambda name: None)
    (wanting,) = problems(**given, **STORE)
    assert "pip install 'gongkai[s3]'" in wanting


def test_several_problems_are_told_together() -> None:
    assert len(problems(GONGKAI_LOG="x", GONGKAI_WORKERS="0", GONGKAI_XYZZY="1")) == 3


def test_what_cannot_be_used_is_not_read() -> None:
    with pytest.raises(environment.Unfit) as unfit:
        environment.read({"GONGKAI_LOG": "x"})
    assert len(unfit.value.problems) == 1
    assert environment.read({"GONGKAI_LOG": " json "}).text("GONGKAI_LOG") == "json"


# -- the key


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    settings = Environment({"GONGKAI_HOME": str(tmp_path / "home")})
    made = settings.secret_key()
    assert len(made) >= 50
    assert settings.secret_key() == made
    assert (tmp_path / "home" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_given_is_used_and_not_kept(tmp_path: Path) -> None:
    key = "0123456789" * 5
    settings = Environment({"GONGKAI_HOME": str(tmp_path), "GONGKAI_SECRET_KEY": key})
    assert settings.secret_key() == key
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    settings = Environment({"GONGKAI_HOME": str(tmp_path)})
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(settings.secret_key())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


def test_a_damaged_key_is_told_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("cut off")
    with pytest.raises(environment.Unfit) as unfit:
        Environment({"GONGKAI_HOME": str(tmp_path)}).secret_key()
    assert "已损坏" in unfit.value.problems[0].zh
    assert (tmp_path / "secret_key").read_text() == "cut off"


# -- the page


def test_the_page_of_operations_lists_every_setting() -> None:
    page = settings_page.PAGE.read_text(encoding="utf-8")
    for setting in SETTINGS:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{setting.name}` |")]
        assert setting.help.zh in row and setting.help.en in row
        assert setting.default in row
    assert page == settings_page.page(page), "make docs"
