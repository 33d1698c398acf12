"""Notice files: one reader for each format that offices keep their notices in."""
