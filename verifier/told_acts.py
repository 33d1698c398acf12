"""Who gave each act, one by one: what the attestations that hold say of it, for whoever asks about a single one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from verifier.english import Say
from verifier.findings import shown
from verifier.own_keys import SignedAct

_HEAD = "条目；记入时间；流水；办了什么；人员；账号；登录方式；登录时间；受理端；本人密钥的签名"


def told_acts(acts: Iterable[SignedAct], appended: Sequence[str]) -> list[dict[str, Any]]:
    """Each act with its person, account, login and signatures, in the order of the entries."""
    return [_told(act, appended) for act in sorted(acts, key=lambda each: each.position)]


def _told(act: SignedAct, appended: Sequence[str]) -> dict[str, Any]:
    # A door's key may have signed anything: what a verification did not look at may be missing, or of any kind.
    said, signed = act.said, act.said.get("own_key")
    return {
        "entry": act.position,
        "appended": appended[act.position] if act.position < len(appended) else "",
        "stream": act.event["stream"],
        "act": said["act"]["command"]["type"],
        "act_id": act.act_id,
        "person_id": said["person_id"],
        "name": said["name"],
        "account": said["account"],
        "login": said["login"],
        "door": said["door"],
        "received_at": said["received_at"],
        "own_key": str(signed.get("key")) if isinstance(signed, dict) else None,
    }


def as_lines(acts: Iterable[dict[str, Any]], say: Say = str) -> str:
    """One line for each act, its parts in columns that a tabulator parts."""
    lines = ["\t".join(map(say, _HEAD.split("；")))]
    for act in acts:
        who = f"{act['name']} {act['person_id']}" if act["person_id"] else act["name"]
        login, door = act["login"], f"{act['door']['kind']} {act['door']['key'][:16]}"
        how = f"{login['how']} {login['issuer']}" if login.get("issuer") else str(login["how"])
        entry, signed = str(act["entry"]), (act["own_key"] or "")[:16]
        parts = (
            entry,
            act["appended"],
            act["stream"],
            act["act"],
            who,
            act["account"],
            how,
            login.get("at"),
            door,
            signed,
        )
        lines.append("\t".join(shown(str(part)) for part in parts))
    return "\n".join(lines)
