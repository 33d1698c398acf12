"""Plan files: YAML for people and editors, its JSON Schema, and a spreadsheet form."""
