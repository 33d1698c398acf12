"""Scores of a period: the table, each point with its event, its publication, appeals, rulings and corrections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.responses import Response

from application.desk_work import scores_by_two
from application.office import scoring
from application.office.scoring import Scored, period_of
from domain.accounts.desk_items import PreparedByTwo
from domain.accounts.refusals import NoOwnKeyError
from domain.actors import department, operator
from domain.bounds import whole_number
from domain.errors import InputError, RejectedError
from domain.ids import DepartmentId, record_name
from domain.scoring.bulletin_text import WHO_COUNTS
from domain.scoring.points import RULE_WORDS, ScorePoint
from domain.scoring.table import DepartmentScore, in_points
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.reading import acting_department, own_department, place_of, reason_given, who_acts
from entrypoints.desk.routing import DEPARTMENTS, MEMBERS, OFFICE, READERS, Page
from entrypoints.desk.signatures import NeedsSignatureError, signing_office, signing_page
from entrypoints.desk.two_persons import Faults, TwoPersons
from entrypoints.desk.visits import Visit

_DIGITS: Final = 4
_ANSWERS: Final = {"yes": True, "no": False}
_NO_POINT: Final = _("请选择是哪一项得分。")


@dataclass(frozen=True, slots=True)
class Looked:
    """The table of the period that the address names, and whose row is shown with its points; none where all are."""

    found: Scored
    only: DepartmentId | None

    @property
    def row(self) -> DepartmentScore | None:
        """The department's row; none where it had no duty in the period."""
        return next((row for row in self.found.table.departments if self.only and row.is_of(self.only)), None)

    def is_about(self, name: DepartmentId) -> bool:
        """Whether a name is that of the department whose row is shown."""
        return self.row.is_of(name) if self.row else name == self.only

    @property
    def points(self) -> tuple[ScorePoint, ...]:
        """The points of the department, in order of day."""
        return tuple(sorted(self.row.points, key=lambda point: (point.on, point.key))) if self.row else ()


async def scores(visit: Visit) -> Response:
    """The table of a period; of one department also its points."""
    return await _page(visit, "/scores", visit.request.query_params.get("department") or None)


async def own_score(visit: Visit) -> Response:
    """The score of the asking person's department, with its points."""
    return await _page(visit, "/own-score", own_department(visit))


async def publish(visit: Visit) -> Response:
    """Publish the table of a period."""
    period, by = period_of(visit.given("period")), operator(visit.signed_in.name)
    return await _said(
        visit, "/scores", None, lambda: scoring.publish(signing_office(visit), period, by, reason_given(visit), None)
    )


async def appeal(visit: Visit) -> Response:
    """Appeal against a point of one's own department."""
    name, period, point = acting_department(visit), period_of(visit.given("period")), visit.given("point")
    by = department(name, visit.signed_in.name)
    if not point:
        return await _page(visit, "/own-score", name, [(None, visit.say(_NO_POINT))])
    return await _said(
        visit, "/own-score", name, lambda: scoring.appeal(signing_office(visit), period, by, reason_given(visit), point)
    )


async def rule(visit: Visit) -> Response:
    """Rule on an appeal."""
    period, point, by = period_of(visit.given("period")), visit.given("point"), operator(visit.signed_in.name)
    granted, points = _ANSWERS.get(visit.given("granted")), _number(visit)
    if granted is None or (points is None and visit.given("points")):
        fault = _("请选择同意或不同意；同意的，写明改为多少分，写整数（扣分写负数，不扣写 0）。")
        return await _page(visit, "/scores", None, [(None, visit.say(fault))])
    return await _said(
        visit,
        "/scores",
        None,
        lambda: scoring.rule(
            signing_office(visit), period, by, reason_given(visit), point, granted=granted, points=points
        ),
    )


