"""What is put into the store of accounts passes one place: no mark, no refused word, and the whole work is undone."""

from __future__ import annotations

import pytest

from application.accounts.accounts import Accounts
from domain.accounts.desk_items import SavedView
from domain.accounts.webhooks import Webhook
from domain.markings import ClassifiedError
from domain.ports.accounts import AccountRows
from entrypoints.bootstrap import engine_now


def view(name: str, key: str = "a" * 16) -> SavedView:
    """A view of somebody."""
    return SavedView(key=key, owner="wang", name=name, query="light=red")


@pytest.mark.parametrize("name", ["方案（机密）", "密级：秘密", "内部 资料"])
async def test_a_mark_or_a_refused_word_undoes_the_whole_work(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What the same work had put before it is not kept either."""
    monkeypatch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("内部资料",))

    def work(rows: AccountRows) -> None:
        rows.put(view("督办", "b" * 16))
        rows.put(view(name))

    with pytest.raises(ClassifiedError):
        await accounts.store.change(work)
    assert await accounts.store.read(lambda rows: rows.every(SavedView)) == []


async def test_a_stricter_policy_keeps_nothing_from_going_on(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver whose name would not be taken any more is counted on; a secret may have a refused word's letters."""
    made = Webhook(
        key="k" * 43,
        url="https://x.example",
        secret="GA" * 20,
        name="内部资料平台",
        by="王芳",
        made_at=engine_now(),
        after=3,
    )
    await accounts.store.change(lambda rows: rows.put(made))
    monkeypatch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("内部资料", "GA"))
    further = made.model_copy(update={"after": 7, "name": made.name})
    await accounts.store.change(lambda rows: rows.put(further))
    other = made.model_copy(update={"key": "j" * 43, "secret": "GA" * 19, "name": "平台"})
    await accounts.store.change(lambda rows: rows.put(other))
    with pytest.raises(ClassifiedError):
        await accounts.store.change(lambda rows: rows.put(other.model_copy(update={"name": "新的内部资料"})))
    kept = await accounts.store.read(lambda rows: rows.every(Webhook))
    assert {(each.after, each.name) for each in kept} == {(7, "内部资料平台"), (3, "平台")}
