"""The HTML surface, mounted at /."""
