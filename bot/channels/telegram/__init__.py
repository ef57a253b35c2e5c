"""The Telegram channel: an inbox and an outbox in the database, and one process that works on both."""
