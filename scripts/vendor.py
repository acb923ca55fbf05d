"""Build the browser files: `python scripts/vendor.py` after `npm ci`.

Reads node_modules/ and app/static/, writes app/static/vendor/ (not in git): one style sheet, one script and
the logo, and what a few pages alone need, each under a name that carries its content's hash, with .br and .gz
beside it, and manifest.json
{"app.css": "app.<hash>.css", …}. One file of each kind keeps a phone's first visit at four requests.
"""

import gzip
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
SOURCE = ROOT / "app" / "static"
TARGET = SOURCE / "vendor"

GOVUK_CSS = PACKAGES / "govuk-frontend/dist/govuk/govuk-frontend.min.css"
HTMX = PACKAGES / "htmx.org/dist/htmx.min.js"
OWN_STYLES = ("app.css", "lists.css", "lineage.css")
# In this order: what a row lacks on the server is marked before the browser keeps it.
OWN_SCRIPTS = ("drafts.js", "app.js")

# The typeface may only be used on gov.uk, and it lacks Vietnamese.
GOVUK_FONT = "GDS Transport,arial,sans-serif"
# Parts of the style sheet that no page of ours uses; without them it is half as large on the wire.
UNUSED_PARTS = re.compile(
    r"govuk-(accordion|back-link|character-count|cookie-banner|exit-this-page|feedback|file-upload-button|"
    r"footer|frontend-supported|generic-header|header|language-navigation|logo|notification-banner|"
    r"pagination|panel|password-input|phase-banner|service-navigation|summary-card|summary-list|table|tabs|"
    r"tag|task-list|section-break|drop-zone)(?![a-z])|govuk-\\!"
)


def main() -> None:
    """Write app/static/vendor/ anew; exits with one line when a package is missing."""
    missing = [path for path in (GOVUK_CSS, HTMX) if not path.exists()]
    if missing:
        sys.exit(f"{missing[0].relative_to(ROOT)} is missing: run `npm ci --ignore-scripts` first.")

    files = {
        "app.css": adapt_govuk(GOVUK_CSS.read_text("utf-8"))
        + "".join(bare_style((SOURCE / name).read_text("utf-8")) for name in OWN_STYLES),
        "app.js": HTMX.read_text("utf-8")
        + "".join("\n" + bare_script((SOURCE / name).read_text("utf-8")) for name in OWN_SCRIPTS),
        # The workbench is a desk of its own: no phone in a village loads what only the office needs.
        "workbench.css": (SOURCE / "workbench.css").read_text("utf-8"),
        "workbench.js": (SOURCE / "workbench.js").read_text("utf-8"),
        "upload.js": bare_script((SOURCE / "upload.js").read_text("utf-8")),
        "office_queue.js": (SOURCE / "office_queue.js").read_text("utf-8"),
        "charts.css": bare_style((SOURCE / "charts.css").read_text("utf-8")),
        "evidence.css": bare_style((SOURCE / "evidence.css").read_text("utf-8")),
        "figure_sheet.css": bare_style((SOURCE / "figure_sheet.css").read_text("utf-8")),
        "qr_sheet.css": (SOURCE / "qr_sheet.css").read_text("utf-8"),
        "unit_change.css": bare_style((SOURCE / "unit_change.css").read_text("utf-8")),
        "logo.svg": (SOURCE / "logo.svg").read_text("utf-8"),
    }
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    names = {name: write_hashed(name, content.encode()) for name, content in files.items()}
    (TARGET / "manifest.json").write_text(json.dumps(names, indent=2) + "\n", "utf-8")


def bare_script(script: str) -> str:
    """Without lines of comment and indentation: a phone needs neither. No text of ours there has several lines."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def bare_style(css: str) -> str:
    """The same of a style sheet."""
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).splitlines())
    return "\n".join(filter(None, lines)) + "\n"


def write_hashed(name: str, content: bytes) -> str:
    """Write `content` plain, brotli and gzip under its hashed name, and return that name."""
    stem, suffix = name.rsplit(".", 1)
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    (TARGET / hashed).write_bytes(content)
    (TARGET / f"{hashed}.br").write_bytes(brotli.compress(content))
    (TARGET / f"{hashed}.gz").write_bytes(gzip.compress(content, mtime=0))
    return hashed


def adapt_govuk(css: str) -> str:
    """GOV.UK's style sheet with our typeface and without the parts we do not use."""
    css = css.replace(GOVUK_FONT, "var(--typeface)")
    return "".join(f"{head}{{{body}}}" for head, body in used_rules(css)) + "\n"


def used_rules(css: str) -> Iterator[tuple[str, str]]:
    for head, body in blocks(css):
        if head.startswith("@font-face"):
            continue
        if head.startswith(("@media", "@supports")):
            inner = "".join(f"{h}{{{b}}}" for h, b in used_rules(body))
            if inner:
                yield head, inner
            continue
        selectors = [part for part in split_selectors(head) if not UNUSED_PARTS.search(part)]
        if selectors:
            yield ",".join(selectors), body


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield (prelude, body) of each top-level block; statements without a block (@charset) are dropped."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    start = position = 0
    while (opening := css.find("{", position)) >= 0:
        depth, end = 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[start:opening].rsplit(";", 1)[-1].strip(), css[opening + 1 : end - 1]
        start = position = end


def split_selectors(head: str) -> list[str]:
    """Split at commas outside parentheses: ":not(a, b), c" has two parts."""
    return re.split(r",(?![^(]*\))", head)


if __name__ == "__main__":
    main()
