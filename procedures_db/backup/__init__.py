"""Backups of the embedded database: made while it is in use, verified, restored."""
