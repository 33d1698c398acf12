"""A stolen key: it is let go at once, the ledger says since when it is in doubt, and the verifier shows the window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from application.accounts.accounts import kept_of
from application.accounts.certificates import let_certificate_go
from application.accounts.own_keys import (
    KeysDesk,
    Signed,
    enrol_own_key,
    enrolment_of,
    let_go,
    recorded_keys,
    removal_of,
)
from application.accounts.passkeys import begin_enrolment, passkeys_of
from application.accounts.stolen_keys import (
    WHOSE_KEYS,
    NotYetError,
    Suspicion,
    WhichKeyError,
    change_door_key,
    report_stolen,
)
from application.office.attesting import Giver, local_giver
from application.office.directory import AskedChange, change_directory
from application.office.office_acts import door_change
from application.settings import Settings
from domain.accounts.refusals import NoOwnKeyError, UnknownSessionError
from domain.accounts.sessions import Session
from domain.accounts.webauthn import Site, in_base64url
from domain.acts.act_digest import document_digest
from domain.acts.attestation import DoorKind
from domain.acts.own_key import challenge_of_acts
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.signed_in import SignedIn
from domain.markings import ClassifiedError
from domain.ports.accounts import AccountRows
from domain.ports.doors import DOORS
from domain.record.doors import DOOR_CLOSED, DOORS_STREAM, DoorReader
from domain.record.ledger_errors import UnsafeKeyError
from domain.record.stolen_keys import STOLEN_KEYS_STREAM
from entrypoints.bootstrap import attestor_of, engine_now, open_records
from entrypoints.bootstrap.accounts import open_accounts
from tests.application.accounts.authenticator import ORIGIN, RP_ID, Device
from verifier.bundle import bundle_at
from verifier.doubts import Doubts
from verifier.findings import Step
from verifier.own_keys import SignedAct
from verifier.verify import verify

SITE = Site(RP_ID, ORIGIN)
HOURS_AGO = engine_now() - timedelta(hours=3)
LI = SignedIn(account="li", person_id="P0002", name="李红", how="password", logged_in_at=HOURS_AGO)
WANG = SignedIn(account="wang", person_id="P0001", name="王芳", how="password", logged_in_at=HOURS_AGO)


def _the_office(draft: Draft) -> None:
    for who in (WANG, LI):
        changes.give_account(draft, changes.open_person(draft, who.name), who.account)
    changes.give_role(draft, "P0002", "administrator")


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[KeysDesk]:
    """The keys of a new installation, whose administrator is 李红."""
    settings = Settings(data=tmp_path / "data")
    with open_records(settings) as records, open_accounts(settings, records) as accounts:
        await change_directory(records, AskedChange("李红", engine_now(), "office"), _the_office)
        await records.doors.open()
        yield KeysDesk(accounts, attestor_of(settings))


async def enrol(desk: KeysDesk, device: Device, who: SignedIn = WANG, by: Device | None = None) -> None:
    """Enrol a device of somebody who is signed in; the one he has signs that."""
    options = await begin_enrolment(desk.accounts, who, SITE, engine_now())
    answer = device.enrol(options)
    signed = sign_change(by, enrolment_of(who, SITE, answer)) if by is not None else None
    await enrol_own_key(desk, who, SITE, "电脑", answer, engine_now(), signed)


def sign_change(device: Device, act: dict[str, Any]) -> dict[str, Any]:
    """What a device signs of a change of keys."""
    return device.sign(in_base64url(challenge_of_acts((document_digest(act),))))


async def told(desk: KeysDesk, place: Path) -> tuple[str, set[str]]:
    """What the verifier says of the acts: its note, and what it found."""
    log = desk.accounts.records.log
    await log.seal()
    await asyncio.to_thread(log.export, str(place), {})
    with closing(bundle_at(place)) as bundle:
        report = verify(bundle)
    (step,) = [step for step in report.steps if step.name == "acts"]
    return step.note, report.codes()


@pytest.mark.parametrize("whose", WHOSE_KEYS)
async def test_a_stolen_key_is_let_go_at_once(desk: KeysDesk, tmp_path: Path, whose: Any) -> None:
    """Another takes its place, the entry says since when, and the bundle is whole, with the window in it."""
    await enrol(desk, Device())
    number = (await passkeys_of(desk.accounts, None))[0].number if whose == "person" else None
    records = desk.accounts.records
    before = set(DoorReader(records.ledger).now())
    suspicion = Suspicion(whose, HOURS_AGO, "电脑中了木马", number)

    stolen = await report_stolen(desk, local_giver(engine_now()), suspicion, engine_now())

    (entry,) = records.ledger.entries(STOLEN_KEYS_STREAM)
    assert (entry.event["data"]["whose"], entry.event["data"]["key"]) == (whose, stolen.key)
    doors = DoorReader(records.ledger).now()
    if whose in ("shell", "desk", "api"):
        assert (doors[stolen.key].kind, doors[stolen.key].is_open) == (whose, False)
        assert len(set(doors) - before) == 1
    if whose == "person":
        assert not (await recorded_keys(desk.accounts))[stolen.key].is_open
        assert await passkeys_of(desk.accounts, None) == []
    note, codes = await told(desk, tmp_path / "bundle.tar")
    assert codes == set()
    assert f"{stolen.key[:16]} 自 " in note


def _kept(thing: Session, rows: AccountRows) -> None:
    rows.put(thing)


async def test_who_came_in_by_a_device_that_is_let_go_is_out(desk: KeysDesk) -> None:
    """The logins by key of its account end with it, but for the one in which its person asks; nobody else's does."""
    now = engine_now()
    for by, left in ((local_giver(now), {"li", "by password"}), (Giver(WANG, "desk"), {"own", "li", "by password"})):
        await enrol(desk, Device())
        (held,) = await passkeys_of(desk.accounts, "wang")
        for key, who, at in (
            ("of the device", WANG, now),
            ("own", WANG, HOURS_AGO),
            ("li", LI, HOURS_AGO),
            ("by password", WANG, now),
        ):
            session = Session(
                key=key,
                owner=who.account,
                account=who.account,
                person_id=who.person_id or "",
                how="password" if key == "by password" else "passkey",
                logged_in_at=at,
                seen_at=now,
                ends_at=now + timedelta(hours=1),
                from_address="192.0.2.7",
            )
            await desk.accounts.store.change(partial(_kept, session))

        await let_go(desk, by, held.number, "设备丢失", "wang")

        assert {each.key for each in await kept_of(desk.accounts, Session, None)} == left


