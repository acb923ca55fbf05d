"""Clauses → indicators: which figures are targets, of what, by when.

Targets are looked for under objectives, tasks and organisations. Under objectives a count needs a verb or a
comparing word before it; elsewhere only compared counts are targets, because "tổ chức 3 hội nghị" is work.
"""

import re
from dataclasses import dataclass, replace

from app.documents.numbers import Figure, find_figures, is_counted
from app.documents.outline import Clause, Outline
from app.documents.restating import merge_restated
from app.documents.sections import OBJECTIVES, ORGANISATION, TASKS
from app.documents.segments import Segment, cut_segments
from app.documents.sentences import split_sentences
from app.documents.values import Coverage, IndicatorRead
from app.documents.years import heading_year, is_under_yearly_heading, own_year, target_year
from app.text import fold

_BASELINE = re.compile(
    r"\b(?:hiện nay|hiện có|hiện tại|hiện trạng|tính đến|đến nay|đến thời điểm|thực trạng|ước đạt|ước thực hiện|"
    r"(?:trong )?(?<!so với )(?<!hơn )(?<!bằng )năm (?:trước|qua|học trước)|"
    r"những năm qua|thời gian qua|đã đạt|đã có)\b",
    re.IGNORECASE,
)
# What follows makes it a target again: "hiện nay 45%, phấn đấu đến năm 2030 đạt 60%".
_TURNS_TO_AIM = re.compile(
    r"\b(?:phấn đấu|mục tiêu|nâng lên|tăng lên|lên|xuống|(?<!tính )đến (?:hết |cuối )?năm 20\d\d)\b"
)
_BASELINE_LEAD = 40
_AIM = re.compile(
    r"(?:\b(?:đạt(?: được)?|đạt chuẩn|có|còn|xuống|lên|thêm|giảm|tăng|phấn đấu|phần đầu|xây dựng|lắp đặt|"
    r"hoàn thành|thành lập|"
    r"duy trì|giữ vững|giải quyết(?: việc làm)?(?: cho)?|tạo(?: việc làm)?(?: mới)?(?: cho)?|thu hút|"
    r"trồng(?: mới)?|đào tạo|bồi dưỡng|tổ chức|kết nạp|phát triển(?: mới)?|"
    r"thí điểm|công nhận|hỗ trợ|huy động|xóa|xoá|sửa chữa|nâng cấp|đầu tư|triển khai|bảo đảm|đảm bảo|cho|là|được|"
    r"bình quân|"
    r"khởi công|mở|cung cấp|cấp|vận động|phát động|củng cố|thu ngân sách|đưa|tuyên truyền|trung bình|với|khoảng|"
    r"mới|từ|chăm sóc|bảo dưỡng|sản xuất|khám|tiêm|thăm|tặng|trao|lao động|số hóa|cải tạo|làm mới|bê tông hóa|"
    r"chiếm|nuôi|giúp|giúp đỡ|nhận|ươm|làm|tỷ lệ|tỉ lệ|mức|đón|(?:công suất|diện tích|sản lượng|quy mô|dân số|số lượng|"
    r"tổng số|tổng đàn|đàn)(?: [^\W\d_]+){0,6})|[:;]|^)\s*$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(tăng|giảm)(?:\s+(?:thêm|bình quân|trung bình|ít nhất|tối thiểu|hằng năm|hàng năm|từ|trên|khoảng|dần))*\s*$",
    re.IGNORECASE,
)
_TO_LEVEL = re.compile(r"\b(?:xuống|còn|lên|lên mức|đến mức)\b[^,;]{0,20}$", re.IGNORECASE)
_KEEP = re.compile(r"\b(?:duy trì|giữ vững|giữ|ổn định)\b[^,;]{0,80}$", re.IGNORECASE)
_DOWN = re.compile(r"\b(?:giảm|hạ|kéo giảm|xuống|không để)\b[^;]{0,120}$", re.IGNORECASE)
_ANNUAL_LEAD = re.compile(r"^\W*(?:hằng năm|hàng năm|mỗi năm|bình quân mỗi năm)\b", re.IGNORECASE)
_ANNUAL_BEFORE = re.compile(
    r"(?<!cây )\b(?:(?:mỗi|hằng|hàng) năm|(?:tăng|giảm|tốc độ)\b[^,;]{0,40}\b(?:bình quân|trung bình))\b[^,;]{0,45}$",
    re.IGNORECASE,
)
_ANNUAL_AFTER = re.compile(r"^[^,;.]{0,24}?(?:/\s?năm|(?:mỗi|hằng|hàng|một) năm)\b", re.IGNORECASE)
_EACH = re.compile(
    r"\b(?:mỗi|từng)\s+(?!năm\b|tháng\b|quý\b|tuần\b|kỳ\b|bước\b)(?P<per>[^,;:]{2,40}?)\s+(?:đều\s+)?(?:có|phải|"
    r"được|đạt|tham gia|xây dựng|tổ chức|duy trì|thành lập|bố trí|đăng ký|giúp|nhận|trồng|nuôi|làm|kết nạp|mở|xóa|"
    r"triển khai|phát triển|hỗ trợ|giới thiệu|đảm nhận|chọn|lựa chọn|thực hiện|vận động|dành|kết nối|là)\b",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"^\s*(?:số\s+)?(?P<per>.{2,90}?)\s+(?:có|đạt|được|đủ|hoàn thành|duy trì|bảo đảm|đảm bảo|triển khai)\b",
    re.IGNORECASE,
)
_UNQUANTIFIED = re.compile(r"nâng (?:cao )?(?:tỷ lệ|tỉ lệ)", re.IGNORECASE)
# "giữ vững trường chuẩn quốc gia mức độ 1" keeps a title; "duy trì phổ cập mức độ 3" keeps a level.
_LEVEL_KEPT = re.compile(
    r"\b(?:duy trì|giữ vững)\s(?:(?:số|các|danh hiệu)\s)?(?:\d+\s)?"
    r"(?:(?:trường|xã|phường|đơn vị|cơ sở)\b[^,;]{0,40}\bchuẩn|danh hiệu)\b[^,;]{0,30}$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:[^.;:%\d]{2,90}):\s+")
