"""How alike two sentences are: what proposals are made from, never a decision."""

from rapidfuzz import fuzz

from app.documents.differences import clause_key as words_key

__all__ = ["likeness", "words_key"]


def likeness(one_key: str, other_key: str, *, least: float = 0) -> float:
    """0 to 100 for two `words_key`s; 0 where it would be below `least`."""
    if one_key == other_key:
        return 100.0
    return min(fuzz.ratio(one_key, other_key, score_cutoff=least), 99.0)
