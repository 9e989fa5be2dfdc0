"""gongkai vault: the keys to personal data: which there are, and a new one for all.

Django is imported when one of them runs, never by the command's help.
"""

from __future__ import annotations

from gongkai import cli_serve
from gongkai.cli_bar import bar
from gongkai.cli_serve import Cannot
from gongkai.statute.texts import Lang, Text

FINE, FOUND = 0, 1


def status(lang: Lang) -> int:
    """Prints which keys seal how much; 1 where one is missing."""
    try:
        cli_serve.set_up(lang)
    except Cannot as cannot:
        cli_serve.say(cannot, lang)
        return cannot.code
    from django.conf import settings

    from gongkai.web.ledger import keys, vault_rotation

    lines = [
        Text(f"密钥文件：{settings.VAULT_KEYS}", f"The file of keys: {settings.VAULT_KEYS}"),
        Text(
            f"新内容的算法：{settings.VAULT_ALGORITHM}", f"New values: {settings.VAULT_ALGORITHM}"
        ),
    ]
    try:
        found = vault_rotation.status()
    except keys.Unreadable as missing:
        print("\n".join(line.say(lang) for line in lines))
        print(missing.message)
        return FOUND
    for (key, algorithm), count in found.rows.items():
        now = key == found.current
        lines.append(
            Text(
                f"  {key}  {algorithm}  {count:,} 项{'（当前）' if now else ''}",
                f"  {key}  {algorithm}  {count:,} values{' (current)' if now else ''}",
            )
        )
    lines.append(Text(f"已删除：{found.erased:,} 项", f"Erased: {found.erased:,} values"))
    lines += [_missing(key) for key in found.missing]
    if len({key for key, _ in found.rows} - {found.current}) or found.spare:
        lines.append(
            Text(
                "上次轮换没有做完：请再运行 gongkai vault rotate。",
                "The last rotation did not end: run gongkai vault rotate again.",
            )
        )
    print("\n".join(line.say(lang) for line in lines))
    return FOUND if found.missing else FINE


def _missing(key: str) -> Text:
    return Text(
        f"缺密钥 {key}：用它加密的内容打不开。请从备份恢复密钥文件。",
        f"The key {key} is missing: what it sealed cannot be opened. Restore the file of keys from "
        "a backup.",
    )


def rotate(algorithm: str | None, lang: Lang) -> int:
    """Seals everything anew; 1 where some values do not open."""
    try:
        cli_serve.set_up(lang)
    except Cannot as cannot:
        cli_serve.say(cannot, lang)
        return cannot.code
    from django.conf import settings
    from django.db import OperationalError

    from gongkai.web.ledger import vault, vault_rotation
    from gongkai.web.shell.refusals import Refusal

    try:
        if algorithm is not None and algorithm not in vault.ALGORITHMS:
            names = list(vault.ALGORITHMS)
            raise Cannot(
                Text(
                    f"--algorithm 应为 {'、'.join(names)} 之一。",
                    f"--algorithm is one of {', '.join(names)}.",
                )
            )
        with bar(vault_rotation.due(algorithm or settings.VAULT_ALGORITHM), lang) as advance:
            done = vault_rotation.rotate(algorithm=algorithm, step=advance)
    except Cannot as cannot:
        cli_serve.say(cannot, lang)
        return cannot.code
    except Refusal as refused:
        cli_serve.say(Cannot(Text(str(refused.message), str(refused.message))), lang)
        return cli_serve.UNEXPECTED
    except OperationalError as cause:
        said = " ".join(str(cause).split())
        busy = Text(
            f"数据库忙，轮换没有做完（{said}）：再运行一次即接着做，没有丢失内容。",
            f"The database is busy and the rotation did not end ({said}): run it again and it goes "
            "on; nothing is lost.",
        )
        cli_serve.say(Cannot(busy), lang)
        return cli_serve.UNEXPECTED
    _tell(done, lang)
    if algorithm and algorithm != settings.VAULT_ALGORITHM:
        print(
            Text(
                f"新内容仍用 {settings.VAULT_ALGORITHM}：请设 "
                f"GONGKAI_VAULT_ALGORITHM={algorithm}。",
                f"New values still use {settings.VAULT_ALGORITHM}: set "
                f"GONGKAI_VAULT_ALGORITHM={algorithm}.",
            ).say(lang)
        )
    return FOUND if done.shut else FINE


def _tell(done: object, lang: Lang) -> None:
    from gongkai.web.ledger.vault_rotation import Rotation

    assert isinstance(done, Rotation)
    lines = []
    if done.resumed:
        lines.append(Text("接着做上次没有做完的轮换。", "The last rotation was taken up again."))
    lines.append(
        Text(
            f"重新加密 {done.sealed:,} 项；停用密钥 {len(done.dropped)} 个。",
            f"{done.sealed:,} values sealed anew; {len(done.dropped)} keys dropped.",
        )
    )
    if done.shut:
        some = ", ".join(sorted(done.shut)[:5])
        lines.append(
            Text(
                f"{len(done.shut)} 项打不开，没有动，它们的密钥留着：{some}",
                f"{len(done.shut)} values do not open and were left, with their keys: {some}",
            )
        )
    lines.append(
        Text(
            "请另行备份密钥文件；旧备份里的数据库仍需要旧密钥，旧的密钥备份不要丢弃。",
            "Back up the file of keys apart; databases in old backups still need the old keys: "
            "keep the old backup of them.",
        )
    )
    print("\n".join(line.say(lang) for line in lines))


def erase(subject: str, reason: str, yes: bool, lang: Lang) -> int:
    """Takes the personal data of one matter away for good, once it was asked; 1 where it was not
    confirmed or nothing is there."""
    try:
        cli_serve.set_up(lang)
    except Cannot as cannot:
        cli_serve.say(cannot, lang)
        return cannot.code
    from django.db import transaction
    from django.utils import timezone

    from gongkai.web.ledger import events, vault
    from gongkai.web.shell.refusals import Refusal

    rows = vault.held(subject)
    count = rows.count()
    if not count:
        nothing = Text(
            f"{subject} 没有可以删除的个人信息。", f"{subject} holds no personal data to erase."
        )
        print(nothing.say(lang))
        return FOUND
    asked = Text(
        f"将删除 {subject} 的 {count} 项个人信息，不能恢复；事件和统计不受影响。输入 yes 确认：",
        f"{count} values of {subject} will be gone for good; events and counts stay. Type yes: ",
    )
    if not yes and input(asked.say(lang)).strip().lower() != "yes":
        print(Text("没有删除。", "Nothing was erased.").say(lang))
        return FOUND
    try:
        with transaction.atomic():
            act = events.Act(None, timezone.now())
            done = vault.erase(rows, act=act, reason=reason)
    except Refusal as refused:
        cli_serve.say(Cannot(Text(str(refused.message), str(refused.message))), lang)
        return cli_serve.UNEXPECTED
    said = Text(
        f"已删除 {done} 项。扫描件、已印制的文书、卷宗和备份里的仍在：请按各自的保存期处理。",
        f"{done} values erased. Scans, printed letters, case files and backups still hold them:"
        " see to these as well.",
    )
    print(said.say(lang))
    return FINE