async def test_a_door_s_key_is_changed_without_any_doubt(desk: KeysDesk, tmp_path: Path) -> None:
    """As a matter of course: what the old one attested stays good, and no window is shown."""
    await enrol(desk, Device())
    new = await change_door_key(desk, local_giver(engine_now()), "desk", "例行更换")
    assert DoorReader(desk.accounts.records.ledger).now()[new].is_open
    note, codes = await told(desk, tmp_path / "bundle.tar")
    assert codes == set()
    assert "存疑" not in note


async def test_what_cannot_be_is_refused_and_nothing_changes(desk: KeysDesk) -> None:
    """An instant that has not come, a person's key without its number, another key with one, a number of nobody."""
    by, now = local_giver(engine_now()), engine_now()
    for suspicion, error in (
        (Suspicion("desk", now + timedelta(days=1), "x"), NotYetError),
        (Suspicion("person", now, "x"), WhichKeyError),
        (Suspicion("desk", now, "x", "12345678"), WhichKeyError),
        (Suspicion("person", now, "x", "12345678"), UnknownSessionError),
    ):
        with pytest.raises(error):
            await report_stolen(desk, by, suspicion, now)
    assert list(desk.accounts.records.ledger.entries(STOLEN_KEYS_STREAM)) == []
    assert all(door.is_open for door in DoorReader(desk.accounts.records.ledger).now().values())


@pytest.mark.parametrize("reason", ["见方案（机密）", "机密", "内部资料第3号"])
async def test_no_reason_of_a_change_of_keys_bears_a_mark(
    desk: KeysDesk, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    """Of a person's, a door's or the ledger's: the key stays, and nothing is attested or recorded."""
    monkeypatch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("内部资料",))
    await enrol(desk, Device())
    (held,) = await passkeys_of(desk.accounts, "wang")
    before, giver = list(desk.accounts.records.ledger.entries()), local_giver(engine_now())
    changes: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: let_go(desk, giver, held.number, reason),
        lambda: change_door_key(desk, giver, "desk", reason),
        lambda: report_stolen(desk, giver, Suspicion("ledger", HOURS_AGO, reason), engine_now()),
        lambda: desk.accounts.records.log.rotate_key(reason),
        lambda: desk.accounts.records.log.record_reading(reason, "audit heads"),
        lambda: let_certificate_go(desk, giver, "0", reason),
    )
    for change in changes:
        with pytest.raises(ClassifiedError):
            await change()
    assert list(desk.accounts.records.ledger.entries()) == before
    assert [each.number for each in await passkeys_of(desk.accounts, "wang")] == [held.number]


