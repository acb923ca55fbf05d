"""Input of people and systems."""

from typing import Any

from pydantic import field_validator
from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig

from app.text import nfc


class Typed(SQLModel):
    """Unknown fields are refused, text is NFC without blanks at its ends."""

    model_config = SQLModelConfig(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def compose(cls, value: Any) -> Any:
        return nfc(value) if isinstance(value, str) else value
