"""Everything a person touches: channels, consoles, the command line; and Rasa's own components."""
