"""`duban doctor`: what is wrong with an installation, and what to do."""

from __future__ import annotations

import click

from application.office.examination import examined
from application.settings import Settings
from entrypoints.bootstrap import premises_of
from entrypoints.cli.session import reply, run_async, usual_options


@click.command()
@usual_options
def doctor(settings: Settings) -> int:
    """检查这套安装：逐项说明好坏和怎么办。"""
    checks = run_async(examined(premises_of(settings)))
    lines = [f"{'✓' if check.ok else '✗'} {check.text}" for check in checks]
    told = {"checks": [check._asdict() for check in checks]}
    return reply(told, *lines, status=0 if all(check.ok for check in checks) else 1)
