"""What the Telegram channel keeps: the inbox, the outbox, conversations and buttons.

Every writing transaction begins with its write: SQLite cannot turn a transaction that has read into one that
writes once another connection has written meanwhile.
"""
