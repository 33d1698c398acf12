"""Views of the register that somebody saved, and projects that he watches: his own, and nobody else's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from application.accounts.accounts import Accounts, new_secret
from domain.accounts.account import login_key
from domain.accounts.desk_items import SavedView, Watched
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.ids import ProjectId

MOST_VIEWS = 30


class TooManyViewsError(InputError, rule="saved_views"):
    """Somebody saved more views than anybody finds his way in."""


async def saved_views(accounts: Accounts, by: SignedIn) -> Sequence[SavedView]:
    """The views that somebody saved, in order of name."""
    found = await accounts.store.read(lambda rows: rows.every(SavedView, login_key(by.account)))
    return sorted(found, key=lambda each: each.name)


async def save_view(accounts: Accounts, by: SignedIn, name: str, query: str) -> None:
    """Save a view under a name; one of the same name is replaced.

    Raises:
        TooManyViewsError: he has too many already.
    """
    kept = await saved_views(accounts, by)
    same = next((each for each in kept if each.name == name), None)
    if same is None and len(kept) >= MOST_VIEWS:
        raise TooManyViewsError(f"保存的视图已有{MOST_VIEWS}个：请先去掉不用的。")
    key = same.key if same else new_secret()[:16]
    view = SavedView(key=key, owner=login_key(by.account), name=name, query=query)
    await accounts.store.change(lambda rows: rows.put(view))


async def drop_view(accounts: Accounts, by: SignedIn, key: str) -> None:
    """Save a view no longer; another one's stays."""
    owner = login_key(by.account)
    await accounts.store.change(
        lambda rows: [rows.remove(each) for each in rows.every(SavedView, owner) if each.key == key]
    )


async def watched(accounts: Accounts, by: SignedIn) -> tuple[ProjectId, ...]:
    """The projects that somebody watches, in order."""
    found = await accounts.store.read(lambda rows: rows.every(Watched, login_key(by.account)))
    return tuple(sorted(each.project_id for each in found))


async def watch(accounts: Accounts, by: SignedIn, project_id: ProjectId, *, on: bool) -> None:
    """Watch a project, or do so no longer. Repeatable."""
    owner = login_key(by.account)
    key = hashlib.sha256(f"{owner}\n{project_id}".encode()).hexdigest()
    one = Watched(key=key, owner=owner, project_id=project_id)
    await accounts.store.change(lambda rows: rows.put(one) if on else rows.remove(one))
