"""What the workflows ask of the world, as thin classes with their ports injected."""