async def prepare_correction(visit: Visit) -> Response:
    """Prepare a correction for another person to confirm."""
    period, points = period_of(visit.given("period")), _number(visit)
    found = await _scored(visit, period.name)
    key = visit.given("point")
    point = found.table.point(key)
    whose = point.department if point else visit.given("department") or None
    if points is None or not key:
        fault = _("请写改为多少分，写整数（扣分写负数，不扣写 0）。") if key else _NO_POINT
        return await _page(visit, "/scores", whose, [(None, visit.say(fault))])

    return await _said(
        visit,
        "/scores",
        whose,
        lambda: scores_by_two.prepare_correction(
            visit.office,
            visit.desk.accounts,
            period,
            reason_given(visit),
            visit.signed_in,
            visit.desk.clock(),
            point=key,
            points=points,
        ),
    )


async def _confirmed(visit: Visit, prepared: PreparedByTwo) -> Response:
    """Another person confirms a correction or a finding, and it holds."""
    await scores_by_two.confirm(signing_office(visit), visit.desk.accounts, prepared, visit.signed_in)
    return visit.see(f"/scores?{urlencode({'period': prepared.period})}" if prepared.period else "/scores")


async def whole(visit: Visit) -> Table:
    """The table of the period that the address names."""
    return _departments((await _scored(visit, visit.request.query_params.get("period", ""))).table.departments, "")


async def points(visit: Visit) -> Table:
    """All points of the department that the address names."""
    asked = visit.request.query_params
    return _points(Looked(await _scored(visit, asked.get("period", "")), asked.get("department")), to_project=True)


async def own_points(visit: Visit) -> Table:
    """All points of the asking person's department."""
    found = await _scored(visit, visit.request.query_params.get("period", ""))
    return _points(Looked(found, own_department(visit)), to_project=False)


def _number(visit: Visit) -> int | None:
    text = visit.given("points")
    size = whole_number(text.removeprefix("-"), _DIGITS)
    return -size if size is not None and text.startswith("-") else size


async def _said(visit: Visit, place: str, name: DepartmentId | None, act: Callable[[], Awaitable[object]]) -> Response:
    try:
        await act()
    except NeedsSignatureError as needed:
        return await signing_page(visit, needed, place)
    except ValidationError:
        return await _page(visit, place, name, [(None, visit.say(_("理由太长，或者写了不能写的字：请改短后再办理。")))])
    except (InputError, RejectedError, NoOwnKeyError) as error:
        return await _page(visit, place, name, [(None, visit.refused(error))])
    period = visit.given("period")
    given = {key: value for key, value in (("period", period), ("department", name)) if value}
    return visit.see(f"{place}?{urlencode(given)}" if given else place)


async def _scored(visit: Visit, period: str) -> Scored:
    today = (await visit.desk.now()).date()
    return await scoring.scored(visit.office.records, period_of(period or str(today.year)), None, today)


async def _page(visit: Visit, place: str, only: DepartmentId | None, faults: Faults = ()) -> Response:
    asked = visit.request.query_params.get("period") or visit.given("period")
    errors = list(faults)
    try:
        found = await _scored(visit, asked)
    except InputError as error:
        errors.append(("period", visit.refused(error)))
        found = await _scored(visit, "")
    now, of = await visit.desk.now(), Looked(found, only)
    whole_table = place == "/scores"
    published = found.book.published(found.table.period.name)
    appeals = found.book.open_appeals(found.table.period.name)
    return visit.page(
        "scores.html",
        as_of=now,
        place=place,
        period=found.table.period,
        periods=[f"{year}{part}" for year in (now.year, now.year - 1) for part in ("", "-Q1", "-Q2", "-Q3", "-Q4")],
        asked=asked or str(now.year),
        published=published,
        is_over=now.date() > found.table.period.to_on,
        bulletin_is_out=found.book.bulletin_is_out(found.table.period.name),
        changed=found.book.changed_since_published(found.table.period.name),
        only=only,
        departments=visit.signed_in.reads,
        only_reads="" if whole_table or only is None else await who_acts(visit, only),
        row=of.row,
        base=found.table.rules.base,
        who_counts=WHO_COUNTS,
        in_points=in_points,
        table=shown(visit, _departments(found.table.departments, found.table.period.name), "/scores")
        if whole_table
        else None,
        points=shown(visit, _points(of, to_project=whole_table), "/scores/points" if whole_table else "/own-score"),
        choices=[(point.key, _named(visit, point)) for point in of.points],
        named=lambda key: _named(visit, point) if (point := found.table.point(key)) else key,
        appeals=[each for each in appeals if whole_table or of.is_about(each.department)],
        waiting=await _BY_TWO.waiting(visit) if whole_table and visit.has(*OFFICE) else (),
        elsewhere=_elsewhere(visit, of),
        section=visit.has("operator"),
        errors=errors,
        kept=partial(_kept, visit),
    )


