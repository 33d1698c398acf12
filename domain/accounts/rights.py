"""What an account may at an instant: what the directory says of that day, never what a session remembers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.accounts.sessions import Session
from domain.accounts.tokens import ApiToken
from domain.clock import office_day
from domain.directory.directory import Directory, Grant
from domain.directory.signed_in import LoginMethod, SignedIn


def signed_in_by_session(directory: Directory, session: Session, at: datetime) -> SignedIn | None:
    """Who a session is at an instant of the office; none where its account is nobody's on that day."""
    who = signed_in(directory, session.account, session.how, session.logged_in_at, at, issuer=session.issuer)
    # The login may be another person's by now: what one has proved is never the next one's.
    return who if who is not None and who.person_id == session.person_id else None


def signed_in_by_token(directory: Directory, token: ApiToken, at: datetime) -> SignedIn | None:
    """Who a program's token is at an instant of the office; none where its person lost what it is bound to."""
    whole = signed_in(directory, token.account, "token", token.made_at, at)
    if whole is None or whole.person_id != token.person_id:
        return None
    bound = [each for each in directory.roles_at(token.person_id, at) if is_bound_to(token, each)]
    return _having(whole, directory, bound, at) if bound else None


def is_bound_to(token: ApiToken, grant: Grant) -> bool:
    """Whether a grant is the one that a token stands for."""
    if token.department_id is not None:
        return (grant.role, grant.department_id) == ("department", token.department_id)
    return grant.role == token.role


def signed_in(
    directory: Directory,
    account: str,
    how: LoginMethod,
    logged_in_at: datetime,
    at: datetime,
    *,
    issuer: str | None = None,
) -> SignedIn | None:
    """Who an account is at an instant of the office; none where it is nobody's on that day."""
    day = office_day(at)
    person = directory.person_of_account(account, day)
    if person is None:
        return None
    who = SignedIn(
        account=account,
        person_id=person.person_id,
        name=person.name_on(day),
        how=how,
        issuer=issuer,
        logged_in_at=logged_in_at,
    )
    return _having(who, directory, directory.roles_on(person.person_id, day), at)


def _having(who: SignedIn, directory: Directory, grants: Sequence[Grant], at: datetime) -> SignedIn:
    day = office_day(at)
    return who.having(
        roles=tuple(dict.fromkeys(grant.role for grant in grants)),
        departments=directory.names_in(grants, day, "department"),
        heads=directory.names_in(grants, day, "head"),
        liaises=directory.names_in(grants, day, "liaison"),
    )