_MAINTAIN = re.compile(
    r"^(?:tiếp tục\s+)?(?:duy trì|giữ vững)\s+(?!và\b)(?:bền vững |vững chắc |ổn định )?(?:kết quả|thành quả|"
    r"danh hiệu|đạt chuẩn|chuẩn|(?:xã|phường) đạt|trường (?:đạt )?chuẩn|100)",
    re.IGNORECASE,
)
_ACHIEVE = re.compile(
    r"^(?:phấn đấu\s+)?(?:đạt (?:chuẩn|danh hiệu)|được công nhận|hoàn thành (?:xây dựng )?(?:xã |"
    r"phường )?(?:đạt chuẩn )?nông thôn mới|đủ điều kiện công nhận)",
    re.IGNORECASE,
)
_SCHOOL = r"(?:mầm non|mẫu giáo|nhà trẻ|tiểu học|trung học cơ sở|trung học phổ thông|THCS|THPT)"
_TWO_LEVELS = re.compile(
    rf"^(?P<head>.*?)(?P<one>{_SCHOOL}) và (?P<two>{_SCHOOL})(?P<rest>\b.*)$", re.IGNORECASE
)
_FROM = re.compile(r"\btừ\s*$", re.IGNORECASE)
_ONWARD = re.compile(
    r"(?:[^,;]{0,25}\bnăm 20\d\d\)?,)?[^,;]{0,25}\b(?:(?<!trở )lên|xuống|còn)\b|"
    r"[^,;]{0,25}\bnăm 20\d\d\)? (?:đến|tới|thành) (?:(?:hết |cuối )?năm 20\d\d,? )?"
    r"(?:(?:là|đạt|trên|dưới|ít nhất|khoảng|mức) )*(?!20\d\d\b)\d",
    re.IGNORECASE,
)
# "so với năm trước từ 1% trở lên" has named what it compares with before the figure comes.
_COMPARED_WITH = re.compile(
    r"\bso với(?! (?:cùng kỳ )?(?:năm (?:trước|20\d\d)|cùng kỳ|hiện nay|giai đoạn[^,;]{0,20})\s"
    r"(?:từ|trên|ít nhất|tối thiểu|đạt|tăng|giảm|là|khoảng))[^,;]{0,40}$",
    re.IGNORECASE,
)
# What something costs or what each is given: budgets are no targets; a limit, or what is to be raised, is.
_COST = re.compile(
    r"(?:\btổng mức đầu tư|(?<!vượt )\b(?:tổng )?dự toán|(?<!huy động )(?<!vận động )\b(?:tổng )?kinh phí|\bđịnh mức|"
    r"\bvới (?:số tiền|mức|giá)|\bmức (?:hỗ trợ|chi|trợ cấp|học bổng|thưởng|vay))\b"
    r"(?:(?!\b(?:đạt|tăng|giảm|thu|huy động|vận động|tiết kiệm|lên)\b)[^,;]){0,60}$",
    re.IGNORECASE,
)
_SETS_TARGETS = re.compile(r"\b(?:chi tieu|muc tieu(?! (?:tong quat|chung)))\b")
_LONGEST_LABEL = 200
_RATE = re.compile(r"\W*(?:[^\W\d_]+\s){0,4}(?:tỷ|tỉ) (?:lệ|trọng)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:,|;|\bvà|trong đó)\s*$", re.IGNORECASE)
_SECTIONS = (OBJECTIVES, TASKS, ORGANISATION)
_LONGEST_SENTENCE = 6000
# Looking further from each figure would make a sentence of nothing but figures take minutes.
_NEAR = 200
_MOST_BASELINES = 20


