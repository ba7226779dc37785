"""Turn blocks of text into results, rows and reports, with one process or several."""
