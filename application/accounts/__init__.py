"""Accounts as every door uses them: opened, proved, signed in, signed out, revoked."""
