"""The `duban` command: one module for each group of people."""
