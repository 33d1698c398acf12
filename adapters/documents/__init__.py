"""Papers as documents that a person opens and prints, with their data beside them."""
