"""The notice compiler: table to clauses to windows to milestones, with source spans, findings and rulings."""
