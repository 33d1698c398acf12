"""Copies of a whole installation: one file, sealed by a passphrase on wish, and read back before it is believed."""
