"""Learning from real questions: grouped by meaning, taught by staff, accepted on evidence, never by themselves."""
