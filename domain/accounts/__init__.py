"""Accounts: how a person proves who he is; rules of passwords, sessions, tokens, links and wrong tries."""
