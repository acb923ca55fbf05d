"""Tiến Độ: a commune's plan, every organisation's board."""

__version__ = "0.1.0"
