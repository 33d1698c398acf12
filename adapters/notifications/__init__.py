"""Ways by which a digest reaches its addressee: files in an outbox folder, lines on a console."""