@dataclass(frozen=True, slots=True)
class _Context:
    """What a figure's clause inherits: its place, and the year of the heading over it."""

    clause: Clause
    heading_year: int | None
    sentence: str
    sentence_year: int | None
    is_annual: bool
    issued: int | None = None
    baselines: tuple[re.Match[str], ...] = ()


def read_indicators(outline: Outline, issued: int | None = None) -> tuple[IndicatorRead, ...]:
    """Indicators in order of the text; one said again elsewhere is kept once (see restating.py).

    `issued` is the year the plan was issued in, before which nothing can be aimed at.
    """
    found: list[tuple[str | None, IndicatorRead]] = []
    for clause in outline.clauses:
        if clause.section in _SECTIONS and clause.is_readable and not _is_title_only(clause):
            found.extend((clause.section, indicator) for indicator in _of_clause(clause, issued))
    return merge_restated(found)


def _is_title_only(clause: Clause) -> bool:
    return clause.kind == "table" or (clause.is_heading and "%" not in clause.body)


def _of_clause(clause: Clause, issued: int | None) -> list[IndicatorRead]:
    above, yearly = heading_year(clause), is_under_yearly_heading(clause)
    found: list[IndicatorRead] = []
    label_year = None
    for number, sentence in enumerate(split_sentences(clause.body)):
        if len(sentence) > _LONGEST_SENTENCE:
            continue
        if number == 0:
            label_year = _label_year(sentence)
        context = _Context(
            clause,
            label_year or above,
            sentence,
            None,
            yearly or bool(_ANNUAL_LEAD.match(_without_label(sentence))),
            issued,
        )
        found.extend(_of_sentence(sentence, context))
    return _to_come(found, issued)


def _to_come(found: list[IndicatorRead], issued: int | None) -> list[IndicatorRead]:
    """ "… đạt 95%; năm 2025 đạt 71%" in a plan of 2026: beside what is aimed at, a year gone by says what was."""
    ahead = [one for one in found if issued is None or one.horizon is None or one.horizon >= issued]
    return ahead or found


def _label_year(sentence: str) -> int | None:
    """ "Đến năm 2030: …" gives its year to the whole clause."""
    label = re.match(r"[^.;:%]{0,60}:", sentence)
    return own_year(label.group()) if label else None


