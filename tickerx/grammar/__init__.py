"""Text read for quotes: what is one, what was meant to be one, and what is wrong with it."""
