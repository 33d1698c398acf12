"""`duban doctor`: what is wrong with an installation, and what to do."""

from __future__ import annotations

import click

from application.office.examination import examined
from application.settings import Settings
from entrypoints.bootstrap import premises_of
from entrypoints.cli.session import json_option, out, print_json, run_async, settings_option


@click.command()
@settings_option
@json_option
def doctor(settings: Settings, as_json: bool) -> int:
    """检查这套安装：逐项说明好坏和怎么办。"""
    checks = run_async(examined(premises_of(settings)))
    if as_json:
        print_json({"checks": [check._asdict() for check in checks]})
    else:
        for check in checks:
            out().print(f"{'✓' if check.ok else '✗'} {check.text}")
    return 0 if all(check.ok for check in checks) else 1
