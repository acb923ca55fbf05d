"""The kind of a unit, guessed from its name: a first proposal for the office, never more."""

import re

from app.text import fold

# Whoever is asked ("đề nghị") rather than ordered: the Front and the organisations that are its members.
ASKED_KINDS = frozenset({"front", "mass_organisation"})

# The first pattern that is found decides, so the narrower ones stand first. Names are folded: no marks, no case.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            "party_cell_school",
            r"\b(chi bo|dang bo|chi uy)\b.*\b(truong|mam non|tieu hoc|thcs|thpt|mau giao|nha truong)\b",
        ),
        (
            "party_cell_village",
            r"^(cac )?(chi bo|dang bo)( cac)? (thon|to dan pho|tdp|ban|xom|ap|khu pho|khu dan cu|buon|lang)\b",
        ),
        ("party_cell_other", r"^(cac )?(chi bo|dang bo|chi uy|chi, dang bo|to chuc dang)\b"),
        ("police", r"^(luc luong )?(cong an|don cong an)\b"),
        ("military", r"\b(quan su|bien phong|chqs)\b"),
        ("front", r"\b(mat tran|mttq|ubmttq|ubmt)\b"),
        (
            "mass_organisation",
            r"^(cac )?(hoi (nong dan|lien hiep|phu nu|cuu chien binh|lhpn|ccb|nguoi cao tuoi|khuyen hoc|chu thap do)"
            r"|doan (thanh nien|tncs|xa|phuong)|xa doan|phuong doan|cong doan|lien doan lao dong|doan the"
            r"|to chuc chinh tri)\b",
        ),
        ("superior", r"\b(trung uong|tinh uy|thanh uy|thanh pho|tinh|cap tren)$|^(so|bo) "),
        (
            "party_agency",
            r"^(van phong dang uy|van phong thanh uy|ban xay dung dang|ban to chuc|ban tuyen giao|ban dan van"
            r"|uy ban kiem tra|ubkt|ban noi chinh|trung tam chinh tri|co quan (tham muu|chuyen trach).*dang)",
        ),
        ("party_committee", r"^(dang uy|ban thuong vu|ban chap hanh dang bo|thuong truc dang uy|cap uy)\b"),
        ("division", r"^(cac )?(phong|van phong (hdnd|ubnd|hoi dong|uy ban))\b"),
        ("peoples_committee", r"\b(uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd)\b"),
        ("service", r"^(trung tam|tram|ban quan ly|ttpvhcc|doi|thu vien|nha van hoa|dai truyen thanh)\b"),
        ("school", r"^(cac )?(truong|nha truong|co so giao duc|mam non|tieu hoc|thcs|thpt)\b"),
        ("external", r"^(cac )?(doanh nghiep|cong ty|hop tac xa|ngan hang|hiep hoi|ho gia dinh|nguoi dan)\b"),
        ("party_agency", r"\bdang\b"),
    )
)
_REST = "division"


def guess_unit_kind(name: str) -> str:
    """A kind of app.models.unit.UNIT_KINDS, `group` excepted: a group's name says what its members are."""
    folded = fold(name)
    return next((kind for kind, pattern in _RULES if pattern.search(folded)), _REST)


def is_asked(name: str) -> bool:
    """Whether work goes to this body as a request ("đề nghị")."""
    return guess_unit_kind(name) in ASKED_KINDS
