"""The directory: persons, departments and who is what for how long, folded from a stream of the ledger."""

from __future__ import annotations

from domain.directory.events import DIRECTORY_EVENT as DIRECTORY_EVENT
from domain.directory.events import DIRECTORY_STREAM as DIRECTORY_STREAM
from domain.directory.events import AccountGiven as AccountGiven
from domain.directory.events import AccountTaken as AccountTaken
from domain.directory.events import AliasGiven as AliasGiven
from domain.directory.events import AliasTaken as AliasTaken
from domain.directory.events import DepartmentClosed as DepartmentClosed
from domain.directory.events import DepartmentOpened as DepartmentOpened
from domain.directory.events import DepartmentRenamed as DepartmentRenamed
from domain.directory.events import DirectoryEvent as DirectoryEvent
from domain.directory.events import PersonClosed as PersonClosed
from domain.directory.events import PersonOpened as PersonOpened
from domain.directory.events import PersonRenamed as PersonRenamed
from domain.directory.events import RoleGiven as RoleGiven
from domain.directory.events import RoleTaken as RoleTaken
