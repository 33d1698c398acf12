"""`duban doctor`: what is wrong with an installation, and what to do."""

from __future__ import annotations

import click

from application.office.examination import examined
from entrypoints.bootstrap import premises_of
from entrypoints.cli.session import data_option, json_option, out, print_json, run_async, settings_of


@click.command()
@data_option
@json_option
@click.pass_context
def doctor(context: click.Context, data: str | None, as_json: bool) -> int:
    """检查这套安装：逐项说明好坏和怎么办。"""
    checks = run_async(examined(premises_of(settings_of(context, data=data))))
    if as_json:
        print_json({"checks": [check._asdict() for check in checks]})
    else:
        for check in checks:
            out().print(f"{'✓' if check.ok else '✗'} {check.text}", markup=False)
    return 0 if all(check.ok for check in checks) else 1
