"""What people prepare and keep at a screen of their own before, or beside, any act."""
