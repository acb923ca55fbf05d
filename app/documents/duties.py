"""Clauses of the organisation sections → units with their duties."""

from dataclasses import dataclass, field, replace

from app.documents.markers import DOTTED, LETTER
from app.documents.organisations import (
    Named,
    find_organisation,
    find_verb,
    is_clearly_named,
    is_group_name,
    is_organisation_name,
    names_no_organisation,
)
from app.documents.outline import Clause, Outline, gives_order, is_closing_clause
from app.documents.sections import BUDGET, ORGANISATION, OTHER, classify
from app.documents.sentences import split_sentences
from app.documents.values import DutyRead, TaskGroupRead, TaskRead, UnitRead
from app.text import compare_key

# Words of a name that a full stop closes ("2. Trạm Y tế."); longer ones are sentences whose verb is unknown.
_LONGEST_CLOSED_NAME = 10


@dataclass(slots=True)
class _Unit:
    named: Named
    passage: str
    duties: list[DutyRead] = field(default_factory=list)


def read_units(outline: Outline) -> tuple[UnitRead, ...]:
    """Units in order of appearance; one named twice gets both lists."""
    return tuple(
        UnitRead(
            name=unit.named.name,
            is_group=is_group_name(unit.named.name),
            passage=unit.passage,
            duties=tuple(unit.duties),
            requested=unit.named.is_requested,
        )
        for unit in _units_and_orders(outline)[0]
    )


def read_orders(outline: Outline) -> tuple[TaskGroupRead, ...]:
    """ "Giao Công an tỉnh …" away from the unit's own list is a task it leads, not one more duty of the list."""
    groups: dict[str, TaskGroupRead] = {}
    for section, clause, named, words in _units_and_orders(outline)[1]:
        group = groups.setdefault(section.id, TaskGroupRead(section.text, section.id))
        details = tuple(below.id for below in clause.descendants())
        task = TaskRead(words, clause.id, details, lead=(named.name,))
        groups[section.id] = replace(group, tasks=(*group.tasks, task))
    return tuple(groups.values())


# A clause, the organisation it opens with, and the words about that one: sentences of a paragraph may name several.
_Opening = tuple[Clause, Named, str]
_Order = tuple[Clause, Clause, Named, str]


def _units_and_orders(outline: Outline) -> tuple[list[_Unit], list[_Order]]:
    units: dict[str, _Unit] = {}
    orders: list[_Order] = []
    for section in _organisation_sections(outline):
        for clause, named, words in _named_clauses(section):
            key = compare_key(named.name)
            if key in units and units[key].duties and gives_order(words) and not clause.children:
                orders.append((section, clause, named, words))
                continue
            unit = units.setdefault(key, _Unit(named, clause.id))
            unit.duties.extend(_duties(clause, named))
    return list(units.values()), orders


def _organisation_sections(outline: Outline) -> list[Clause]:
    return [
        clause
        for clause in outline.clauses
        if clause.is_heading
        and clause.section == ORGANISATION
        and (clause.parent is None or clause.parent.section != ORGANISATION)
    ]


def _named_clauses(section: Clause) -> list[_Opening]:
    """Clauses that open with an organisation, looking below headings that only gather others."""
    found: list[_Opening] = []
    numbered = [child for child in section.children if child.is_list_item or child.label == ""]
    known = sum(1 for child in numbered if _organisation_of(child) is not None)
    for child in section.children:
        gathers = _gathers_others(child)
        named = None if gathers else _organisation_of(child)
        if named is None and not gathers and known * 2 > len(numbered):
            named = _unknown_name(child)
        if child in numbered and named is not None:
            found.append((child, named, child.body))
        elif child in numbered and child.children:
            below = _named_clauses(child)
            found.extend(one for one in below if not _is_general(child, one))
        elif child not in numbered:
            found.extend(_paragraph_units(child, has_list=known > 0))
    return found


def _organisation_of(clause: Clause) -> Named | None:
    stands_alone = bool(clause.children) and (clause.is_heading or is_organisation_name(clause.body))
    if not clause.children and is_organisation_name(clause.body) and find_verb(clause.body) is None:
        is_sentence = clause.body.endswith(".") and len(clause.body.split()) > _LONGEST_CLOSED_NAME
        stands_alone = clause.is_list_item and not is_sentence
    if clause.label == "" or (clause.marked.is_bold and not clause.children):
        stands_alone = True
    return find_organisation(clause.body, lead=clause.marked.lead, is_heading=stands_alone)


