"""Plans as files of other formats, made from their text for the tests: Word, PDF and a crooked, noisy scan."""

import io
import re

import docx
from docx.shared import Pt

_MARKED = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def as_docx(text: str) -> bytes:
    """Each line a paragraph in Times New Roman, **bold** words bold."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(14)
    for line in _lines(text):
        paragraph = document.add_paragraph()
        for number, piece in enumerate(line.split("**")):
            paragraph.add_run(piece).bold = number % 2 == 1
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _lines(text: str) -> list[str]:
    """Lines with bold closed at their ends: "**A\\nB**" is two bold lines."""
    closed = _MARKED.sub(lambda bold: "**" + bold.group(1).replace("\n", "**\n**") + "**", text)
    return [line.strip() for line in closed.splitlines() if line.strip()]
