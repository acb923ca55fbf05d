"""The world behind small functions."""
