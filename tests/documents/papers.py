"""Plans as files of other formats, made from their text for the tests: Word, PDF and a crooked, noisy scan."""

import io
import random
import re
from pathlib import Path

import docx
import pypdfium2 as pdfium
from docx.shared import Pt
from fpdf import FPDF
from PIL import Image, ImageFilter, ImageOps

FONTS = Path("/usr/share/fonts/truetype/liberation2")
_MARKED = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def paper_is_there() -> bool:
    return FONTS.joinpath("LiberationSerif-Bold.ttf").exists()


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
    return [line.strip() for line in _closed(text).splitlines() if line.strip()]


def _closed(text: str) -> str:
    """Bold closed at the ends of lines: "**A\nB**" is two bold lines."""
    return _MARKED.sub(lambda bold: "**" + bold.group(1).replace("\n", "**\n**") + "**", text)


def as_pdf(text: str, *, page_numbers: bool = True, indent: bool = False) -> bytes:
    """On A4 in Liberation Serif 14, justified; the first block of lines is the title and stands in the middle."""
    paper = Paper(page_numbers=page_numbers)
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", _closed(text).strip())]
    for number, lines in enumerate(blocks):
        for line in lines:
            paper.put(line.strip(), centred=number == 0, indent=indent and number > 0)
        paper.ln(2)
    return bytes(paper.output())


class Paper(FPDF):
    def __init__(self, *, page_numbers: bool) -> None:
        super().__init__()
        self._numbered = page_numbers
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font("serif", style, FONTS / f"LiberationSerif-{name}.ttf")
        self.set_margins(30, 20, 20)
        self.set_auto_page_break(True, margin=20)
        self.add_page()

    def header(self) -> None:
        self.set_font("serif", size=14)
        if self._numbered and self.page_no() > 1:
            self.set_y(10)
            self.cell(0, 7, str(self.page_no()), align="C")
        self.set_y(20)

    def put(self, line: str, *, centred: bool = False, indent: bool = False) -> None:
        self.set_font("serif", size=14)
        self.multi_cell(
            0,
            7,
            ("        " if indent else "") + line,
            align="C" if centred else "J",
            markdown=True,
            new_x="LMARGIN",
            new_y="NEXT",
        )


def as_scan(pdf: bytes, *, dots_per_inch: int = 200, degrees: float = 0.7, seed: int = 7) -> bytes:
    """A PDF's pages drawn, turned a little, dirtied and kept as JPEG in a new PDF: what a scanner makes."""
    pages = [_scanned(page, dots_per_inch, degrees, seed) for page in pdfium.PdfDocument(pdf)]
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=dots_per_inch, quality=75)
    return file.getvalue()


def _scanned(page: pdfium.PdfPage, dots_per_inch: int, degrees: float, seed: int) -> Image.Image:
    drawn = page.render(scale=dots_per_inch / 72, grayscale=True).to_pil().convert("L")
    turned = drawn.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    grain = Image.frombytes("L", turned.size, random.Random(seed).randbytes(turned.width * turned.height))
    soft = turned.filter(ImageFilter.GaussianBlur(0.5))
    return Image.blend(soft, ImageOps.autocontrast(grain), 0.12)
