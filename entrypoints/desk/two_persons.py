"""What one person prepared, at the page of another who confirms it or lets it drop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from starlette.responses import Response

from application.desk_work import by_two
from application.office.every_project import OverAYear, Preview, Result
from domain.accounts.desk_items import ByTwo, PreparedByTwo
from domain.accounts.refusals import NoOwnKeyError
from domain.directory.ids import DirectoryRole
from domain.directory.signed_in import SignedIn
from domain.errors import InputError, RejectedError
from entrypoints.desk.giving import record_seen
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, ShownTable, Table, only_told
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.signatures import NeedsSignatureError, signing_office, signing_page
from entrypoints.desk.visits import Visit

Faults = Sequence[tuple[str | None, str]]
PageWithFaults = Callable[[Visit, Faults], Awaitable[Response]]
_OUTCOMES: Final = {
    "done": _("已办理"),
    "unchanged": _("没有变化"),
    "closed": _("已结束"),
    "failed": _("没有办成"),
}


class TwoPersons(NamedTuple):
    """A page on which things of these kinds are prepared and confirmed, each with its title."""

    place: str
    titles: Mapping[ByTwo, str]
    do: Callable[[Visit, PreparedByTwo], Awaitable[Response]]
    """Does what was prepared, for the one who confirms it, and says what became of it."""
    page: PageWithFaults
    """The page itself, with what is wrong."""
    who: frozenset[DirectoryRole] = OFFICE
    back: str = ""
    """The address of the page, where it is another one than the place."""

    def pages(self) -> tuple[Page, Page]:
        """Where what waits is confirmed, and where it is dropped."""
        return (
            Page(f"{self.place}/{{key}}/confirm", self._confirmed, self.who, "POST"),
            Page(f"{self.place}/{{key}}/give-up", self._dropped, self.who, "POST"),
        )

    async def waiting(self, visit: Visit) -> Sequence[PreparedByTwo]:
        """What waits here for a second person."""
        return await by_two.waiting(visit.desk.accounts, self._kinds, visit.desk.clock())

    async def _confirmed(self, visit: Visit) -> Response:
        accounts, key = visit.desk.accounts, visit.request.path_params["key"]
        try:
            prepared = await by_two.to_confirm(accounts, key, self._kinds, visit.signed_in, visit.desk.clock())
            return await self.do(visit, prepared)
        except NeedsSignatureError as needed:
            return await signing_page(visit, needed, self.back or self.place)
        except (InputError, RejectedError, NoOwnKeyError) as error:
            return await self.page(visit, [(None, visit.refused(error))])

    async def _dropped(self, visit: Visit) -> Response:
        await by_two.give_up(visit.desk.accounts, visit.request.path_params["key"], self._kinds)
        return visit.see(self.back or self.place)

    @property
    def _kinds(self) -> Sequence[ByTwo]:
        return tuple(self.titles)


def over_a_year(
    place: str,
    titles: Mapping[ByTwo, str],
    act_of: Callable[[PreparedByTwo, SignedIn], OverAYear[Preview]],
    page: PageWithFaults,
) -> TwoPersons:
    """Two persons who do something to all projects of a year; the answer says what became of each."""

    async def done(visit: Visit, prepared: PreparedByTwo) -> Response:
        act = act_of(prepared, visit.signed_in)
        act = replace(act, asking=replace(act.asking, seen_until=record_seen(visit)))
        results = await by_two.give_over_a_year(signing_office(visit), visit.desk.accounts, prepared, act)
        return await visit.page_now(
            "two_persons_done.html",
            done=prepared,
            table=results_table(visit, results, "year-end"),
            failed=sum(each.outcome == "failed" for each in results),
            count=len(results),
            title=titles[prepared.what],
            back=place,
        )

    return TwoPersons(place, titles, done, page)


def results_table(visit: Visit, results: Sequence[Result], name: str) -> ShownTable:
    """What became of each project of an act that was given to many."""
    columns = (
        Column(_("编号"), lambda each: each.project_id, "id", lambda each: f"/projects/{each.project_id}"),
        Column(_("结果"), lambda each: _OUTCOMES[each.outcome], "word"),
        Column(_("说明"), lambda each: each.text, "said"),
    )
    return only_told(visit, Table(name, _("各项目的结果"), columns, results))
