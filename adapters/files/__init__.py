"""What every adapter may use of files: one that is there whole or not at all, and YAML read with its lines."""
