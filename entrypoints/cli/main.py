"""The `duban` command: its groups, and how every error becomes one sentence and its exit status (interfaces)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

import click

from domain.characters import printable
from domain.errors import DubanError, EngineUnreachableError, InputError, RejectedError
from domain.os_faults import not_usable
from entrypoints.cli.command_table import COMMANDS
from entrypoints.cli.help_words import in_words
from entrypoints.cli.in_locale import told
from entrypoints.cli.next_commands import told_with_command
from entrypoints.cli.own_folder import in_own_folder, name_folder
from entrypoints.cli.sections import SectionedGroup
from entrypoints.cli.streams import ready_streams
from entrypoints.cli.wrong_usage import usage_sentences

DONE, NOT_SO, WRONG_USAGE, NO_ENGINE = 0, 1, 2, 3


@click.group(cls=SectionedGroup, sections=COMMANDS, context_settings=in_words(help_option_names=["-h", "--help"]))
@click.version_option(package_name="duban", prog_name="duban")
@click.option("--data", type=click.Path(file_okay=False), help="数据目录（默认 .duban，或 DUBAN_DATA）")
@click.pass_context
def duban(context: click.Context, data: str | None) -> None:
    """督办：把一年的重点项目清单督办到底，并留下可以证明的记录。"""
    context.obj = {"data": data} if data else {}


def exit_status_of(error: DubanError) -> int:
    """The exit status that an error ends a command with."""
    if isinstance(error, InputError):
        return WRONG_USAGE
    if isinstance(error, EngineUnreachableError):
        return NO_ENGINE
    return NOT_SO


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its status."""
    given = sys.argv[1:] if arguments is None else arguments
    # Nothing that is installed beside looks at what the models read; to look for it reads every package there is.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    ready_streams(as_json="--json" in given)
    sys.exit(called(given))


def called(arguments: Sequence[str]) -> int:  # noqa: PLR0911 - one exit for each kind of end
    """Run a command; answer its exit status. Errors are one sentence on standard error."""
    try:
        answered = duban.main(args=list(arguments), prog_name="duban", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx is not None:
            _say(error.ctx.get_usage())
        _say("\n".join(map(told, usage_sentences(error))))
        return WRONG_USAGE
    except RejectedError as error:
        if "--json" in arguments:
            click.echo(json.dumps({"rejected": {"rule": error.rule, "text": error.text}}, ensure_ascii=False))
        from domain.acts.rejections import UnknownProjectError  # noqa: PLC0415 - the help does not wait for the rules

        # Who gives no name only looked: nothing was refused to him, it is not there.
        only_looked = isinstance(error, UnknownProjectError) and "--by" not in arguments
        refused = "" if only_looked else told("不予办理：")
        _say(f"{refused}{told_with_command(error)}")
        return NOT_SO
    except DubanError as error:
        _say(told_with_command(error))
        return exit_status_of(error)
    except UnicodeError as error:
        a_file = isinstance(error, UnicodeDecodeError)
        unread = "给出的文件不是 UTF-8 文本，读不出来：请核对是不是这一份。"
        _say(told(unread if a_file else "给出的值不是文字：请重新输入。"))
        return WRONG_USAGE
    except BrokenPipeError:
        # The reader (head, a pager) has gone: nobody is left to tell.
        sys.stderr.close()
        return DONE
    except OSError as error:
        _say(told(not_usable(error)))
        return WRONG_USAGE
    except KeyboardInterrupt:
        return 130
    finally:
        name_folder(None)
    return answered if isinstance(answered, int) else DONE


def _say(text: str) -> None:
    click.echo(printable(in_own_folder(text)), err=True)


if __name__ == "__main__":
    main()
