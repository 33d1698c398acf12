"""The examples that come with Duban, copied to where they can be changed."""

from __future__ import annotations

from pathlib import Path

import click

from application.examples import example_files
from domain.errors import InputError
from entrypoints.cli.session import FOLDER, err, out


@click.command()
@click.argument("folder", type=FOLDER)
def examples(folder: Path) -> int:
    """取出随附的示例：清单原文、计划、带注释的督办规则，写入一个文件夹，已有的文件不覆盖。"""
    for example in example_files():
        if (folder / example.name).exists():
            raise InputError(f"{folder / example.name} 已经存在：请换一个文件夹，或先移走它。")
    folder.mkdir(parents=True, exist_ok=True)
    for example in example_files():
        (folder / example.name).write_bytes(example.read_bytes())
        out().print(f"{folder / example.name}")
    err().print(f"已写入 {folder}。下一步：按本单位的清单改好计划文件，再运行 duban run 计划文件。")
    return 0
