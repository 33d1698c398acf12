"""The certificates that the office shows to its people."""
