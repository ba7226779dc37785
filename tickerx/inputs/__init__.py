"""Files, pipes and lists of names read as blocks of text."""
