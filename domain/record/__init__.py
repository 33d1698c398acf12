"""How what happened stands on record, and what the record tells."""
