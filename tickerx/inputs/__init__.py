"""Files, pipes and lists of names read as documents in blocks of text."""
