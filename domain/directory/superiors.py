"""The person behind a superior's post: a paper that climbs goes to `分管领导（王伟）`, and not to a word for all.

The core decides to which post a matter climbs and knows nobody by name; whoever records its papers names the person, by
the directory as it was known when the paper was issued, so that everybody who looks later finds the same one. Without a
directory, or where nobody has the post, the word stands alone, as it always did.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from domain.clock import office_day
from domain.directory.directory import Directory, Person
from domain.directory.ids import SuperiorLevel
from domain.ids import DepartmentId
from domain.names import Addressee, written_name
from domain.papers.paper import Paper, PaperKind

CLIMBING: Final[frozenset[PaperKind]] = frozenset({"escalation_order", "limit_escalation"})
"""The papers that go to a superior of a department; the department itself has the first copy."""
POSTS: Final[tuple[tuple[str, str, SuperiorLevel], ...]] = (
    ("", "主要负责人", "head"),
    ("", "主任", "head"),
    ("", "分管领导", "leader_in_charge"),
    ("", "主要领导", "principal_leader"),
    ("Head of ", "", "head"),
    ("", "Leader in Charge", "leader_in_charge"),
    ("", "Principal Leader", "principal_leader"),
)
"""How a policy's word for a superior begins or ends, and which place of the directory it means. The rest is the name of
a department; without one it is the department that is late."""
_OPENING, _CLOSING = "（", "）"


def superior_behind(directory: Directory, post: Addressee, late: DepartmentId, on: date) -> Person | None:
    """The person who has a post over the department that is late, on a day; none where the directory has nobody."""
    place = _place(post, late)
    return directory.superior_of(*place, on) if place is not None else None


def _place(post: Addressee, late: DepartmentId) -> tuple[DepartmentId, SuperiorLevel] | None:
    for before, behind, level in POSTS:
        if post.startswith(before) and post.endswith(behind):
            return post.removeprefix(before).removesuffix(behind).strip() or late, level
    return None


def named_post(directory: Directory, post: Addressee, late: DepartmentId, on: date) -> Addressee:
    """A post with the name of the person who has it, and with his number where another one bears the name."""
    person = superior_behind(directory, post, late, on)
    if person is None:
        return post
    name = person.name_on(on)
    alone = directory.person_named(name, on).one == person
    told = name if alone else f"{name}，{person.number}"
    return written_name(f"{post}{_OPENING}{told}{_CLOSING}")


def post_of(addressee: Addressee) -> Addressee:
    """The post of an addressee that names a person too; any other addressee as it is."""
    post, opening, _ = addressee.rpartition(_OPENING)
    known = any(post.startswith(before) and post.endswith(behind) for before, behind, _ in POSTS)
    is_post = addressee.endswith(_CLOSING) and known
    return post if opening and is_post else addressee


def climbs(papers: Iterable[Paper]) -> bool:
    """Whether any of these papers goes to a superior."""
    return any(paper.kind in CLIMBING for paper in papers)


def goes_to_head_of(paper: Paper) -> DepartmentId | None:
    """The department to whose head a paper goes; none where it goes to nobody's."""
    if paper.kind not in CLIMBING or not paper.copies_to:
        return None
    department, level = _place(post_of(paper.to), paper.copies_to[0]) or (None, None)
    return department if level == "head" else None


def goes_up(paper: Paper) -> bool:
    """Whether a paper goes to somebody above the office: to a leader, and not to the head of the department that is
    late, who has its first copy."""
    if paper.kind not in CLIMBING or not paper.copies_to:
        return False
    late, post = paper.copies_to[0], post_of(paper.to)
    place = _place(post, late)
    # A word that no directory knows, as `组织部部长`, still says whose it is.
    return place != (late, "head") if place is not None else not post.startswith(late)


def with_superior(directory: Directory, paper: Paper) -> Paper:
    """A paper that climbs, addressed to the person; any other one as it is."""
    if paper.kind not in CLIMBING or not paper.copies_to:
        return paper
    on = office_day(paper.issued_at)
    to = named_post(directory, paper.to, paper.copies_to[0], on)
    if to == paper.to:
        return paper
    return paper.having(to=to, body=paper.body.replace(f"提请{paper.to}", f"提请{to}", 1))
