"""`duban run` and a program: a token, acts and evidence over HTTP, and a verifier that names who acted."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta

import httpx2

from bench.patience import PATIENCE_SECONDS
from tests.entrypoints.installation import Home

_OFFICE = """类别,编号,名称,别名,账号,角色,部门,代谁办理,自,至
部门,,组织部,,,,,,2018-01-01,
部门,,宣传部,,,,,,2018-01-01,
人员,,李红,,,,,,2018-01-01,
人员,,王伟,,,,,,2018-01-01,
任职,,李红,,,管理员,,,2018-01-01,
任职,,李红,,,督查人员,,,2018-01-01,
任职,,王伟,,,承办人,组织部,,2018-01-01,
"""


def test_a_program_acts_with_its_token_and_the_verifier_names_it(home: Home) -> None:
    """Signed and reported with evidence, once however often sent; whose act it was is proved; revoked, it ends."""
    first = home.run(projects=2)
    (address,) = set(re.findall(r"督办台：(http://127\.0\.0\.1:\d+/)", first.said))
    sheet = home.folder / "名册.csv"
    sheet.write_text(_OFFICE, encoding="utf-8")
    assert home.call("directory", "import", str(sheet), "--apply", "--by", "李红").returncode == 0
    home.ask("account", "open", "王伟", "wangwei", "--by", "李红")
    until = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"
    token = home.ask(
        "account", "token", "wangwei", "业务系统", "--department", "组织部", "--until", until, "--by", "李红"
    )
    minutes = "会议纪要：已印发方案。\n".encode()
    sha256 = hashlib.sha256(minutes).hexdigest()
    shown = {"Authorization": f"Bearer {token['secret']}"}
    with httpx2.Client(base_url=f"{address}api/v1", headers=shown, timeout=PATIENCE_SECONDS) as program:
        assert program.get("/me").json()["departments"] == ["组织部"]
        (duty, *_more) = program.get("/duties", params={"role": "lead", "open": "true"}).json()["duties"]
        acts = f"/projects/{duty['project_id']}/acts"
        signed = [
            program.post(f"{acts}/sign-receipt", json={}, headers={"Idempotency-Key": "sign"}) for _twice in range(2)
        ]
        assert [answer.status_code for answer in signed] == [200, 200], signed[0].text
        assert signed[0].json()["event_ids"] == signed[1].json()["event_ids"] != []
        kept = program.put(f"/evidence/{sha256}", params={"name": "纪要.txt"}, content=minutes).json()["evidence"]
        asked = {
            "milestone_id": duty["milestone_id"],
            "text": "方案已印发",
            "done_on": "2018-04-20",
            "evidence": [kept],
        }
        for text, status in ((asked["text"], 200), (asked["text"], 200), ("另一句话", 409)):
            told = {**asked, "text": text}
            answer = program.post(f"{acts}/report-progress", json=told, headers={"Idempotency-Key": "report"})
            assert answer.status_code == status, answer.text
        forged = {**asked, "evidence": [kept.replace(sha256, "0" * 64)]}
        answer = program.post(f"{acts}/report-progress", json=forged, headers={"Idempotency-Key": "forged"})
        assert (answer.status_code, answer.json()["rule"]) == (409, "evidence_is_kept")
        assert program.get(f"/duties/{duty['milestone_id']}/evidence/{sha256}").content == minutes
        bundle = home.folder / "bundle"
        assert home.call("audit", "export", str(bundle)).returncode == 0
        verified = home.program("-m", "verifier", str(bundle), "--json")
        (step,) = [each for each in json.loads(verified.stdout)["steps"] if each["step"] == "acts"]
        assert step["verdict"] == "passed"
        assert "王伟（P0002，wangwei，token，api） 2 项" in step["note"]
        assert home.call("account", "revoke", token["number"]).returncode == 0
        assert program.get("/me").status_code == 401
