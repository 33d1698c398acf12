"""The web desk: departments, operators, auditors and administrators at work in a browser."""
