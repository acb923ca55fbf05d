"""Settings of one process, read once from environment variables named TIENDO_*."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MAX_UPLOAD_BYTES = 25 * 1024 * 1024


class Settings(BaseSettings):
    """Every field is one variable: `data_dir` is TIENDO_DATA_DIR. Unset means the value shown."""

    model_config = SettingsConfigDict(env_prefix="TIENDO_", extra="ignore")

    data_dir: Path = Field(Path("data"), description="Folder of the embedded database and of stored files.")
    database_url: str | None = Field(
        None, description="postgresql://user:password@host/name; unset: SQLite in the data folder."
    )
    serve: Literal["all", "api", "web"] = Field("all", description="Which surfaces this process serves.")
    jobs: Literal["here", "elsewhere"] = Field(
        "here", description="Whether `tiendo serve` also reads documents; elsewhere: `tiendo worker` does."
    )
    demo: bool = Field(False, description="Show the demo people and their password on the sign-in page.")
    session_hours: int = Field(12, description="A sign-in ends after this many hours.")
    pool_size: int = Field(5, description="PostgreSQL connections kept open per process.")
    smtp_host: str | None = Field(None, description="Mail server; unset: no e-mail is sent.")
    smtp_port: int = Field(587, description="Its port.")
    smtp_user: str = Field("", description="Empty: no sign-in to the mail server.")
    smtp_password: str = Field("", description="With smtp_user.")
    smtp_tls: Literal["starttls", "ssl", "none"] = Field("starttls", description="How the line is encrypted.")
    mail_from: str = Field("Tien Do <tiendo@localhost>", description="Sender of the e-mails.")
    public_url: str = Field(
        "http://localhost:8000", description="Where people open the service: links in e-mails."
    )

    @property
    def url(self) -> str:
        """The SQLAlchemy URL in force; a plain postgresql:// gets the psycopg driver."""
        if self.database_url is None:
            return f"sqlite:///{self.data_dir.resolve() / 'tiendo.sqlite3'}"
        scheme, separator, rest = self.database_url.partition("://")
        if scheme in {"postgresql", "postgres"}:
            scheme = "postgresql+psycopg"
        return scheme + separator + rest


@cache
def get_settings() -> Settings:
    return Settings()
