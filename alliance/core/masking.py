"""What may be shown of a person before the reader has given a reason to see more.

No national standard says how to mask; these are the common conventions of hospital systems
(GB/T 39725-2020 asks that identifying data reach only who needs it, and leaves the form open).
Every function takes what is stored, answers with text for a page or an API, and answers ``""``
to nothing. A mask hides; it is not encryption: never look anything up by it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

MASK: Final = "*"
_HIDDEN: Final = MASK * 3
_LONGEST_GAP: Final = 2

# Two-character surnames that are met in practice. A surname missing here is masked as if its
# second character belonged to the given name: too much is hidden, never too little.
COMPOUND_SURNAMES: Final = frozenset(
    {"欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛"}
    | {
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
    }
    | {
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
    }
    | {
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
    }
    | {
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "梁丘",
        "左丘",
        "东门",
        "西门",
        "第五",
    }
)

_CHINESE: Final = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]")


def mask_name(name: str) -> str:
    """王*兰, 陈*, 欧阳*娜: first and last character, the surname whole, the gap never longer than two.

    Two characters, or a compound surname with one, keep the surname only. Names in other scripts
    keep the first letter of each word.
    """
    name = name.strip()
    if not name:
        return ""
    if not _CHINESE.match(name):
        return " ".join(word[0] + _HIDDEN for word in name.split())
    if len(name) == 1:
        return MASK
    shown = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    rest = len(name) - shown
    if rest == 1:
        return name[:shown] + MASK
    return name[:shown] + MASK * min(rest - 1, _LONGEST_GAP) + name[-1]


def mask_id_number(number: str) -> str:
    """110105********002X for resident numbers; shorter documents keep two characters at each end."""
    number = number.strip()
    if len(number) >= 15:
        return _ends(number, 6, 4)
    if len(number) >= 7:
        return _ends(number, 2, 2)
    return MASK * len(number)


def mask_phone(phone: str) -> str:
    """138****0000; a landline keeps its last four digits, anything shorter than that nothing."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return digits[:3] + MASK * 4 + digits[-4:]
    if len(digits) >= 7:
        return MASK * 4 + digits[-4:]
    return MASK * len(digits)


def mask_record_number(number: str) -> str:
    """Card and record numbers: the last four characters of at least eight, otherwise none."""
    number = number.strip()
    return MASK * 4 + (number[-4:] if len(number) >= 8 else "") if number else ""


def mask_email(email: str) -> str:
    """First letter and domain: z***@example.org."""
    local, at, domain = email.strip().rpartition("@")
    if not at or not local:
        return _HIDDEN if email.strip() else ""
    return local[0] + _HIDDEN + at + domain


def mask_birth_date(born: date | None) -> str:
    """The year only."""
    return "" if born is None else str(born.year)


# A name of a district does not go on past a town, street, house number or housing estate; the
# first character is free (道外区, 镇海区, 小店区), and nine places are called 乡 or 镇 themselves.
_PLACE: Final = r"(?:(?:景德镇|[新萍湘宁桐金西内]乡)(?=[市县])|[^\d\W][^\W\d镇乡村路街道号小社校厂院舍活属住市县区]{0,14}?)"
_DISTRICT: Final = re.compile(
    r"(?:[^\W\d市县区]{2,7}?(?:省|自治区|特别行政区))?"
    rf"(?:{_PLACE}(?:市|自治州|地区|盟))?"
    rf"(?:{_PLACE}(?:自治县|县|区|旗|市))?"
)


def mask_address(address: str) -> str:
    """Down to the county or district: 浙江省杭州市西湖区***; all hidden where none is recognised."""
    compact = "".join(address.split())
    if not compact:
        return ""
    match = _DISTRICT.match(compact)
    shown = match.group() if match else ""
    return shown if shown == compact else shown + _HIDDEN


def _ends(text: str, first: int, last: int) -> str:
    return text[:first] + MASK * (len(text) - first - last) + text[-last:]
