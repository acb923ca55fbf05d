"""The version a form is based on: its hidden field `version`."""

from app.web.forms import Form


def version_in(form: Form) -> int | None:
    """None when the field is absent or was tampered with; the service then decides whether that will do."""
    typed = form.value("version")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
