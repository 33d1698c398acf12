"""The office at work: its year started, planned, repaired and backed up."""
