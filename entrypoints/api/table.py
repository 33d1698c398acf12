"""The table of the interface: each reading and each act, its address, and whose it is.

The routes, the document and the access matrix of the tests are made of it; the acts in it are those of the core.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from domain.directory.ids import DirectoryRole
from entrypoints.api import (
    administration,
    auditing,
    challenges,
    changes,
    directory,
    directory_changes,
    evidence,
    handing_over,
    list_starts,
    paper_documents,
    plans,
    prepared,
    reads,
    score_bulletins,
    scores,
)
from entrypoints.api.acts import ActRoute, act_routes
from entrypoints.desk.routing import ADMINISTRATORS, AUDITORS, DEPARTMENTS, LOOKERS, OFFICE, READERS, Everybody

ROOT: Final = "/api/v1"
DOCUMENT: Final = "/openapi.json"
ACT: Final = "/projects/{project_id}/acts/"


class Route(NamedTuple):
    """One route: its path below the root, the method, who may call it, what answers; or the act that it gives.

    `on_record` says that an auditor's reading is kept, `as_of` that a reading may be asked as of an instant.
    """

    path: str
    who: frozenset[DirectoryRole] | Everybody
    answer: Callable[..., Awaitable[Any]] | None = None
    method: Literal["GET", "POST", "PUT", "DELETE"] = "GET"
    act: ActRoute | None = None
    on_record: bool = False
    as_of: bool = True

    @property
    def name(self) -> str:
        """Its name in the document: the act's, or the answer's."""
        return self.act.command.__name__ if self.act is not None else getattr(self.answer, "__name__", "")

    @property
    def is_as_of(self) -> bool:
        """Whether it is read as of an instant; what is done is done now."""
        return self.method == "GET" and self.as_of

    @property
    def sentence(self) -> str:
        """What it does, in one sentence."""
        told = self.act.command if self.act is not None else self.answer
        return inspect.cleandoc(told.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


_READS: Final[tuple[Route, ...]] = (
    Route("/me", "signed_in", reads.me, as_of=False),
    Route("/projects", READERS, reads.projects),
    Route("/projects/{project_id}", READERS, reads.project),
    Route("/projects/{project_id}/sub-duties", DEPARTMENTS | READERS, reads.sub_duties, as_of=False),
    Route("/projects/{project_id}/events", READERS, reads.project_events, on_record=True),
    Route("/projects/{project_id}/papers", READERS, reads.project_papers, on_record=True),
    Route(
        "/projects/{project_id}/papers/{number}/document",
        READERS,
        paper_documents.project_document,
        as_of=False,
        on_record=True,
    ),
    Route("/projects/{project_id}/acts", OFFICE, reads.project_acts),
    Route("/projects/{project_id}/evidence/{sha256}", LOOKERS, evidence.project_evidence, on_record=True),
    Route("/duties", DEPARTMENTS | READERS, reads.duties),
    Route("/duties/{milestone_id}", DEPARTMENTS, reads.duty),
    Route("/duties/{milestone_id}/acts", DEPARTMENTS, reads.duty_acts),
    Route("/duties/{milestone_id}/evidence/{sha256}", DEPARTMENTS, evidence.duty_evidence),
    Route("/papers", DEPARTMENTS, reads.papers),
    Route("/papers/document", DEPARTMENTS, paper_documents.own_document, as_of=False),
    Route("/coming", OFFICE, reads.coming, as_of=False),
    Route("/waiting", OFFICE, reads.waiting),
    Route("/lights", READERS, reads.lights),
    Route("/departments", READERS, reads.departments),
    Route("/years/{year}", READERS, reads.year_figures, as_of=False),
    Route("/events", DEPARTMENTS | LOOKERS, changes.events, on_record=True),
    Route("/scores/{period}", DEPARTMENTS | READERS, scores.scores, as_of=False),
    Route("/scores/{period}/bulletin", DEPARTMENTS | READERS, score_bulletins.score_bulletin, as_of=False),
    Route("/directory", ADMINISTRATORS, directory.directory),
    Route("/directory/persons/{person_id}", ADMINISTRATORS, directory.directory_person),
    Route("/directory/departments/{department_id}", ADMINISTRATORS, directory.directory_department),
    Route("/directory/erasures", OFFICE | ADMINISTRATORS, administration.name_erasures, as_of=False),
    Route("/prepared", OFFICE | ADMINISTRATORS, prepared.prepared, as_of=False),
    Route("/accounts", ADMINISTRATORS, administration.accounts, as_of=False),
    Route("/webhooks", ADMINISTRATORS, administration.webhooks, as_of=False),
    Route("/plans", OFFICE, plans.plans, as_of=False),
    Route("/plans/{key}", OFFICE, plans.plan, as_of=False),
    Route("/plans/{key}/difference", OFFICE, plans.plan_difference, as_of=False),
    Route("/audit/verification", AUDITORS, auditing.verification, as_of=False),
    Route("/audit/bundle", AUDITORS, auditing.bundle, as_of=False),
    Route("/audit/receipt", AUDITORS, auditing.receipt, as_of=False),
    Route("/audit/head", AUDITORS, auditing.head, as_of=False),
    Route("/health", ADMINISTRATORS, reads.health, as_of=False),
)
_DOES: Final[tuple[Route, ...]] = (
    Route("/evidence/{sha256}", DEPARTMENTS | OFFICE, evidence.keep_evidence, "PUT"),
    Route("/plan-files/{sha256}", OFFICE, plans.hand_in_plan, "PUT"),
    Route("/plans/{key}/rulings", OFFICE, plans.rule_on_plan, "POST"),
    Route("/plans/{key}/join", OFFICE, plans.join_plan, "POST"),
    Route("/plans/{key}", OFFICE, plans.drop_plan, "DELETE"),
    Route("/plans/{key}/challenge", OFFICE, list_starts.plan_challenge, "POST"),
    Route("/plans/{key}/start", OFFICE, list_starts.start_plan, "POST"),
    Route("/plans/{key}/prepare", OFFICE, list_starts.prepare_plan_start, "POST"),
    Route("/plans/{key}/confirm", OFFICE, list_starts.confirm_plan_start, "POST"),
    Route("/scores/{period}/bulletin", OFFICE, score_bulletins.publish_score_bulletin, "POST"),
    *(Route(f"/scores/acts/{each.name}", each.who, each.answer, "POST") for each in scores.SCORE_ACTS.values()),
    Route("/scores/challenge", DEPARTMENTS | OFFICE, scores.score_challenge, "POST"),
    Route("/prepared/{key}", OFFICE | ADMINISTRATORS, prepared.give_up_prepared, "DELETE"),
    Route("/directory/persons", ADMINISTRATORS, directory_changes.open_person, "POST"),
    Route("/directory/persons/{person_id}/roles", ADMINISTRATORS, directory_changes.give_role, "POST"),
    Route("/directory/persons/{person_id}/roles/{number}/end", ADMINISTRATORS, directory_changes.end_role, "POST"),
    Route("/directory/persons/{person_id}/name", ADMINISTRATORS, directory_changes.rename_person, "POST"),
    Route("/directory/persons/{person_id}/leave", ADMINISTRATORS, directory_changes.close_person, "POST"),
    Route("/directory/departments/{department_id}/name", ADMINISTRATORS, directory_changes.rename_department, "POST"),
    Route("/directory/departments/{department_id}/close", ADMINISTRATORS, directory_changes.close_department, "POST"),
    Route("/directory/departments/{department_id}/aliases", ADMINISTRATORS, directory_changes.give_alias, "POST"),
    Route("/directory/departments/{department_id}/aliases/take", ADMINISTRATORS, directory_changes.take_alias, "POST"),
    Route("/directory/persons/{person_id}/accounts", ADMINISTRATORS, administration.open_account, "POST"),
    Route(
        "/directory/persons/{person_id}/erasures", OFFICE | ADMINISTRATORS, administration.prepare_name_erasure, "POST"
    ),
    Route("/directory/erasures/{key}/confirm", OFFICE | ADMINISTRATORS, administration.confirm_name_erasure, "POST"),
    Route("/webhooks", ADMINISTRATORS, administration.add_webhook, "POST"),
    Route("/webhooks/{number}", ADMINISTRATORS, administration.drop_webhook, "DELETE"),
    Route("/handing-over/challenge", OFFICE, handing_over.handing_over_challenge, "POST"),
    Route("/handing-over", OFFICE, handing_over.hand_over, "POST"),
    Route("/audit/verification", AUDITORS, auditing.verify, "POST"),
)
"""What programs do that is no act about a project."""

_CHALLENGE: Final = Route("/projects/{project_id}/challenge", DEPARTMENTS | OFFICE, challenges.act_challenge, "POST")


@cache
def table() -> tuple[Route, ...]:
    """Every route: readings first, then what is done about the office, then each act."""
    acts = [Route(f"{ACT}{each.path}", each.who, method="POST", act=each) for each in act_routes().values()]
    return (*_READS, *_DOES, _CHALLENGE, *acts)