def _of_sentence(sentence: str, context: _Context) -> list[IndicatorRead]:
    figures: list[Figure] = []
    context = replace(context, baselines=tuple(_BASELINE.finditer(sentence))[:_MOST_BASELINES])
    for figure in find_figures(sentence):
        if _is_target(figure, sentence, context) or _continues_list(figure, figures, sentence, context):
            figures.append(figure)
    found: list[IndicatorRead] = []
    carried: int | None = None
    for segment in cut_segments(sentence, figures):
        year = _segment_year(segment)
        carried = None if _leaves_past(carried, segment, sentence, context) else carried
        context = replace(context, sentence_year=carried)
        if segment.figures:
            found.extend(_of_segment(segment, year, context))
        elif context.clause.section == OBJECTIVES and year is None and carried is None:
            found.extend(_without_figure(segment, context))
        if year is not None and segment.leads_year:
            carried = year
    return found


def _leaves_past(carried: int | None, segment: Segment, sentence: str, context: _Context) -> bool:
    """A year gone by speaks up to the next semicolon or the words of an aim."""
    if carried is None or context.issued is None or carried >= context.issued:
        return False
    return sentence[: segment.start].rstrip().endswith(";") or bool(_TURNS_TO_AIM.search(segment.text))


def _segment_year(segment: Segment) -> int | None:
    if not segment.figures:
        return own_year(segment.text)
    main = _main_first(segment)[0]
    return target_year(segment.text[: main.begins - segment.start], segment.text[main.end - segment.start :])


def _is_target(figure: Figure, sentence: str, context: _Context) -> bool:
    before = sentence[max(0, figure.begins - _NEAR) : figure.begins]
    if _inside_brackets(sentence[: figure.begins]) or _is_starting_point(figure, sentence):
        return False
    if _is_baseline(sentence, figure.begins, context.baselines):
        return False
    if figure.measure == "percent":
        return True
    if figure.measure == "level":
        aimed = not (_UNQUANTIFIED.search(before) or _LEVEL_KEPT.search(before))
        return context.clause.section == OBJECTIVES and aimed
    if figure.measure == "money" and not figure.is_compared and _COST.search(before):
        return False
    if context.clause.section != OBJECTIVES:
        # "ít nhất 01 lần/năm" in a task says how often, not what is to be reached.
        return figure.is_compared and figure.measure in ("count", "money", "ratio") and figure.unit != "lần"
    if figure.unit == "‰":
        return True
    if figure.unit.casefold().startswith(("nghìn", "ngàn", "vạn", "triệu")):
        return True
    if is_counted(figure.unit) and _SETS_TARGETS.search(fold(_headings_above(context.clause))):
        return True
    return figure.is_compared or bool(_EACH.search(before[-80:]) or _AIM.search(before))


def _headings_above(clause: Clause) -> str:
    words, above = [], clause.parent
    while above is not None:
        words.append(above.body[:_LONGEST_LABEL] if above.is_heading else "")
        above = above.parent
    return " ".join(words)


def _continues_list(figure: Figure, targets: list[Figure], sentence: str, context: _Context) -> bool:
    """ "đạt 12 bác sĩ/vạn dân, 35 giường bệnh/vạn dân": the second figure shares the first one's verb."""
    if not targets or context.clause.section != OBJECTIVES or _inside_brackets(sentence[: figure.begins]):
        return False
    between = sentence[max(targets[-1].end, figure.begins - _NEAR) : figure.begins]
    return bool(_GOES_ON.search(between)) and figure.measure in ("count", "money", "ratio")


def _is_starting_point(figure: Figure, sentence: str) -> bool:
    """The 5% of "từ 5% lên 20%", or what something is compared with."""
    before = sentence[max(0, figure.start - _NEAR) : figure.start]
    after = sentence[figure.end : figure.end + _NEAR]
    return bool((_FROM.search(before) and _ONWARD.match(after)) or _COMPARED_WITH.search(before))


def _is_baseline(sentence: str, begins: int, said: tuple[re.Match[str], ...]) -> bool:
    """ "Hiện nay …" opens a whole sentence of what is; in the middle it speaks up to the next semicolon."""
    near = [found for found in said if found.end() <= begins]
    if not near:
        return False
    last = near[-1]
    speaks = last.start() < _BASELINE_LEAD or ";" not in sentence[last.end() : begins]
    return speaks and not _TURNS_TO_AIM.search(sentence, last.end(), begins)