def _kept(visit: Visit, form: str, name: str, point: str | None = None) -> str:
    """What was typed into a form of the page that came back refused: into this form, and about this point."""
    own = visit.request.url.path == form and point in (None, visit.given("point"))
    return visit.given(name) if own else ""


def _named(visit: Visit, point: ScorePoint) -> str:
    return f"{point.on} {point.milestone_id or point.project_id} {visit.say(RULE_WORDS[point.rule])} {point.holds}"


class _Elsewhere(NamedTuple):
    """A point that was corrected in another period alone: its name, that period, and where it is corrected here."""

    point: str
    period: str
    href: str


def _elsewhere(visit: Visit, of: Looked) -> list[_Elsewhere]:
    period = of.found.table.period.name
    return [
        _Elsewhere(
            _named(visit, each.point),
            each.period,
            f"/scores?{urlencode({'period': period, 'department': each.point.department})}",
        )
        for each in of.found.elsewhere.values()
        if of.only is None or of.is_about(each.point.department)
    ]


def _departments(rows: Sequence[DepartmentScore], period: str) -> Table:
    def href(row: DepartmentScore) -> str:
        return f"/scores?{urlencode({'period': period, 'department': row.department})}"

    columns = (
        Column(_("部门"), lambda row: row.department, "text", href),
        Column(_("得分"), lambda row: in_points(row.score), "id"),
        Column(_("项目数"), lambda row: row.leads + row.takes_part),
        Column(_("加分项"), lambda row: sum(point.holds > 0 for point in row.points)),
        Column(_("扣分项"), lambda row: sum(point.holds < 0 for point in row.points)),
    )
    return Table("scores", _("各部门的得分"), columns, rows)


def _points(of: Looked, *, to_project: bool) -> Table:
    def href(point: ScorePoint) -> str | None:
        return place_of(point.project_id, point.milestone_id) if to_project else None

    elsewhere = of.found.elsewhere

    def corrected_elsewhere(point: ScorePoint) -> str | None:
        found = elsewhere.get(point.key)
        return f"{found.holds}（{found.period}）" if found else None

    columns = (
        Column(_("节点"), lambda point: point.milestone_id or point.project_id, "id", href),
        Column(_("日期"), lambda point: point.on, "day"),
        Column(_("因何"), lambda point: RULE_WORDS[point.rule], "word"),
        Column(_("分"), lambda point: point.points),
        Column(_("更正为"), lambda point: point.corrected),
        *([Column(_("另一期改为"), corrected_elsewhere, "id")] if elsewhere else ()),
        Column(_("天数"), lambda point: point.days),
        Column(_("出自记录"), lambda point: record_name(point.event_id), "id"),
    )
    return Table("points", _("每一分出自哪条记录"), columns, of.points)


_BY_TWO: Final = TwoPersons(
    "/scores/corrections",
    {"correction": _("更正得分"), "false_report": _("认定反馈不实")},
    _confirmed,
    lambda visit, faults: _page(visit, "/scores", None, faults),
    back="/scores",
)
PAGES = (
    Page("/scores", scores, READERS, menu=_("考核得分")),
    *exports("/scores", READERS, whole),
    *exports("/scores/points", READERS, points),
    Page("/scores/publish", publish, OFFICE, "POST"),
    Page("/scores/rule", rule, OFFICE, "POST"),
    Page("/scores/corrections", prepare_correction, OFFICE, "POST"),
    *_BY_TWO.pages(),
    Page("/own-score", own_score, MEMBERS, menu=_("本部门得分")),
    *exports("/own-score", MEMBERS, own_points),
    Page("/own-score/appeal", appeal, DEPARTMENTS, "POST"),
)
