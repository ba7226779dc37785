"""Blocks of text turned into results, rows and reports, by one process or several."""
