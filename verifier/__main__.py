"""`python -m verifier BUNDLE`, and the witness's commands.

Exit status: 0 nothing found, 1 evidence missing or something changed (the verdict says which), 2 wrong usage.
"""

# ruff: noqa: T201 - a command speaks by printing, and this package has no library for it
from __future__ import annotations

import argparse
import io
import json
import re
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from verifier.bundle import UnreadableBundleError, bundle_at
from verifier.certificates import certificates_in
from verifier.der import UnreadableDerError
from verifier.english import spoken, writes
from verifier.findings import shown
from verifier.log_of_heads import above_in
from verifier.notes import UnreadableNoteError
from verifier.score_report import score_report
from verifier.told_acts import as_lines
from verifier.verify import Trust, verify
from verifier.witness import Witness, WitnessRefusedError

_BUNDLES = "请核对路径：审计包是用 duban audit export 导出的文件夹或 .tar"
_USAGE = (
    (r"the following arguments are required: (.+)", "缺少参数：{}"),
    (r"unrecognized arguments: (.+)", "没有这个参数或选项：{}"),
    (r"ambiguous option: (\S+).*", "选项写得不全：{}"),
    (r"argument (\S+): expected .+", "{} 后面缺少值"),
    (r"argument (\S+): (?:invalid choice|not allowed): .+", "{} 的值不对"),
)
"""How the library says what is wrong with a command line, and how it is told."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command and answer its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Half a character in a name of the bundle is shown as what it is.
            stream.reconfigure(errors="backslashreplace")
    if given and given[0] == "witness":
        return _witness(given[1:])
    if given and given[0] == "score":
        return _score(given[1:])
    return _verify(given)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line in the reader's language."""

    def error(self, message: str) -> NoReturn:
        """Tell it, show the usage and end with 2."""
        self.print_usage(sys.stderr)
        told = next((told.format(found[1]) for said, told in _USAGE if (found := re.fullmatch(said, message))), message)
        self.exit(2, spoken()(f"用法不对：{shown(told)}；各参数的意思：{self.prog} --help") + "\n")


def _why(error: Exception) -> str:
    """Why something cannot be read; of a file, in our words and by its name."""
    if not isinstance(error, OSError) or error.filename is None:
        return shown(str(error))
    name = shown(str(error.filename))
    if isinstance(error, FileNotFoundError):
        return f"没有“{name}”"
    if isinstance(error, IsADirectoryError | NotADirectoryError):
        return f"“{name}”该是文件的是文件夹，或该是文件夹的是文件"
    if isinstance(error, PermissionError):
        return f"无权读取“{name}”"
    return f"“{name}”读取出错（{error.strerror}）"


def _verify(arguments: list[str]) -> int:
    say = spoken()
    parser = _Parser(prog="verifier", description=say("核验督办台账的审计包；不用网络，不用数据库。"))
    parser.add_argument("bundle", type=Path, help=say("审计包（文件夹或 .tar）"))
    parser.add_argument("--policy", type=Path, help=say("您自己保存的策略文件"))
    parser.add_argument("--kept", type=Path, action="append", default=[], help=say("您以前留存的校验值，可给多个"))
    parser.add_argument("--stamp-authority", type=Path, help=say("您所信任的时间戳机构的证书（PEM，可含多个）"))
    parser.add_argument("--heads-proof", type=Path, help=say("总账收有这本台账的校验值的证明"))
    parser.add_argument("--heads-kept", type=Path, help=say("您留存的总账的校验值"))
    parser.add_argument("--heads-policy", type=Path, help=say("您保存的总账的策略文件"))
    parser.add_argument("--acts", action="store_true", help=say("另外逐项列出是谁办的"))
    parser.add_argument("--json", action="store_true", help=say("输出一个 JSON 文档"))
    options = parser.parse_args(arguments)
    try:
        bundle = bundle_at(options.bundle)
        trust = Trust(
            above=above_in(options.heads_proof, options.heads_kept, options.heads_policy),
            stamp_authorities=certificates_in(options.stamp_authority.read_bytes())
            if options.stamp_authority
            else None,
            policy=options.policy.read_bytes() if options.policy else None,
            kept_heads={str(path): path.read_bytes() for path in options.kept},
        )
        with closing(bundle):
            report = verify(bundle, trust, _show if sys.stderr.isatty() else lambda *_: None)
    except (UnreadableBundleError, UnreadableDerError, OSError) as error:
        print(say(f"读不到审计包或您给的文件：{_why(error)}；{_BUNDLES}。"), file=sys.stderr)
        return 2
    if options.json:
        print(_json(report.as_json() | ({"acts": report.acts} if options.acts else {})))
    else:
        print(report.as_text(say), *([as_lines(report.acts, say)] if options.acts else []), sep="\n")
    return 0 if report.passed else 1


def _score(arguments: list[str]) -> int:
    say = spoken()
    parser = _Parser(prog="verifier score", description=say("由审计包独立重算一个已公布考核期的得分。"))
    parser.add_argument("bundle", type=Path, help=say("审计包（文件夹或 .tar）"))
    parser.add_argument("period", help=say("考核期，如 2018-Q2"))
    parser.add_argument("--json", action="store_true", help=say("输出一个 JSON 文档"))
    options = parser.parse_args(arguments)
    try:
        bundle = bundle_at(options.bundle)
        with closing(bundle):
            report = score_report(bundle, options.period)
    except (UnreadableBundleError, OSError) as error:
        print(say(f"读不到审计包：{_why(error)}；{_BUNDLES}。"), file=sys.stderr)
        return 2
    print(_json(report.as_json()) if options.json else report.as_text(say))
    return 0 if report.agrees else 1


def _json(document: object) -> str:
    """A document whose letters are those of the place to which it goes: JSON has its own way to write the others."""
    text = json.dumps(document, ensure_ascii=False)
    return text if writes(text) else json.dumps(document)


def _show(step: str, done: int, of: int) -> None:
    print(f"\r{spoken()(step)} {done}/{of}", end="", file=sys.stderr, flush=True)


def _witness(arguments: list[str]) -> int:
    say = spoken()
    parser = _Parser(prog="verifier witness", description=say("见证督办台账的校验值。"))
    parser.add_argument("folder", type=Path, help=say("见证人自己的文件夹"))
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help=say("生成见证人密钥，打印公钥"))
    create.add_argument("name", help=say("见证人的名称（不含空格），如 audit-office.example/witness"))
    create.add_argument("log_key", nargs="+", help=say("台账的公钥"))
    cosign = actions.add_parser("cosign", help=say("核对请求，打印签名行"))
    cosign.add_argument("request", type=Path)
    cosign.add_argument("--restored", action="store_true", help=say("台账用备份恢复过，留存的校验值所含的条目已缺失"))
    actions.add_parser("size", help=say("留存的校验值算到第几条（出请求时要用）"))
    options = parser.parse_args(arguments)
    witness = Witness(options.folder)
    try:
        if options.action == "create":
            print(witness.create(options.name, options.log_key))
        elif options.action == "cosign":
            print(witness.cosign(options.request.read_bytes(), int(time.time()), restored=options.restored), end="")
        else:
            head = witness.kept_head()
            print(head.size if head else 0)
    except WitnessRefusedError as error:
        print(say(str(error)), file=sys.stderr)
        return 1
    except (UnreadableNoteError, OSError) as error:
        print(say(f"读不到请求、密钥或文件夹：{_why(error)}；请核对路径。"), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
