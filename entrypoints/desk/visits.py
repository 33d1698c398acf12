"""One request as a page sees it: who asks, in which language, what was filled in; and how it is answered."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from application.accounts.accounts import Accounts
from application.accounts.own_keys import KeysDesk
from application.desk_work.office_desks import OfficeDesks
from application.desk_work.rehearsals import RehearsalDesk
from application.office.attesting import Giver
from application.office.office import Office
from domain.directory.ids import DirectoryRole
from domain.directory.signed_in import SignedIn
from domain.errors import DubanError, InputError
from domain.ids import DepartmentId
from domain.ports.document_store import DocumentStore
from domain.ports.third_party import ThirdParty
from entrypoints.core_sentences import core_said
from entrypoints.desk.accounts_door import AccountsDoor
from entrypoints.desk.languages import LANGUAGE, Language, in_number, joined, preferred, translations
from entrypoints.desk.next_pages import MayOpen, next_page
from entrypoints.desk.rendering import rendered

SESSION: Final = "duban-session"
FORM: Final = "duban-form"
DEVICE: Final = "duban-device"
DEVICE_DAYS: Final = 180
TOKEN: Final = "csrf"  # noqa: S105 - the name of a field
_MOST_FIELDS, _MOST_FILES = 100, 20
_SEVERAL: Final = frozenset({"item", "kept", "light"})
"""The fields of text that a form of ours may have several of: what was chosen, what is kept of files, lights."""


class NotFoundError(Exception):
    """There is no such page, or it does not belong to the one who asks: he learns no difference."""


class FormTooOldError(InputError, rule="own_form"):
    """A form was not made for this session."""


class RepeatedFieldError(InputError, rule="field_once"):
    """A form has one of its fields twice: nobody knows which one was meant, and a page may have shown the other."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works with: the office, the door through which people come, what they keep at their desks, what
    takes long enough to be kept; their keys and the third party where there are any."""

    office: Office
    door: AccountsDoor
    accounts: Accounts
    clock: Callable[[], datetime]
    desks: OfficeDesks
    rehearsals: RehearsalDesk
    documents: DocumentStore
    keys: KeysDesk | None = None
    elsewhere: ThirdParty | None = None

    async def now(self) -> datetime:
        """The present instant of the supervised year."""
        return await asyncio.to_thread(self.office.now)


@dataclass(slots=True)
class Visit:
    """One request, with who is signed in."""

    desk: Desk
    request: Request
    form_secret: str
    language: Language
    person: SignedIn | None = None
    secret: str | None = None
    menu: tuple[tuple[str, str], ...] = ()
    may_open: MayOpen = lambda _: False
    steps: dict[str, str] = field(default_factory=dict)
    """The pages to open next after what was refused, by their addresses, each with its word."""
    form: FormData = field(default_factory=FormData)

    @property
    def office(self) -> Office:
        """The installation."""
        return self.desk.office

    @property
    def signed_in(self) -> SignedIn:
        """The one who asks, where the page is for people who are signed in."""
        assert self.person is not None
        return self.person

    @property
    def token(self) -> str:
        """What a form of this session carries: nobody who does not have the cookie can know it."""
        return hashlib.sha256(f"form:{self.secret or self.form_secret}".encode()).hexdigest()

    @property
    def here(self) -> str:
        """The address that was asked for, with all that it asks."""
        return self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else "")

    def has(self, *roles: DirectoryRole) -> bool:
        """Whether the one who asks has one of these roles."""
        return self.person is not None and any(role in self.person.roles for role in roles)

    async def answers_for(self) -> tuple[DepartmentId, ...]:
        """The departments for which the one who asks acts, whose head he is, or of which he is in charge today."""
        own, number = self.signed_in.reads_for, self.signed_in.person_id
        if number is not None and self.has("leader_in_charge"):
            day = (await self.desk.now()).date()
            found = await asyncio.to_thread(self.desk.accounts.directory)
            own += found.names_in(found.roles_on(number, day), day, "leader_in_charge")
        return tuple(dict.fromkeys(own))

    def say(self, sentence: str, **values: object) -> str:
        """A sentence in the language of the visit."""
        told = in_number(translations(self.language), sentence, values)
        # What no page of ours says is a sentence of the core: a refusal with its values in it.
        return told % values if values else core_said(self.language, told)

    def refused(self, error: DubanError) -> str:
        """What a refusal says; the page that its reader opens next stands under it as a link."""
        params = {**self.request.query_params, **self.request.path_params}
        milestone = params.get("milestone_id") or params.get("milestone") or self.given("milestone")
        known = {"project_id": str(params.get("project_id", "")), "milestone_id": str(milestone)}
        step = next_page(error, known, self.may_open)
        if step is not None and step[1].partition("?")[0] != self.request.url.path:
            self.steps[step[1]] = self.say(step[0])
        return error.text

    def joined(self, words: Iterable[str]) -> str:
        """Words of a list, as the language of the visit puts them side by side."""
        return joined(self.language, words)

    @property
    def giver(self) -> Giver:
        """Who gives acts here: whoever is signed in."""
        return Giver(self.signed_in, "desk")

    def given(self, name: str) -> str:
        """What was filled in, without the space around it; empty where nothing was."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def files(self, name: str) -> list[UploadFile]:
        """The files that were chosen."""
        return [each for each in self.form.getlist(name) if isinstance(each, UploadFile) and each.filename]

    async def read_form(self) -> None:
        """Read what was filled in.

        Raises:
            FormTooOldError: it was not made for this session.
            RepeatedFieldError: a field stands twice in it.
        """
        self.form = await self.request.form(max_fields=_MOST_FIELDS, max_files=_MOST_FILES)
        if not secrets.compare_digest(self.given(TOKEN).encode(), self.token.encode()):
            raise FormTooOldError("这张表单已经过期，没有办理：请重新打开页面再填。")
        texts = [name for name, value in self.form.multi_items() if isinstance(value, str) and name not in _SEVERAL]
        if len(set(texts)) < len(texts):
            raise RepeatedFieldError("这张表单里有一栏写了不止一次，没有办理：请重新打开页面再填。")

    def page(self, template: str, status: int | None = None, **facts: Any) -> Response:
        """Answer with a page: with 400 where it has `errors`, unless another status is given; they are `faults` by the
        fields at which they stand, too."""
        written, errors = self.office.settings.paper_language, facts.get("errors", ())
        known = {**self._common(), "faults": dict(errors), **facts}
        status = status or (400 if errors else 200)
        return HTMLResponse(rendered(self.language, written, template, known), status)

    async def page_now(self, template: str, status: int | None = None, **facts: Any) -> Response:
        """As `page`, of how things stand at the present instant."""
        return self.page(template, status, as_of=await self.desk.now(), **facts)

    def see(self, path: str) -> Response:
        """Answer with another page to look at."""
        return RedirectResponse(path, 303)

    def keeping(self, **changed: object) -> str:
        """The address of this page with other values; empty ones are left out."""
        kept: dict[str, list[str]] = {}
        for name, value in self.request.query_params.multi_items():
            kept.setdefault(name, []).append(value)
        for name, new in changed.items():
            kept[name] = [str(each) for each in (new if isinstance(new, (list, tuple)) else [new]) if each is not None]
        parts = [f"{quote(name)}={quote(value)}" for name, values in kept.items() for value in values if value]
        return f"{self.request.url.path}?{'&'.join(parts)}" if parts else self.request.url.path

    def _common(self) -> Mapping[str, Any]:
        return {
            "person": self.person,
            "menu": self.menu,
            "here": self.here,
            "path": self.request.url.path,
            "token": self.token,
            "errors": (),
            "steps": self.steps,
            "as_of": None,
            "by_machine": self.desk.clock(),
            "keeping": self.keeping,
        }