async def test_a_found_password_enrols_no_further_key(desk: KeysDesk) -> None:
    """It needs a login by the key there is, by its signature, or somebody else's word that it is lost; not his own."""
    first, by_key = Device(), WANG.model_copy(update={"how": "passkey"})
    await enrol(desk, first)
    with pytest.raises(NoOwnKeyError, match="您已有密钥"):
        await enrol(desk, Device(), by=first)
    with pytest.raises(NoOwnKeyError, match="都须用它签名"):
        await enrol(desk, Device(), by_key)
    with pytest.raises(NoOwnKeyError, match="没有登记"):
        await enrol(desk, Device(), by_key, by=Device())
    await enrol(desk, Device(), by_key, by=first)
    for passkey in await passkeys_of(desk.accounts, "wang"):
        await let_go(desk, Giver(WANG, "desk"), passkey.number, "不用了", "wang")
    with pytest.raises(NoOwnKeyError, match="自己停用"):
        await enrol(desk, Device())


async def test_an_administrator_with_a_key_lets_others_keys_go_by_its_signature(desk: KeysDesk, tmp_path: Path) -> None:
    """Without it, with that of another removal, or with another's, the key stays; with it the verifier is content."""
    mine, hers = Device(), Device()
    await enrol(desk, mine, LI)
    await enrol(desk, hers)
    (passkey,) = await passkeys_of(desk.accounts, "wang")
    act, giver = await removal_of(desk.accounts, LI, passkey.number, "丢失"), Giver(LI, "desk")
    other = await removal_of(desk.accounts, LI, passkey.number, "别的")
    for answer, why in (
        (None, "都须用它签名"),
        (sign_change(mine, other), "不是为这一次"),
        (sign_change(hers, act), "别人的"),
    ):
        with pytest.raises(NoOwnKeyError, match=why):
            await let_go(desk, giver, passkey.number, "丢失", None, Signed(SITE, answer, engine_now()))
    assert len(await passkeys_of(desk.accounts, "wang")) == 1
    signed = Signed(SITE, sign_change(mine, act), engine_now())
    await let_go(desk, giver, passkey.number, "丢失", None, signed)
    _, codes = await told(desk, tmp_path / "bundle.tar")
    assert codes == set()


async def test_an_administrator_with_a_key_reports_anothers_as_stolen_by_its_signature(
    desk: KeysDesk, tmp_path: Path
) -> None:
    """Without it nothing is let go and nothing said; with it the bundle is whole; his own he reports by himself."""
    mine, hers = Device(), Device()
    await enrol(desk, mine, LI)
    await enrol(desk, hers)
    (passkey,) = await passkeys_of(desk.accounts, "wang")
    suspicion = Suspicion("person", HOURS_AGO, "电脑中了木马", passkey.number)
    with pytest.raises(NoOwnKeyError, match="都须用它签名"):
        await report_stolen(desk, Giver(LI, "desk"), suspicion, engine_now())
    assert list(desk.accounts.records.ledger.entries(STOLEN_KEYS_STREAM)) == []
    act = await removal_of(desk.accounts, LI, passkey.number, suspicion.let_go_because)
    signed = Signed(SITE, sign_change(mine, act), engine_now())
    await report_stolen(desk, Giver(LI, "desk"), suspicion, engine_now(), signed)
    (own,) = await passkeys_of(desk.accounts, "li")
    await report_stolen(desk, Giver(LI, "desk"), Suspicion("person", HOURS_AGO, "遗失", own.number), engine_now())
    assert await passkeys_of(desk.accounts, None) == []
    assert (await told(desk, tmp_path / "bundle.tar"))[1] == set()


def act(position: int, door: str, own_key: str | None = None) -> SignedAct:
    """An act by a door's key, signed by a person's or not."""
    said: dict[str, Any] = {"door": {"key": door}}
    return SignedAct(position, {}, said if own_key is None else said | {"own_key": {"key": own_key}}, "act")


