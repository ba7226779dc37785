"""Read files, pipes and lists of names as documents in blocks of text."""