def visit_of(desk: Desk, request: Request) -> Visit:
    """The visit that a request is, of somebody whom nobody knows yet (see `recognise`)."""
    return Visit(
        desk=desk,
        request=request,
        form_secret=request.cookies.get(cookie_name(request, FORM)) or secrets.token_urlsafe(24),
        language=preferred(request.cookies.get(LANGUAGE), request.headers.get("accept-language", "")),
    )


async def recognise(visit: Visit) -> None:
    """Look up who is signed in now: nobody any more, where the login ended since the last look.

    Raises:
        LedgerUnavailableError: the accounts do not answer; nobody is signed in then.
    """
    secret = visit.request.cookies.get(cookie_name(visit.request, SESSION)) or None
    person = await visit.desk.door.session_of(secret) if secret else None
    visit.person = None if person is None else await _with_what_runs_first(visit, person)
    visit.secret = None if person is None else secret


async def _with_what_runs_first(visit: Visit, person: SignedIn) -> SignedIn:
    """One who is signed in, whose pages begin with a name that has duties: what runs may know a department that was
    renamed under its former one alone."""
    if len(person.reads) < 2:
        return person
    running = {each.department for each in await visit.office.register.departments()}
    each = {"departments": person.departments, "heads": person.heads, "liaises": person.liaises}
    order = {what: tuple(sorted(names, key=lambda name: name not in running)) for what, names in each.items()}
    return person.model_copy(update=order)


def keep_cookies(visit: Visit, response: Response) -> None:
    """Let the browser keep what makes its next form ours."""
    if visit.person is None and not visit.request.cookies.get(cookie_name(visit.request, FORM)):
        set_cookie(visit.request, response, FORM, visit.form_secret)


def set_cookie(request: Request, response: Response, name: str, value: str, days: int | None = None) -> None:
    """A cookie that no script reads and no other site sends; over TLS it is bound to this very host."""
    secure = request.url.scheme == "https"
    lasts = None if days is None else days * 86_400
    response.set_cookie(
        cookie_name(request, name), value, max_age=lasts, path="/", httponly=True, samesite="lax", secure=secure
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Let the browser forget a cookie."""
    secure = request.url.scheme == "https"
    response.delete_cookie(cookie_name(request, name), path="/", httponly=True, samesite="lax", secure=secure)


def cookie_name(request: Request, name: str) -> str:
    """The name of a cookie: over TLS one that browsers accept from this host alone."""
    return f"__Host-{name}" if request.url.scheme == "https" else name