def _inside_brackets(before: str) -> bool:
    return before.count("(") > before.count(")")


def _of_segment(segment: Segment, year: int | None, context: _Context) -> list[IndicatorRead]:
    main, *inner = _main_first(segment)
    before = segment.text[: main.begins - segment.start]
    after = segment.text[main.end - segment.start :]
    annual = _is_annual(before, after, year, context)
    horizon = year or (None if annual else context.sentence_year or context.heading_year)
    change = bool(_CHANGE.search(before)) and not _TO_LEVEL.search(before)
    indicator = IndicatorRead(
        statement=segment.text.strip(" ,;:"),
        measure=main.measure,
        comparator=main.comparator,
        value=main.value,
        value_to=main.value_to,
        unit=main.unit,
        horizon=horizon,
        direction=_direction(main, before),
        coverage=_coverage(main, before, after, inner),
        passage=context.clause.id,
        is_change=change,
        annual=annual or bool(re.search(r"(?<!cây )\bh[ằà]ng năm\b", after)),
    )
    return _by_school_level(indicator) if main.measure == "level" else [indicator]


def _main_first(segment: Segment) -> tuple[Figure, ...]:
    """ "Tỷ lệ trạm có từ 4 đến 5 bác sĩ đạt 80%": the rate is the target, the count says of what."""
    first, *others = segment.figures
    rate = next((figure for figure in others if figure.measure == "percent"), None)
    if rate is None or first.measure == "percent" or not _RATE.match(segment.text):
        return segment.figures
    return rate, first, *(figure for figure in others if figure is not rate)


def _is_annual(before: str, after: str, year: int | None, context: _Context) -> bool:
    if year is not None:
        return False
    return context.is_annual or bool(_ANNUAL_BEFORE.search(before) or _ANNUAL_AFTER.search(after))


def _by_school_level(indicator: IndicatorRead) -> list[IndicatorRead]:
    """ "phổ cập giáo dục tiểu học và THCS đạt mức độ 3" sets two targets."""
    indicator = replace(indicator, comparator="reach") if indicator.comparator == "gte" else indicator
    both = _TWO_LEVELS.match(indicator.statement)
    if both is None:
        return [indicator]
    one = f"{both['head']}{both['one']}"
    two = f"{both['two']}{both['rest']}"
    return [replace(indicator, statement=one), replace(indicator, statement=two)]


def _direction(figure: Figure, before: str) -> str:
    if figure.comparator in ("lt", "lte"):
        return "down"
    if _KEEP.search(before):
        return "keep"
    return "down" if _DOWN.search(before) and not re.search(r"\btăng\b[^;]{0,40}$", before) else "up"


def _coverage(main: Figure, before: str, after: str, inner: list[Figure]) -> Coverage | None:
    each = _EACH.search(before[-100:] + " có ")
    if each:
        return Coverage(each["per"].strip())
    if not inner:
        return None
    if main.measure != "percent":
        levels = [figure for figure in inner if figure.measure == "level"]
        return Coverage(main.unit, int(levels[0].value)) if levels else None
    covered = _HAS.match(after)
    per = (
        re.sub(r"^(?:số|các|tổng số)\s+", "", covered["per"]).strip() if covered else after.strip(" ,;.")[:60]
    )
    level = next((int(figure.value) for figure in inner if figure.measure == "level"), None)
    return Coverage(per, level)


def _without_figure(segment: Segment, context: _Context) -> list[IndicatorRead]:
    """Targets without a number: kept up ("duy trì kết quả …") or reached or not ("đạt chuẩn …")."""
    words = _without_label(segment.text).strip(" ,;")
    maintain, achieve = _MAINTAIN.match(words), _ACHIEVE.match(words)
    if not (maintain or achieve) or len(words) > 260:
        return []
    return [
        IndicatorRead(
            statement=words,
            measure="yes_no",
            comparator="maintain" if maintain else "achieve",
            value=None,
            value_to=None,
            unit=None,
            horizon=context.heading_year,
            direction="keep" if maintain else "up",
            coverage=None,
            passage=context.clause.id,
        )
    ]


def _without_label(text: str) -> str:
    return _LABEL.sub("", text, count=1)
