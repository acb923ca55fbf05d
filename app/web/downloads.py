"""Tables as files: the answer a download is."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Response

from app.documents.attachments import MEDIA_TYPES
from app.documents.spreadsheet import Sheet, to_csv, to_xlsx
from app.text import fold

# ?tep=xlsx or csv: the same page as a file.
AsFile = Annotated[str, Query(alias="tep", max_length=4)]
# ?bang=: of a page with several tables the one whose place has that id.
OneTable = Annotated[str, Query(alias="bang", max_length=20)]
FORMS = {
    "xlsx": MEDIA_TYPES["xlsx"],
    "csv": "text/csv; charset=utf-8",
}
_LONGEST_NAME = 80


def download(sheets: Sequence[Sheet], form: str, *names: str) -> Response:
    """`form`: one of FORMS; a .csv holds the first sheet. `names` make the file's name."""
    data = to_csv(sheets[0]) if form == "csv" else to_xlsx(sheets)
    return as_attachment(data, form, f'filename="{safe_name(*names)}.{form}"')


def as_attachment(data: bytes, form: str, named: str) -> Response:
    """`named`: its name the way Content-Disposition writes it."""
    headers = {
        "Content-Disposition": f"attachment; {named}",
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
    }
    return Response(data, headers=headers, media_type=FORMS[form])


def safe_name(*names: str) -> str:
    """Letters, digits and hyphens alone: "Chỉ tiêu", "KH-01" → "chi-tieu-kh-01"."""
    folded = fold(" ".join(names))
    kept = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in folded[:_LONGEST_NAME]
    )
    return "-".join(part for part in kept.split("-") if part) or "bang"
