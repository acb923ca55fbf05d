"""One JSON line per message of this process. Tracebacks are plain: drawing them with every local took minutes."""

import structlog

# Addresses that are secrets: whoever reads one in a log could use it.
SECRET_ADDRESSES = ("/l/", "/lich/")


def is_secret_address(path: str) -> bool:
    return path.startswith(SECRET_ADDRESSES)


def loggable(path: str) -> str:
    """The path of a request as it may stand in a log."""
    return f"/{path.split('/')[1]}/…" if is_secret_address(path) else path


def log_as_json() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        cache_logger_on_first_use=True,
    )
