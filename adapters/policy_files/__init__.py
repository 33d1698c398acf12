"""The supervision policy as an operator edits it: a YAML file, read with the line of every fault."""
