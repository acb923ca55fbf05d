"""The shipped story of the demo: samples/demo.json and the two plans beside it (samples/README.md)."""

import json
from functools import cache
from typing import Any

from app.database import ROOT

FOLDER = ROOT / "samples"

Story = dict[str, Any]


@cache
def read_story() -> Story:
    """The whole file, read once and never changed."""
    story: Story = json.loads((FOLDER / "demo.json").read_text("utf-8"))
    return story


def read_plan(file_name: str) -> bytes:
    return (FOLDER / file_name).read_bytes()


@cache
def shown_logins() -> frozenset[str]:
    """Of the people in it, those who belong on the sign-in page."""
    story = read_story()
    people = [person for place in places_of(story) for person in place["people"]]
    return frozenset(person["login"] for person in people if person.get("show"))


@cache
def shown_links() -> tuple[str, ...]:
    """Secrets of the links that belong on the sign-in page."""
    return tuple(place["link"]["secret"] for place in places_of(read_story()) if "link" in place)


def places_of(story: Story) -> list[Story]:
    """Provinces before the communes below them."""
    return [*story["provinces"], *story["localities"]]
