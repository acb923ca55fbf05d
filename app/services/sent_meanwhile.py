"""Sending over what somebody else has sent since the page was shown: refused, so that a page left open overwrites
nothing (decision 0021)."""

from app.errors import Conflict


def refuse_unseen(last: int, over: int | None) -> None:
    """`over`: the number of the last version the sender has seen, 0 when there was none; None for those who go by the
    version of the row."""
    if over is not None and over != last:
        raise Conflict(
            f"Chưa gửi: lần {last} vừa được gửi từ nơi khác. Xem bản ấy rồi gửi lại nếu vẫn cần.",
            code="sent_meanwhile",
        )
