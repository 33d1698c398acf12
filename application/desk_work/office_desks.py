"""What an office does once, whichever screen asks for it: the desk, or the interface beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from application.desk_work.verification import VerificationDesk
from application.office.coming import ComingDesk
from application.office.office import Office
from application.office.year_figures import YearDesk


@dataclass(frozen=True)
class OfficeDesks:
    """What takes long enough to be done for one who asks at a time, or to be kept for the next one."""

    office: Office

    @cached_property
    def verifications(self) -> VerificationDesk:
        """The verifications of the whole record."""
        return VerificationDesk(self.office)

    @cached_property
    def coming(self) -> ComingDesk:
        """What looks ahead in the year."""
        return ComingDesk(self.office)

    @cached_property
    def years(self) -> YearDesk:
        """The figures of years."""
        return YearDesk(self.office)
