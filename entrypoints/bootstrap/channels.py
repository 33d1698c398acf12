"""The composition root of channels: the file of routes, and each channel with its secrets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.channels import registry
from adapters.channels.change_webhook import ChangeWebhook
from adapters.channels.registry import channels_of
from adapters.channels.routes_file import read_routes
from application.accounts.accounts import Accounts
from application.desk_work.webhooks import LOOKS_EVERY_SECONDS, WebhookDesk
from application.engine_room.loops import Beside, going_on
from application.office.office import Office
from application.settings import Settings
from domain.papers.routes import Routes
from domain.ports.channel import Channel
from entrypoints.bootstrap import engine_now


def routes_of(settings: Settings) -> Routes:
    """The channels and the readers that the settings name; none at all without a file.

    Raises:
        InputError: the file cannot be read; the sentence names the line.
    """
    return Routes() if settings.channels is None else read_routes(settings.channels)


def open_channels(settings: Settings, routes: Routes) -> dict[str, Channel]:
    """The channels that are on, with their secrets.

    Raises:
        InputError: a file with a secret cannot be used; what it holds is not shown.
    """
    folder = settings.channels.parent if settings.channels else Path()
    return channels_of(routes, folder, engine_now)


def is_own_receipt(settings: Settings, channel: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a channel itself says this, as its signature proves.

    Raises:
        InputError: the file of channels, or the one with the channel's secret, cannot be used.
    """
    folder = settings.channels.parent if settings.channels else Path()
    return registry.is_own_receipt(routes_of(settings), folder, channel, headers, body, engine_now())


def checked_routes(settings: Settings) -> Routes:
    """The channels and readers, once each file with a secret was found good.

    Raises:
        InputError: the file, or one with a secret, cannot be used.
    """
    routes = routes_of(settings)
    open_channels(settings, routes)
    return routes


@asynccontextmanager
async def sending_changes(office: Office, accounts: Accounts) -> AsyncIterator[None]:
    """Let what is recorded go to the receivers of changes, as long as the block lasts."""
    post = ChangeWebhook(engine_now)
    desk = WebhookDesk(accounts, office.records.ledger, post, engine_now)
    try:
        async with going_on([Beside("webhooks", LOOKS_EVERY_SECONDS, desk.look)]):
            yield
    finally:
        await desk.close()
        await post.close()
