"""Certificates of persons (SM2): `duban account certificate`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from application.accounts.certificates import enrol_certificate, let_certificate_go
from application.accounts.own_keys import KeysDesk, has_own_key
from application.settings import Settings
from entrypoints.bootstrap import attestor_of, engine_now, local_user, must_have_ledger, open_records
from entrypoints.bootstrap.accounts import certificates_of, open_accounts
from entrypoints.cli.session import OLD_FILE, reply, usual_options

_ALONE = (
    "本人没有登记别的密钥：须本人签名的办理（裁定、销号、收回等）此后只能经接口（API）带证书的签名办理，"
    "督办台和命令行用不了证书；要在督办台办理，请本人另在“我的密钥”登记一把。"
)


@click.command("certificate")
@click.argument("account", required=False)
@click.argument("file", required=False, type=OLD_FILE)
@click.option("--let-go", "number", help="停用一张证书：密钥编号的前几位")
@click.option("--reason", default="在命令行停用", show_default=True, help="停用的缘由（记入台账）")
@usual_options
def certificate(settings: Settings, account: str | None, file: Path | None, number: str | None, reason: str) -> None:
    """登记一个账号本人的国密（SM2）证书，此后用它签名办理；或停用一张。"""
    if (account is None or file is None) == (number is None):
        raise click.UsageError("请写账号和证书文件，或用 --let-go 写密钥编号，二者取一。")
    must_have_ledger(settings)
    with open_records(settings) as records, open_accounts(settings, records) as accounts:
        desk, by = KeysDesk(accounts, attestor_of(settings)), local_user()
        if number is not None:
            key = asyncio.run(let_certificate_go(desk, by, number, reason))
            told, said = {"key": key.key}, f"证书的密钥 {key.key[:16]} 已停用；以前签过的办理仍然有效。"
        else:
            assert account is not None
            assert file is not None
            key, found = asyncio.run(
                enrol_certificate(desk, by, account, file.read_bytes(), certificates_of(settings), engine_now())
            )
            told = {"key": key.key, "person_id": key.person_id, "subject": found.subject}
            said = f"已登记 {account}（{key.person_id}）的证书 {found.subject}，密钥 {key.key[:16]}。"
            if not asyncio.run(has_own_key(accounts, key.person_id)):
                said += _ALONE
    reply(told, said)
