"""What the stores on SQL share: statements, connections to PostgreSQL, what a store that fails means."""
