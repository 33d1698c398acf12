"""What people keep at their desk: views of the register, projects they watch, calendar addresses, what they prepare."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime

from domain.accounts.kept import Kept
from domain.acts.attestation import OwnKeyProof
from domain.directory.ids import PersonId
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.names import Name
from domain.notice.coverage import Coverage
from domain.notice.plan import Plan
from domain.scoring.reported_record import ReportedRecord
from domain.texts import Line, Text

PREPARED_LASTS = timedelta(days=14)
"""How long what one person prepared waits for another."""


SIGNATURE_LASTS = timedelta(minutes=10)
"""How long acts wait for a signature that is given elsewhere."""


class SavedView(Kept):
    """A view of the register that somebody saved: `query` is what stands in the address. `owner` is his account."""

    kind: ClassVar[str] = "saved-view"
    written: ClassVar[frozenset[str]] = frozenset({"name", "query"})

    name: Name
    query: Line


class Watched(Kept):
    """A project that somebody watches. `key` is his account's and the project's, `owner` his account."""

    kind: ClassVar[str] = "watched"

    project_id: ProjectId


class CalendarAddress(Kept):
    """A secret address of a calendar. `key` is the hash of the secret, `owner` the account whose person asked for it.

    It shows the duties of a department, or with none what its person as a leader answers for.
    """

    kind: ClassVar[str] = "calendar"

    account: Line
    department: DepartmentId | None = None
    made_at: AwareDatetime
    days_before: int = 3


class PaperRead(Kept):
    """A paper that a department has opened at its desk: who did first, and when. `key` names both."""

    kind: ClassVar[str] = "paper-read"

    department: DepartmentId
    paper_id: Line
    by: Name
    read_at: AwareDatetime


class MailedAnswer(Kept):
    """A reply to a message from the address of its reader: a draft, until somebody of the department gives it as an
    act of his own or drops it. One without milestones was not taken, and `text` says why. `key` is made of the letter's
    identity, words and department."""

    kind: ClassVar[str] = "mailed-answer"
    written: ClassVar[frozenset[str]] = frozenset({"text"})

    department: DepartmentId
    milestones: tuple[MilestoneId, ...]
    reader: Name
    text: Text
    came_at: AwareDatetime
    attachments: int = 0
    """How many files and pictures the letter had; none of them is taken."""
    is_cut: bool = False
    """Whether the letter said more than a text holds."""


class SettledAnswer(Kept):
    """That a draft was given or dropped, and nothing of what it said. `key` is the draft's.

    It has no end: the letter may lie in its folder for years, and every pass reads it again.
    """

    kind: ClassVar[str] = "settled-answer"


ByTwo = Literal["year_end", "reopening", "withdrawal", "correction", "false_report", "name_erasure", "list_start"]
"""What one person of the office prepares and another one confirms."""


class PreparedByTwo(Kept):
    """Something that one person prepared and another one has to confirm. `owner` is the account that prepared it.

    A year is ended (carried over to `to_year`, but for the milestones that are `ended`), reopened (all of it, or some
    `projects`) or withdrawn; a list that was handed in is started (it has the same `key`), and the reason is what the
    list stands on; a `point` of a `period` is corrected to so many `points`; a `record` is found to be false; or the
    name of somebody who left (his number is `whose`) is erased, and the reason is the order.
    """

    kind: ClassVar[str] = "by-two"
    written: ClassVar[frozenset[str]] = frozenset({"despite_period", "reason"})

    what: ByTwo
    year: int = 0
    to_year: int = 0
    ended: tuple[MilestoneId, ...] = ()
    projects: tuple[ProjectId, ...] = ()
    despite_period: Text | None = None
    period: Line | None = None
    point: Line | None = None
    points: int | None = None
    record: ReportedRecord | None = None
    whose: PersonId | None = None
    reason: Text
    by: Name
    person_id: Line | None = None
    prepared_at: AwareDatetime


class AskedSignature(Kept):
    """Acts that are about to be given elsewhere and wait for the signature of their person's own key, which he gives at
    the desk. `acts` are their documents, whole, so that the page shows what is signed and works the hashes out itself.
    """

    kind: ClassVar[str] = "asked-signature"
    lasts: ClassVar[timedelta | None] = SIGNATURE_LASTS

    person_id: PersonId
    acts: tuple[dict[str, Any], ...]
    proof: OwnKeyProof | None = None


class DraftPlan(Kept):
    """A list that is being read, with the rulings so far. `owner` is the account that handed it in."""

    kind: ClassVar[str] = "draft-plan"
    written: ClassVar[frozenset[str]] = frozenset({"file_name", "plan"})

    file_name: Line
    plan: Plan
    coverage: Coverage | None = None
    by: Name
    handed_in_at: AwareDatetime
