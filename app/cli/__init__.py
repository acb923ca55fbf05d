"""The command `tiendo`, for the operator's shell. Every command acts as the system itself."""

import sys

import typer
from sqlalchemy.exc import SQLAlchemyError

from app.cli import documents, importing, places, upkeep
from app.cli.shell import Refused
from app.errors import TienDoError

USAGE_ERROR = 2

app = typer.Typer(
    name="tiendo",
    help="Tiến Độ: theo dõi việc thực hiện kế hoạch của cấp ủy.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for part in (upkeep, places, documents, importing):
    part.add_commands(app)


def main() -> None:
    """Run one command; a failure is one line on standard error and an exit code other than 0."""
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        _fail("Đã dừng.", 130)
    except typer.TyperException as error:
        _fail(f"{_said(error)} Xem `tiendo --help`.", USAGE_ERROR)
    except TienDoError as error:
        _fail(" ".join(dict.fromkeys([error.message, *_by_field(error)])))
    except (Refused, RuntimeError) as error:
        _fail(str(error))
    except SQLAlchemyError as error:
        _fail(f"Cơ sở dữ liệu không nhận: {_first_line(getattr(error, 'orig', None) or error)}")
    except OSError as error:
        _fail(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int = 1) -> None:
    print(f"tiendo: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)


def _said(error: typer.TyperException) -> str:
    format_message = getattr(error, "format_message", None)
    return format_message() if format_message else str(error)


def _by_field(error: TienDoError) -> list[str]:
    return [f"{name}: {said}" for name, said in error.errors.items() if said != error.message]


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
