"""Rasa actions: look the procedure up and say what its record states."""
