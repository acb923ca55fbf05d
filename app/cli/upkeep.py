"""Tables, serving, the demo, checking the history, backing up and restoring."""

import signal
import socket
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import func, select

from app import database as engines
from app.cli.shell import Refused, opened_database
from app.database import Database
from app.jobs.launching import Jobs
from app.logs import log_as_json
from app.models import EventRow
from app.models.base import columns
from app.permissions import SYSTEM
from app.services.backup import back_up
from app.services.backup import restore as restore_backup
from app.services.demo import load_demo
from app.services.event import verify_history
from app.services.locality import get_locality_by_code
from app.services.mailing import summarize_mails
from app.settings import get_settings
from app.work import Work

events = columns(EventRow)
BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp sao lưu (.tar).")]

audit_app = typer.Typer(help="Lịch sử: kiểm tra.")
mail_app = typer.Typer(help="Thư: xem tình trạng gửi.", callback=lambda: None)


def add_commands(app: typer.Typer) -> None:
    app.command()(migrate)
    app.command()(serve)
    app.command()(worker)
    app.command()(demo)
    app.command()(backup)
    app.command()(restore)
    app.add_typer(audit_app, name="audit")
    app.add_typer(mail_app, name="mail")


def migrate() -> None:
    """Tạo bảng, hoặc nâng lược đồ lên bản mới nhất; giữ nguyên dữ liệu."""
    engines.migrate(get_settings().url)


def serve(
    host: Annotated[str, typer.Option("--host", help="Địa chỉ nghe.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Cổng nghe.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Số tiến trình.")] = 1,
) -> None:
    """Phục vụ trang web và API cho đến khi bị dừng."""
    with opened_database() as (database, _):
        if workers > 1 and database.is_sqlite:
            raise Refused("SQLite chỉ chạy một tiến trình: bỏ --workers, hoặc chuyển sang PostgreSQL.")
    _check_port_free(host, port)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        proxy_headers=True,  # from FORWARDED_ALLOW_IPS, which uvicorn reads itself; unset: from this machine only
        server_header=False,
        access_log=False,
        timeout_keep_alive=75,  # longer than a proxy keeps its own end (docs/van-hanh.md section 5)
    )


def worker() -> None:
    """Đọc các văn bản đang chờ cho đến khi bị dừng; mỗi cơ sở dữ liệu chỉ cần một tiến trình."""
    log_as_json()
    with opened_database() as (database, settings):
        jobs = Jobs(database, settings, start_after=0)
        if not jobs.take_lock():
            raise Refused(
                "Đã có tiến trình khác đọc văn bản cho cơ sở dữ liệu này (`tiendo worker`, hoặc `tiendo serve` "
                "khi chưa đặt TIENDO_JOBS=elsewhere)."
            )
        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, lambda *_: jobs.ask_to_stop())
        jobs.start()
        jobs.wait()


def demo() -> None:
    """Nạp dữ liệu của bản dùng thử; chạy lại thì giữ nguyên."""
    with opened_database() as (database, settings):
        typer.echo(load_demo(database, settings).sentence)


def backup(file: BackupFile) -> None:
    """Sao lưu cơ sở dữ liệu và tệp đính kèm vào một tệp, trong khi mọi người vẫn làm việc."""
    with opened_database() as (database, settings):
        kept = back_up(database, settings, file)
    typer.echo(f"{file}: cơ sở dữ liệu và {kept.files} tệp đính kèm, {kept.size} byte.")


def restore(file: BackupFile) -> None:
    """Phục hồi bản sao lưu vào nơi còn trống."""
    settings = get_settings()
    database = Database(settings.url)
    try:
        kept = restore_backup(database, settings, file)
    finally:
        database.dispose()
    typer.echo(f"Đã phục hồi cơ sở dữ liệu và {kept.files} tệp đính kèm.")


@audit_app.command("verify")
def audit_verify(
    locality: Annotated[str | None, typer.Option("--locality", help="Chỉ địa phương có mã này.")] = None,
) -> None:
    """Tính lại chuỗi lịch sử từ đầu; kết thúc khác 0 khi có chỗ không khớp."""
    with opened_database() as (database, settings), database.read_session() as session:
        work = Work(session, settings, actor=lambda _: SYSTEM, is_write=False)
        place = get_locality_by_code(work, locality).id if locality else None
        first, more = None, 0
        for broken in verify_history(session, place):
            first, more = first or broken, more + 1
        if first is not None:
            raise Refused(f"Lịch sử không nguyên vẹn ở {first.locality}: {first.what} ({more} chỗ).")
        counted = select(func.count()).select_from(events)
        rows = session.scalar(counted if place is None else counted.where(events.locality_id == place))
    typer.echo(f"Lịch sử nguyên vẹn: {rows} dòng.")


@mail_app.command("status")
def mail_status() -> None:
    """Đếm thư chờ, đã gửi, không gửi được; kết thúc khác 0 kèm lời máy chủ thư khi có thư bị từ chối."""
    with opened_database() as (database, settings), database.read_session() as session:
        seen = summarize_mails(Work(session, settings, actor=lambda _: SYSTEM, is_write=False))
    typer.echo(f"Thư: {seen.waiting} chờ gửi, {seen.sent} đã gửi, {seen.failed} không gửi được.")
    if seen.last_refusal is not None:
        raise Refused(f"Máy chủ thư từ chối: {seen.last_refusal}")


def _check_port_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Không nghe được ở {host} cổng {port} ({error.strerror}). Đổi --host, --port."
            ) from error
