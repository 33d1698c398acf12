"""The keys with which what the engine keeps is encrypted."""
