"""QR codes as drawings within a page: a path, without any style of its own."""

import segno
from markupsafe import Markup


def draw_qr(address: str) -> Markup:
    """An SVG that takes the size of what is around it. Level M: a sheet may be creased or stained."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(scale=1, border=4, svgclass="qr", lineclass=None, omitsize=True))  # noqa: S704
