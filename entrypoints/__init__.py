"""What people and processes touch: commands, the composition root, the engine facade."""
