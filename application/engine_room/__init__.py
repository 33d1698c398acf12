"""The engine: reached, embedded, run by workers, and how each supervision stands in it."""
