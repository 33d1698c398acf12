"""What the screens share: give an act, start and plan a year, the register, rehearsal, the audit, the engine."""
