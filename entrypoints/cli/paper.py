"""Papers: `duban paper`. The office's own templates, and documents printed as PDF."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from application.settings import Settings
from domain.errors import InputError
from entrypoints.bootstrap.documents import begin_templates, checked_templates, printer_of
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import FOLDER, json_option, out, replied, reply, settings_of, usual_options


@click.group(cls=WordedGroup)
def paper() -> None:
    """文书：本单位的文书模板（.docx）怎么取、怎么查，已发文书怎么转成 PDF。"""


@paper.command()
@click.argument("folder", metavar="目录", type=FOLDER)
@json_option
@click.pass_context
def templates(context: click.Context, folder: Path) -> None:
    """把内置的文书模板写入目录，供本单位在 Word 或 WPS 里修改；已有的文件不覆盖。"""
    written = begin_templates(settings_of(context), folder)
    done = f"已写入 {len(written)} 个模板" if written else "模板都已经在那里，没有再写，也没有覆盖"
    reply(
        {"written": written},
        f"{done}。下一步：用 Word 或 WPS 改好，请管理员设环境变量 DUBAN_TEMPLATES={folder}，"
        "再启动 duban run；不改的可以删去。",
    )


@paper.command()
@click.argument("folder", metavar="目录", type=FOLDER)
@json_option
def check(folder: Path) -> None:
    """检查目录里的文书模板；有错时说明文件、位置和改法。"""
    found = checked_templates(folder)
    if replied({"templates": found}):
        return
    if found:
        out().print(
            f"{len(found)} 个模板可用：{'、'.join(found)}。"
            f"要采用，请管理员设环境变量 DUBAN_TEMPLATES={folder}，再启动 duban run。"
        )
    else:
        out().print(f"“{folder}”里没有模板（.docx），各种文书都用内置的：要改，请先用 duban paper templates 写出来。")


@paper.command()
@usual_options
def pdf(settings: Settings) -> int:
    """用 LibreOffice 给已发的文书各转一份 PDF，放在 .docx 旁边；已有的不重做，转不出的逐份说明。"""
    printer = printer_of(settings, settings.papers_folder)
    if printer is None:
        if settings.pdf == "off":
            raise InputError("转 PDF 已关（环境变量 DUBAN_PDF=off）：请管理员去掉这一项后再试。")
        raise InputError("本机没有 LibreOffice（soffice），转不出 PDF：请管理员安装后再试。")
    printed, faults = asyncio.run(printer.print_all())
    missing = [name for fault in faults for name in fault.files]
    done = f"已转出 {printed} 份 PDF，在 .docx 旁边。" if printed else "已发的文书都有 PDF 了，没有要转的。"
    lines = (*([done] if printed or not faults else []), *map(str, faults))
    return reply({"printed": printed, "missing": missing}, *lines, status=1 if faults else 0)
