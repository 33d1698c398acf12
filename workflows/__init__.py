"""The long-lived workflows: they wait, ask the core, act and record, and hold no rule of supervision."""
