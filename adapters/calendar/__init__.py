"""The State Council's yearly working calendar, from a published table and a file that may extend it."""
