"""Boards in any other layout: layouts as sample lines, compiled to patterns, read, checked and suggested."""
