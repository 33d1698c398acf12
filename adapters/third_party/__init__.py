"""Third parties at which people sign in."""