def _unknown_name(clause: Clause) -> Named | None:
    """Among named neighbours, unknown words over a list or before a colon are a name unless they say otherwise."""
    words, rest = clause.body, ""
    if not (clause.is_heading and clause.children):
        words, colon, rest = clause.body.partition(":")
        if not (clause.is_list_item and colon and rest.strip()) or find_verb(words) is not None:
            return None
    words = words.strip(" .:*")
    if names_no_organisation(words) or len(words.split()) > (12 if rest else 20):
        return None
    return Named(words, rest.strip(), is_requested=False)


def _gathers_others(clause: Clause) -> bool:
    """ "1. Các cơ quan Đảng" over "- Văn phòng Đảng ủy: …" is a heading, not an organisation with duties."""
    items = [child for child in clause.children if child.is_list_item or child.is_heading]
    if len(items) < 2 or not clause.is_heading:
        return False
    named = [child for child in items if _opens_with_name(child)]
    clearly = [child for child in named if _leads_with_colon(child) or child.is_heading]
    if len(clearly) == len(items):
        return True
    # "1. Cấp tỉnh" and "1.1. Ban … chỉ đạo": the heading is no name itself, or its parts are numbered like it.
    numbered = all(DOTTED <= child.rank < LETTER for child in items)
    is_name = _organisation_of(clause) is not None
    if len(named) == len(items):
        return not is_name or (numbered and bool(clearly))
    return not is_name and len(named) * 10 >= len(items) * 7


def _opens_with_name(clause: Clause) -> bool:
    named = _organisation_of(clause)
    return named is not None and (bool(named.rest) or clause.is_heading)


def _leads_with_colon(clause: Clause) -> bool:
    named = find_organisation(clause.body, lead=clause.marked.lead)
    if named is None:
        return False
    place = clause.body.find(named.name) + len(named.name)
    return clause.body[place : place + 1] == ":"


def _is_general(heading: Clause, opening: _Opening) -> bool:
    """ "2. Chế độ thông tin, báo cáo": what stands below concerns everybody; only an order there names a unit."""
    clause, _, words = opening
    if gives_order(words) or classify(heading.body) not in (OTHER, BUDGET):
        return False
    return not clause.is_list_item or "báo cáo" in heading.body.lower()


def _paragraph_units(clause: Clause, *, has_list: bool) -> list[_Opening]:
    """Unnumbered paragraphs name units where nothing is numbered; beside a list only "Giao …" does."""
    if clause.body.rstrip().endswith(":") and not clause.children:
        return []
    if not gives_order(clause.body) and (has_list or is_closing_clause(clause.body)):
        return []
    named = find_organisation(clause.body, lead=clause.marked.lead)
    return _parted(clause, named) if named is not None else []


def _parted(clause: Clause, named: Named) -> list[_Opening]:
    """The paragraph's sentences by their subjects; one without a subject goes on with the one before."""
    first, *others = split_sentences(named.rest) or [""]
    found = [(clause, replace(named, rest=first), first)]
    for sentence in others:
        subject = find_organisation(sentence) if find_verb(sentence) is not None else None
        if subject is not None and subject.rest and is_clearly_named(subject.name):
            found.append((clause, subject, sentence))
        else:
            _, last, words = found[-1]
            found[-1] = (clause, replace(last, rest=f"{last.rest} {sentence}"), f"{words} {sentence}")
    opening = clause.body[: len(clause.body) - len(named.rest)]
    return [(clause, found[0][1], opening + found[0][2]), *found[1:]]


def _duties(clause: Clause, named: Named) -> list[DutyRead]:
    items = [child for child in clause.children if child.is_list_item]
    introduces = bool(items) and (named.rest.endswith(":") or len(named.rest) < 40)
    duties = [] if introduces else _sentences(named.rest, clause)
    for child in clause.children:
        if child in items or child.kind == "heading":
            duties.append(_duty(child))
        elif not _is_introduction(child, items):
            duties.extend(_sentences(child.body, child))
    return duties


def _is_introduction(child: Clause, items: list[Clause]) -> bool:
    return child.body.endswith(":") and bool(items)


def _duty(clause: Clause) -> DutyRead:
    return DutyRead(clause.body, clause.id, tuple(below.id for below in clause.descendants()))


def _sentences(text: str, clause: Clause) -> list[DutyRead]:
    return [DutyRead(sentence, clause.id) for sentence in split_sentences(text)]
