"""Boards of any other shape: layouts that show a sample line, compiled to patterns and read, checked and suggested."""
