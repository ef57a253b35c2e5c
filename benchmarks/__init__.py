"""``make bench``: speed and quality, side by side with peers. Nothing here fails on a slow machine."""
