"""Find quotes in text, and damaged quotes with what is wrong."""