@pytest.mark.parametrize(
    ("whose", "key", "told"),
    [
        ("desk", "K1", "其间由它作证的 1 项办理不能断定是谁办的（第 2 条），另有 1 项有本人密钥的签名"),
        ("person", "P1", "其间由它作证的 1 项办理不能断定是谁办的（第 3 条）"),
        ("ledger", "L1", "其间由它作证的 2 项办理不能断定是谁办的（第 2、4 条），另有 1 项有本人密钥的签名"),
        ("shell", "K9", "其间由它作证的 0 项办理不能断定是谁办的"),
    ],
)
def test_the_window_has_the_acts_of_that_key_between_the_two_instants(whose: str, key: str, told: str) -> None:
    """Not those before, nor after the report; what a person's own device signed is in doubt with that key alone."""
    appended = [f"2026-01-0{day}T00:00:00.000000Z" for day in range(1, 8)]
    acts = [act(0, "K1"), act(1, "K2"), act(2, "K1"), act(3, "K1", "P1"), act(4, "K2"), act(6, "K1")]
    doubts, step = Doubts(), Step("acts")
    data = {"whose": whose, "key": key, "since": appended[2], "reason": "x"}
    doubts.take(5, {"stream": STOLEN_KEYS_STREAM, "type": "key.stolen", "data": data})
    doubts.tell(step, acts, appended)
    assert told in step.note
    assert step.verdict == "passed"


def _lost(place: Path) -> None:
    place.unlink()


def _of_another_door(place: Path) -> None:
    place.write_bytes(place.with_name("ledger.key").read_bytes())


def _a_folder(place: Path) -> None:
    place.unlink()
    place.mkdir()


def _empty(place: Path) -> None:
    place.write_bytes(b"")


@pytest.mark.parametrize("spoil", [_lost, _of_another_door, _a_folder, _empty])
@pytest.mark.parametrize("kind", DOORS)
async def test_a_door_whose_key_is_on_record_gets_another_one_openly(
    desk: KeysDesk, tmp_path: Path, kind: DoorKind, spoil: Callable[[Path], None]
) -> None:
    """Nothing is made in silence: it is named, a start refuses, and the change says who gave it and why."""
    records, place = desk.accounts.records, tmp_path / "data" / "keys" / f"door-{kind}.key"
    await records.log.seal()  # makes the log's key
    before = list(records.ledger.entries(DOORS_STREAM))
    spoil(place)

    assert [fault.ids["place"] for fault in records.doors.faults()] == [str(place)]
    with pytest.raises(UnsafeKeyError, match=place.name):
        await records.doors.open()
    assert list(records.ledger.entries(DOORS_STREAM)) == before

    await change_door_key(desk, local_giver(engine_now()), kind, "密钥文件丢失")
    await records.doors.open()

    assert not records.doors.faults()
    (closed,) = (entry for entry in records.ledger.entries(DOORS_STREAM) if entry.type == DOOR_CLOSED)
    assert closed.event["data"]["reason"] == "密钥文件丢失"
    # What attests that the shell's own key is changed is the key that took its place: the office has to say why.
    assert (await told(desk, tmp_path / "bundle"))[1] == ({"acts.door_opened_beside"} if kind == "shell" else set())


async def test_a_door_s_change_that_was_cut_is_finished_by_the_next_start(
    desk: KeysDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old key is closed and the new one is not in its place yet: the door does not stay shut."""
    records = desk.accounts.records
    replaced = Path.replace

    def cut_short(place: Path, target: Path) -> Path:
        if place.suffix == ".next":
            raise InterruptedError(str(place))
        return replaced(place, target)

    with monkeypatch.context() as cut:
        cut.setattr(Path, "replace", cut_short)
        with pytest.raises(InterruptedError):
            await records.doors.change(
                "shell", "例行更换", door_change(desk.attestor, local_giver(engine_now()), "shell", "例行更换")
            )

    assert not records.doors.faults()
    await records.doors.open()

    assert [door.is_open for door in DoorReader(records.ledger).now().values() if door.kind == "shell"] == [False, True]
    await change_door_key(desk, local_giver(engine_now()), "desk", "例行更换")
    assert (await told(desk, tmp_path / "bundle"))[1] == set()
