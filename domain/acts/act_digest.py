"""What an act is, byte for byte: the command, for which project, by which account, and what the person had seen last.

The SHA-256 of these bytes is the act's id, and its request's: other content is another request, a repeat the same one,
whichever screen it comes through. What a person signs is this hash, so that everything he asks for is in it and nothing
that he does not: neither the id itself nor what the installation counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, InstanceOf

from domain.acts.commands import AnyCommand, Command
from domain.acts.office_weights import OFFICE_WEIGHTS
from domain.bounds import Place
from domain.canonical_json import canonical_json
from domain.directory.ids import Account
from domain.frozen import Frozen
from domain.ids import ProjectId

ACT_VERSION: Final = 1
ACT_PREFIX: Final = "act-sha256-"


if TYPE_CHECKING:
    _AsGiven = AnyCommand
else:
    _AsGiven = InstanceOf[Command]  # the union would make the models of all commands ready for one act


class GivenAct(Frozen):
    """An act as a person gives it.

    `seen` is how many events of the project he had seen, `nonce` (of the form that was shown) tells two acts apart that
    are alike on purpose.
    """

    project_id: ProjectId
    command: _AsGiven
    account: Account
    seen: Place = 0
    nonce: str = Field(default="", max_length=64)


def act_document(act: GivenAct) -> dict[str, Any]:
    """The act as plain JSON values. What says nothing is absent, so that a field that comes later changes no id."""
    apart = {"request_id", "attested", "own_key", "seen", *act.command.counted}
    return {
        "v": ACT_VERSION,
        "project_id": act.project_id,
        "command": act.command.model_dump(mode="json", exclude=apart, exclude_none=True),
        "account": act.account,
        "seen": act.seen,
        "nonce": act.nonce,
    }


def office_act_document(stream: str, command: Mapping[str, Any], account: Account, nonce: str) -> dict[str, Any]:
    """An act about the office itself (its directory, its keys): the stream of its entries stands for the project.

    Raises:
        KeyError: nobody has said what an act of this kind weighs.
    """
    _ = OFFICE_WEIGHTS[command["type"]]
    return {"v": ACT_VERSION, "stream": stream, "command": dict(command), "account": account, "seen": 0, "nonce": nonce}


def act_digest(act: GivenAct) -> str:
    """The id of an act: `act-sha256-` and the hash of its bytes in hexadecimal digits."""
    return document_digest(act_document(act))


def document_digest(document: Mapping[str, Any]) -> str:
    """The id of the act that a document is."""
    return ACT_PREFIX + hashlib.sha256(canonical_json(document)).hexdigest()


def identified(act: GivenAct) -> GivenAct:
    """The act with its own id as the request's."""
    command = act.command.having(request_id=act_digest(act))
    return act.having(command=command)
