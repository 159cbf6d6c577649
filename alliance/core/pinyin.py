"""Pinyin keys, so that typing ``lwy`` finds 阑尾炎 and ``zxl`` finds 曾小兰.

Readings come from pypinyin, whose phrase table is made from general dictionaries and newspapers.
The corrections below were found by running it over the 64,000 names of the national diagnosis and
procedure tables and reading the polyphonic characters in context; surnames have readings of their
own, which no phrase table knows.

Both kinds of key hold only ``a-z`` and ``0-9``: brackets, punctuation and symbols are dropped, what
stands between brackets stays, Roman numerals become letters, ü is written ``v``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from pypinyin import lazy_pinyin, load_phrases_dict, load_single_dict

# Characters whose first reading in pypinyin is not the one of clinical names.
_CHARACTERS: Final = {
    "椎": "zhuī",  # 腰椎, 椎体; not chuí
    "肋": "lèi",
    "龈": "yín",  # 龈炎; not kěn
    "杓": "sháo",  # 环杓关节
    "长": "cháng",  # 长骨, 拇长肌; 生长 and 院长 are phrases
    "粘": "nián",  # 粘膜, 粘液; 粘连 is a phrase
    "扎": "zā",  # 结扎, 套扎
    "卜": "bǔ",  # 阿卜杜拉; 萝卜 is a phrase
    "𧿹": "mǔ",  # 𧿹外翻
}

# Phrases that pypinyin reads in another sense, or cuts in the wrong place.
_PHRASES: Final = {
    "卒中": [["cù"], ["zhòng"]],
    "系带": [["xì"], ["dài"]],
    "重睑": [["chóng"], ["jiǎn"]],
    "重排": [["chóng"], ["pái"]],
    "口重建": [["kǒu"], ["chóng"], ["jiàn"]],
    "内传导": [["nèi"], ["chuán"], ["dǎo"]],
    "上行性": [["shàng"], ["xíng"], ["xìng"]],
    "口角炎": [["kǒu"], ["jiǎo"], ["yán"]],
    "还纳": [["huán"], ["nà"]],
    "着床": [["zhuó"], ["chuáng"]],
    "着丝": [["zhuó"], ["sī"]],
    "马尾": [["mǎ"], ["wěi"]],
    "弹响": [["tán"], ["xiǎng"]],
    "调强": [["tiáo"], ["qiáng"]],
    "调脂": [["tiáo"], ["zhī"]],
    "调位": [["tiáo"], ["wèi"]],
    "刮匙": [["guā"], ["chí"]],
    "朝阳": [["cháo"], ["yáng"]],
}

# pypinyin follows the colloquial xiě in some words and not in others; one reading is searchable.
_ALWAYS: Final[Mapping[str, str]] = MappingProxyType({"血": "xue"})

# Readings a character has only as a surname, 中国姓氏大辞典; the more frequent one where two live on.
_SURNAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        surname: tuple(reading.split())
        for surname, reading in {
            "尉迟": "yu chi",
            "万俟": "mo qi",
            "长孙": "zhang sun",
            "澹台": "tan tai",
            "乐正": "yue zheng",
            "单于": "chan yu",
            "单": "shan",
            "曾": "zeng",
            "仇": "qiu",
            "解": "xie",
            "任": "ren",
            "查": "zha",
            "盖": "ge",
            "朴": "piao",
            "区": "ou",
            "乐": "yue",
            "员": "yun",
            "翟": "zhai",
            "缪": "miao",
            "秘": "bi",
            "冼": "xian",
            "洗": "xian",
            "折": "she",
            "种": "chong",
            "重": "chong",
            "覃": "qin",
            "隗": "wei",
            "召": "shao",
            "祭": "zhai",
            "繁": "po",
            "能": "nai",
            "佴": "nai",
            "牟": "mou",
            "句": "gou",
            "谌": "chen",
            "薄": "bo",
            "藏": "zang",
            "粘": "nian",
            "乜": "nie",
            "么": "yao",
            "都": "du",
            "车": "che",
            "石": "shi",
            "沈": "shen",
            "俞": "yu",
            "於": "yu",
            "莘": "shen",
            "华": "hua",
            "行": "xing",
            "长": "chang",
            "宿": "su",
            "卜": "bu",
            "郗": "xi",
            "郇": "xun",
            "逄": "pang",
            "眭": "sui",
        }.items()
    }
)
_LONGEST_SURNAME: Final = 2
_NOT_KEY: Final = re.compile(r"[^a-z0-9]")

load_single_dict({ord(character): reading for character, reading in _CHARACTERS.items()})
load_phrases_dict(_PHRASES)


class Keys(NamedTuple):
    """Both keys of one text; reading it is the dear part, so importers ask once."""

    initials: str
    full: str


def keys(text: str) -> Keys:
    """Search keys of a term: 阑尾炎 → ``lwy``, ``lanweiyan``."""
    return _keys(_syllables(text))


def name_keys(name: str) -> Keys:
    """Search keys of a person, the surname read as a surname: 单小明 → ``sxm``, ``shanxiaoming``."""
    return _keys(_name_syllables(name))


def initials(text: str) -> str:
    """First letters: 2型糖尿病 → ``2xtnb``, 经皮肾镜碎石术（PCNL） → ``jpsjssspcnl``."""
    return keys(text).initials


def full(text: str) -> str:
    """Whole syllables run together: 阑尾炎 → ``lanweiyan``."""
    return keys(text).full


def name_initials(name: str) -> str:
    """First letters of a person's name: 单小明 → ``sxm``."""
    return name_keys(name).initials


def name_full(name: str) -> str:
    """Whole syllables of a person's name: 单小明 → ``shanxiaoming``."""
    return name_keys(name).full


def _keys(syllables: Iterator[tuple[bool, str]]) -> Keys:
    read = list(syllables)
    return Keys(
        initials="".join(key[:1] if chinese else key for chinese, key in read),
        full="".join(key for _, key in read),
    )


def _name_syllables(name: str) -> Iterator[tuple[bool, str]]:
    compact = "".join(name.split())
    for length in range(_LONGEST_SURNAME, 0, -1):
        readings = _SURNAMES.get(compact[:length])
        if readings is not None:
            yield from ((True, reading) for reading in readings)
            yield from _syllables(compact[length:])
            return
    yield from _syllables(compact)


def _syllables(text: str) -> Iterator[tuple[bool, str]]:
    """Pairs of (is a Chinese syllable, key) in order; one pair for each character."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    # A list keeps one entry for each character that has no reading; the hints know only strings.
    readings = lazy_pinyin(folded, errors=list)  # type: ignore[arg-type]
    for character, reading in zip(folded, readings, strict=True):
        if character == reading:
            yield False, _NOT_KEY.sub("", _without_accent(reading))
        else:
            spoken = _ALWAYS.get(character, reading)
            yield True, spoken.replace("ve", "ue")


def _without_accent(character: str) -> str:
    return unicodedata.normalize("NFD", character)[:1]
