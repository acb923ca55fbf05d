"""The JSON surface, mounted at /api/v1."""
