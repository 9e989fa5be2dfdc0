"""gongkai audit, gongkai vault: their options. What they do is imported when they run."""

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.cli_language import UsageError, language
from gongkai.cli_options import Debug, Language, said, told
from gongkai.statute.texts import Text


def _one_of(option: Text, given: str, *names: str) -> str:
    if given not in names:
        raise UsageError(
            Text(
                f"{option.zh}应为 {'、'.join(names)} 之一。",
                f"{option.en} is one of {', '.join(names)}.",
            )
        )
    return given


@told(
    "核验事件链：逐条证明服务记下的事件没有被改动、删除、插入，指出每条链断在哪里。\n\n"
    "verify 核验；heads 输出各链链头（JSON），存到数据库管理者改不到的地方，以后用 --against "
    "核对，整条链重做过也看得出；protect 补上数据库拒绝改动的触发器。服务运行时也可以用。\n\n"
    "退出码：0 完好；1 有断裂；2 用法有误；3 没有数据库或者打不开。\n\n"
    "示例：gongkai audit verify\n"
    "示例：gongkai audit heads > heads.json\n"
    "示例：gongkai audit verify --against heads.json --organ SF-0101",
    "Prove the chains of events: that what the service recorded was not altered, removed or added "
    "to, and where each broken chain breaks.\n\n"
    "verify proves them; heads prints the ends of all chains as JSON, to be kept where who manages "
    "the database cannot write: --against then shows a chain made anew as well; protect puts back "
    "the triggers by which the database refuses change. The service may run meanwhile.\n\n"
    "Exit codes: 0 whole; 1 broken; 2 wrong usage; 3 no database, or it cannot be used.\n\n"
    "Example: gongkai audit verify\n"
    "Example: gongkai audit heads > heads.json\n"
    "Example: gongkai audit verify --against heads.json --organ SF-0101",
)
def audit(
    act: Annotated[
        str, typer.Argument(metavar="verify|heads|protect", help=said("做什么", "what to do"))
    ],
    against: Annotated[
        str | None,
        typer.Option(
            metavar=said("文件", "FILE"),
            help=said(
                "以前用 heads 存下的链头；- 表示标准输入",
                "heads kept earlier; - is standard input",
            ),
        ),
    ] = None,
    organ: Annotated[
        str | None,
        typer.Option(
            metavar=said("编号", "CODE"),
            help=said("只核验一个机关的链（单位编号）", "prove the chain of one organ only"),
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=said("输出一个 JSON 对象", "print one object of JSON"))
    ] = False,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_audit, cli_streams

    _one_of(Text("", "The act"), act, "verify", "heads", "protect")
    if act != "verify" and (against or organ or as_json):
        raise UsageError(
            Text(
                "--against、--organ、--json 只用于 verify。",
                "--against, --organ and --json are for verify.",
            )
        )
    if as_json or act == "heads":
        cli_streams.as_utf8()
    if act == "heads":
        return cli_audit.heads(language(lang))
    if act == "protect":
        return cli_audit.protect(language(lang))
    return cli_audit.verify(cli_audit.Wish(against, organ, as_json), language(lang))


@told(
    "个人信息的密钥：有哪些、各加密了多少项；换一个新的；保存期满的内容删除。\n\n"
    "status 查看；erase 删除一件事项（如 request/12，见事件）里的个人信息，写明理由，删后不能恢复；"
    "rotate 生成新密钥，把全部内容重新加密，旧密钥在没有内容用它以后停用。"
    "服务运行时也可以用；中断后再运行一次即接着做。事件和事件链不受影响。\n\n"
    "退出码：0 正常；1 缺密钥，或者有内容打不开；2 用法有误；3 没有数据库或者打不开。\n\n"
    "示例：gongkai vault status\n"
    "示例：gongkai vault rotate\n"
    "示例：gongkai vault rotate --algorithm sm4-gcm\n"
    "示例：gongkai vault erase request/12 --reason 保存期满",
    "The keys to personal data: which there are and how much each seals; a new one for all; what "
    "need not be kept any more is erased.\n\n"
    "status shows them; erase takes the personal data of a matter (such as request/12, as events "
    "name it) away for good, with a reason; rotate makes a new key and seals everything anew, "
    "and drops the old one once nothing needs it. The service may run meanwhile; what was "
    "interrupted goes on when run "
    "again. Events and their chains stay as they are.\n\n"
    "Exit codes: 0 fine; 1 a key is missing, or values do not open; 2 wrong usage; 3 no database, "
    "or it cannot be used.\n\n"
    "Example: gongkai vault status\n"
    "Example: gongkai vault rotate\n"
    "Example: gongkai vault rotate --algorithm sm4-gcm\n"
    "Example: gongkai vault erase request/12 --reason 'kept long enough'",
)
def vault(
    act: Annotated[
        str, typer.Argument(metavar="status|rotate|erase", help=said("做什么", "what to do"))
    ],
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar=said("事项", "MATTER"),
            help=said("erase 的事项，如 request/12", "the matter to erase, as request/12"),
        ),
    ] = None,
    algorithm: Annotated[
        str | None,
        typer.Option(
            metavar=said("算法", "NAME"),
            help=said(
                "改用 aes-256-gcm 或国密 sm4-gcm；不写时看 GONGKAI_VAULT_ALGORITHM",
                "change to aes-256-gcm or sm4-gcm; else GONGKAI_VAULT_ALGORITHM",
            ),
        ),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(
            metavar=said("理由", "TEXT"),
            help=said("删除的理由，记入事件", "why it is erased; kept as an event"),
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", help=said("不再询问，直接删除", "erase without asking")),
    ] = False,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_vault

    _one_of(Text("", "The act"), act, "status", "rotate", "erase")
    if act == "erase":
        if not subject or not reason:
            raise UsageError(
                Text(
                    "erase 要写明事项和理由，如 gongkai vault erase request/12 --reason 保存期满。",
                    "erase needs a matter and a reason.",
                )
            )
        return cli_vault.erase(subject, reason, yes, language(lang))
    if subject or reason or yes:
        raise UsageError(
            Text(
                "事项、--reason、--yes 只用于 erase。", "MATTER, --reason and --yes are for erase."
            )
        )
    if act == "status":
        if algorithm:
            raise UsageError(Text("--algorithm 只用于 rotate。", "--algorithm is for rotate."))
        return cli_vault.status(language(lang))
    return cli_vault.rotate(algorithm, language(lang))
