"""Forms as people typed them: read, checked by the services' own inputs, and shown again when refused."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from secrets import token_urlsafe
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from app.errors import Forbidden, Invalid, NotFound, NotSignedIn, TienDoError
from app.services.typed import sentence_of
from app.work import Work

M = TypeVar("M", bound=BaseModel)


class Form:
    """What was typed, by field name, and the errors beside it. An empty one shows an untouched form."""

    def __init__(
        self,
        values: dict[str, list[str]] | None = None,
        files: dict[str, list[UploadFile]] | None = None,
        error: TienDoError | None = None,
    ) -> None:
        self.values = values or {}
        self.files = files or {}
        self.error = error

    @property
    def was_sent(self) -> bool:
        return bool(self.values or self.files)

    @property
    def errors(self) -> dict[str, str]:
        return self.error.errors if self.error else {}

    def value(self, name: str, untouched: Any = "") -> str:
        """What was typed into a field; `untouched` (the stored value) when nothing was sent yet."""
        if name in self.values:
            return self.values[name][0]
        return "" if untouched is None or self.was_sent else str(untouched)

    def own(self, *names: str) -> "Form":
        """Of a page with several forms: this one where it is the one that was sent, known by a field it always has
        (one of `names`); else an untouched one, so that another form's mistake empties nothing here."""
        return self if any(name in self.values for name in names) else Form()

    def said(self, name: str, missing: str) -> str:
        """What was typed into a field that must say something; else Invalid beside it, with the sentence `missing`."""
        if not (typed := self.value(name).strip()):
            raise Invalid.field(name, missing)
        return typed

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def read(self, model: type[M], *names: str, **more: Any) -> M:
        """Build an input from fields of the form (blank ones are left out); Invalid with one sentence per
        field. Without names, every field of the model."""
        wanted = names or tuple(model.model_fields)
        typed = {name: self.value(name) for name in wanted if name not in more and self.value(name).strip()}
        return checked(model, typed | more)


def checked(model: type[M], values: dict[str, Any]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        fields = {".".join(str(p) for p in e["loc"]) or "form": sentence_of(e) for e in error.errors()}
        raise Invalid("Có chỗ chưa đúng, xem các ô báo lỗi bên dưới.", errors=fields) from error


async def read_form(request: Request) -> Form:
    sent = await request.form()
    form = Form()
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                form.files.setdefault(name, []).append(value)
        else:
            form.values.setdefault(name, []).append(value)
    return form


async def give_form(request: Request) -> AsyncIterator[Form]:
    """The form of a route. Files nobody asked for are closed with those that were read."""
    form = await read_form(request)
    try:
        yield form
    finally:
        await request.close()


FormGiven = Annotated[Form, Depends(give_form)]


class FormRefused(Exception):
    """A form that cannot be taken: leaves the route (so everything rolls back) and is shown again, filled in."""

    def __init__(self, error: TienDoError, show: Callable[[Work, Form], str], form: Form) -> None:
        super().__init__(error.message)
        self.error = error
        self.show = show
        self.form = Form(form.values, form.files, error)


@contextmanager
def shown_again(form: Form, show: Callable[[Work, Form], str]) -> Iterator[None]:
    """Around the service call of a form's route: `show(work, form)` renders the page it came from."""
    try:
        yield
    except (NotSignedIn, NotFound, Forbidden):
        raise
    except TienDoError as error:
        raise FormRefused(error, show, form) from error


def new_form_key() -> str:
    """For the hidden `_key` field of a form: sending the form twice has one effect."""
    return token_urlsafe(12)
