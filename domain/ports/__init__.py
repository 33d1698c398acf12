"""What the core needs from the world, one Protocol a file."""
