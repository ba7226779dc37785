"""Write rows as text, tables and pictures."""
