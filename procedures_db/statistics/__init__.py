"""What the dashboard shows, counted in the database; no personal data."""
