"""The form of a remark, as the pages of rows and figures share it."""

from typing import Any

from app.services.remark import RemarkInput
from app.web.forms import Form


def said_in(form: Form) -> RemarkInput:
    named: list[Any] = [unit for unit in form.all("mention") if unit]
    return form.read(RemarkInput, text=form.value("remark"), mentions=named)
