"""What is kept for programs: where changes are sent as they are recorded, and whom one took in; none is an event."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, AwareDatetime, Field

from domain.accounts.kept import Kept
from domain.clock import CLOCKS_DIFFER_AT_MOST
from domain.names import Name
from domain.texts import Line, Text, one_line

Url = Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(one_line)]
"""An address: one that bears its own secret is longer than other texts of one line."""

MOST_WEBHOOKS: Final = 20
LONGEST_REST: Final = timedelta(hours=1)
"""A receiver that is away is tried again at least this often."""

LONG_AWAY: Final = 12
"""So many tries in vain have rests of 2, 4, ... 2,048 s between them: over an hour."""

CLAIM_LASTS: Final = timedelta(minutes=2)
"""After a crash a part that was being sent is sent again this much later."""


class Webhook(Kept):
    """One receiver: where, with which secret what is sent is signed, up to which entry it has everything.

    `failures` is how often it did not take the next part, `rests_until` when it is tried again, `problem` the last
    reason in a short word.
    """

    kind: ClassVar[str] = "webhook"
    written: ClassVar[frozenset[str]] = frozenset({"url", "name"})

    url: Url
    secret: Line = Field(repr=False)
    name: Name
    by: Name
    made_at: AwareDatetime
    after: int
    failures: int = 0
    rests_until: AwareDatetime | None = None
    problem: Line | None = None
    sent_at: AwareDatetime | None = None

    def may_try(self, now: AwareDatetime) -> bool:
        """Whether it is tried at an instant: a rest longer than there are any was begun by a clock that ran ahead."""
        return self.rests_until is None or not now < self.rests_until <= now + LONGEST_REST + CLOCKS_DIFFER_AT_MOST

    @property
    def is_long_away(self) -> bool:
        """Whether it has not taken its next part for over an hour of tries."""
        return self.failures >= LONG_AWAY

    def claimed(self, now: AwareDatetime) -> Webhook:
        """The same while one desk sends it a part: it rests for all others, longer than an answer may take."""
        return self.having(rests_until=now + CLAIM_LASTS)

    def took(self, until: int, now: AwareDatetime) -> Webhook:
        """The same after it took everything until an entry."""
        changed = {"after": until, "failures": 0, "rests_until": None, "problem": None, "sent_at": now}
        return self.model_copy(update=changed)

    def failed(self, problem: str, now: AwareDatetime) -> Webhook:
        """The same after a try that failed: each rest is twice as long as the one before."""
        rest = min(timedelta(seconds=2 ** min(self.failures + 1, 20)), LONGEST_REST)
        return self.having(failures=self.failures + 1, rests_until=now + rest, problem=problem)


class SentPart(Kept):
    """The part that was sent to a receiver last, by the receiver's key: what lies behind `after`, up to `until`. Where
    it was not taken it comes again as it was, for it has the same identity.

    Beside the receiver and not in it: the version before reads receivers, too, and knows no field more.
    """

    kind: ClassVar[str] = "webhook-part"

    after: int
    until: int


class OpenedByProgram(Kept):
    """What a program did about a person or a department of the directory, or about a receiver, by its number. `key` is
    the request's id, so that a repeat is no second act, and nothing else is done under it."""

    kind: ClassVar[str] = "opened-by-program"

    content: Text
    person_id: Line
