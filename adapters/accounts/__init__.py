"""Accounts in tables that forget, and passwords hashed by argon2."""
