"""Where the signed heads of other logs come from."""
