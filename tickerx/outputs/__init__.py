"""Rows written as text, tables and pictures."""
