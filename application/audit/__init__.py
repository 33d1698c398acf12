"""The audit at work: histories kept, replayed and compared with the record."""
