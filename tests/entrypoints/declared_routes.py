"""What each route that changes something gives: the kinds of acts, which say what they weigh, or why it gives none.

The routes that give any act by its name are made from the table of acts and stand in no list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OF_ANY_ACT: Final = frozenset(
    {
        "POST /duties/{milestone_id}/{act}",
        "POST /projects/{project_id}/acts/{act}",
        "POST /many",
    }
)
"""They give the acts whose forms the desk has; what each weighs its command says."""
GIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "POST /today/sign": ("SignReceipt",),
    "POST /leader/directives": ("IssueDirective",),
    "POST /answers": ("ReportProgress", "SignReceipt"),
    "POST /deputies": ("AppointDeputy",),
    "POST /deputies/dismiss": ("DismissDeputy",),
    "POST /plans/{key}/start": ("AmendProject", "Withdraw"),
    "POST /plans/{key}/confirm": ("AmendProject", "Withdraw"),
    "POST /year-end/{key}/confirm": ("CloseYear",),
    "POST /whole-lists/{key}/confirm": ("ReopenProject", "Withdraw"),
    "POST /hand-over": ("ReassignLead", "ReplaceParticipant"),
    "POST /reports/publish": ("PublishBulletin",),
    "POST /scores/publish": ("score.published",),
    "POST /scores/bulletin/publish": ("score.bulletin_published",),
    "POST /scores/rule": ("score.ruled",),
    "POST /scores/corrections/{key}/confirm": ("score.corrected", "score.falsified"),
    "POST /own-score/appeal": ("score.appealed",),
    "POST /directory/persons": ("ChangeDirectory",),
    "POST /directory/departments": ("ChangeDirectory",),
    "POST /directory/departments/{department_id}/name": ("ChangeDirectory",),
    "POST /directory/departments/{department_id}/close": ("ChangeDirectory",),
    "POST /directory/departments/{department_id}/aliases": ("ChangeDirectory",),
    "POST /directory/departments/{department_id}/aliases/take": ("ChangeDirectory",),
    "POST /directory/persons/{person_id}/roles": ("ChangeDirectory",),
    "POST /directory/persons/{person_id}/roles/{number}/end": ("ChangeDirectory",),
    "POST /directory/persons/{person_id}/name": ("ChangeDirectory",),
    "POST /directory/persons/{person_id}/leave": ("ChangeDirectory",),
    "POST /directory/erasures/{key}/confirm": ("EraseEvidence",),
    "POST /stolen-keys": ("RevokeKey",),
    "POST /keys": ("EnrolKey",),
    "POST /keys/of-others/{number}/let-go": ("RevokeKey",),
    "POST /signatures/{key}": ("CloseYear", "StrikeOff", "Withdraw"),
    "POST /api/plans/{key}/start": ("AmendProject", "Withdraw"),
    "POST /api/plans/{key}/confirm": ("AmendProject", "Withdraw"),
    "POST /api/scores/{period}/bulletin": ("score.bulletin_published",),
    "POST /api/scores/acts/publish": ("score.published",),
    "POST /api/scores/acts/appeal": ("score.appealed",),
    "POST /api/scores/acts/rule": ("score.ruled",),
    "POST /api/scores/acts/confirm": ("score.corrected", "score.falsified"),
    "POST /api/handing-over": ("ReassignLead", "ReplaceParticipant"),
    "POST /api/directory/persons": ("ChangeDirectory",),
    "POST /api/directory/persons/{person_id}/roles": ("ChangeDirectory",),
    "POST /api/directory/persons/{person_id}/roles/{number}/end": ("ChangeDirectory",),
    "POST /api/directory/persons/{person_id}/name": ("ChangeDirectory",),
    "POST /api/directory/persons/{person_id}/leave": ("ChangeDirectory",),
    "POST /api/directory/departments/{department_id}/name": ("ChangeDirectory",),
    "POST /api/directory/departments/{department_id}/close": ("ChangeDirectory",),
    "POST /api/directory/departments/{department_id}/aliases": ("ChangeDirectory",),
    "POST /api/directory/departments/{department_id}/aliases/take": ("ChangeDirectory",),
    "POST /api/directory/erasures/{key}/confirm": ("EraseEvidence",),
}
"""Which acts a route gives, by the types of their commands; `/api` stands before those of the interface."""
_PREPARES = "it prepares what another person confirms: the act is given there"
_GIVES_UP = "it gives up what was prepared and not done"
_DRAFT = "a draft that nobody has given yet"
_OWN = "a setting of one's own, which changes nothing for anybody else"
_LOGIN = "a login or what leads to it: a password or a key is its proof"
_READS = "it reads and records who read"
_FILE = "a file that no act shows yet"
_LINK = "a link for one who is in the directory: he makes his login himself"
_TELLS = "it tells what a key would sign"
_SHUT = "it shuts a door that is open: whoever must do so at once need not have a key"
GIVES_NO_ACT: Final[Mapping[str, str]] = {
    "POST /calendar": _OWN,
    "POST /calendar/{number}/revoke": _OWN,
    "POST /plans": _DRAFT,
    "POST /plans/{key}/rulings": _DRAFT,
    "POST /plans/{key}/join": _DRAFT,
    "POST /plans/{key}/drop": _DRAFT,
    "POST /plans/{key}/prepare": _PREPARES,
    "POST /plans/{key}/give-up": _GIVES_UP,
    "POST /plans/{key}/rehearsal": _DRAFT,
    "POST /year-end": _PREPARES,
    "POST /year-end/carried-over": _DRAFT,
    "POST /year-end/{key}/give-up": _GIVES_UP,
    "POST /whole-lists": _PREPARES,
    "POST /whole-lists/{key}/give-up": _GIVES_UP,
    "POST /scores/corrections": _PREPARES,
    "POST /scores/false-reports": _PREPARES,
    "POST /scores/corrections/{key}/give-up": _GIVES_UP,
    "POST /verification": _READS,
    "POST /directory/persons/{person_id}/accounts": _LINK,
    "POST /directory/erasures": _PREPARES,
    "POST /directory/erasures/{key}/give-up": _GIVES_UP,
    "POST /channels": "a trial message to the one who asks for it",
    "POST /logins/{number}/end": _SHUT,
    "POST /tokens/{number}/revoke": _SHUT,
    "POST /views": _OWN,
    "POST /views/{key}/drop": _OWN,
    "POST /projects/{project_id}/watch": _OWN,
    "POST /sign-in": _LOGIN,
    "POST /sign-out": _LOGIN,
    "POST /set-up/{link}": _LOGIN,
    "POST /language": _OWN,
    "POST /keys/begin": _LOGIN,
    "POST /keys/{number}/let-go": "one's own key, and the device may be lost: its signature cannot be asked for",
    "POST /sign-in/key": _LOGIN,
    "POST /sign-in/key/begin": _LOGIN,
    "PUT /api/evidence/{sha256}": _FILE,
    "PUT /api/plan-files/{sha256}": _FILE,
    "POST /api/plans/{key}/rulings": _DRAFT,
    "POST /api/plans/{key}/prepare": _PREPARES,
    "POST /api/plans/{key}/join": _DRAFT,
    "DELETE /api/plans/{key}": _DRAFT,
    "POST /api/plans/{key}/challenge": _TELLS,
    "POST /api/scores/acts/correct": _PREPARES,
    "POST /api/scores/acts/find-false": _PREPARES,
    "POST /api/scores/challenge": _TELLS,
    "POST /api/handing-over/challenge": _TELLS,
    "DELETE /api/prepared/{key}": _GIVES_UP,
    "POST /api/directory/persons/{person_id}/accounts": _LINK,
    "POST /api/directory/persons/{person_id}/erasures": _PREPARES,
    "POST /api/webhooks": "a receiver of what its owner may read anyway",
    "DELETE /api/webhooks/{number}": _SHUT,
    "POST /api/audit/verification": _READS,
    "POST /api/projects/{project_id}/challenge": _TELLS,
}
"""Every other route that changes something, and why nobody's key is asked for."""
BY_PERSONS: Final[Mapping[str, str]] = {
    "CloseYear": "a year is closed for every project at once, after a preview",
    "EnrolKey": "the device must be before its person",
    "RevokeKey": "whoever lets keys go is signed in, and no token",
}
"""The acts of the desk that no program gives, each with the reason."""
