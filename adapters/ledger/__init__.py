"""The stores of the ledger and of the outbox, and the transparency log on top of them."""
