"""The score of a department in a period: derived from events by rules that are data, and never stored."""
