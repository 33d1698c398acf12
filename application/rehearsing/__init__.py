"""A whole year rehearsed on an engine that skips time."""
