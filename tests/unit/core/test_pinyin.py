"""Pinyin keys: clinical names, polyphones that general dictionaries read otherwise, surnames."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core import pinyin


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("阑尾炎", "lwy"),
        ("急性阑尾炎", "jxlwy"),
        ("胃息肉", "wxr"),
        ("宫腔镜子宫病损电切术", "gqjzgbsdqs"),
        ("肾结石", "sjs"),
        ("2型糖尿病", "2xtnb"),
        ("急性鼻咽炎[感冒]", "jxbyygm"),
        ("经皮肾镜碎石术（PCNL）", "jpsjssspcnl"),
        ("阑尾炎，其他的", "lwyqtd"),
        ("Ⅱ度烧伤", "iidss"),
        ("Ménétrier病", "menetrierb"),
        ("β地中海贫血", "dzhpx"),
        ("", ""),
        ("（）", ""),
    ],
)
def test_initials(text, key):
    assert pinyin.initials(text) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("阑尾炎", "lanweiyan"),
        ("腰椎间盘突出", "yaozhuijianpantuchu"),
        ("脑出血", "naochuxue"),
        ("脑卒中", "naocuzhong"),
        ("重睑成形术", "chongjianchengxingshu"),
        ("气管造口重建术", "qiguanzaokouchongjianshu"),
        ("重度烧伤", "zhongdushaoshang"),
        ("胃粘膜", "weinianmo"),
        ("肠粘连松解术", "changzhanliansongjieshu"),
        ("舌系带过短", "shexidaiguoduan"),
        ("肠系膜炎", "changximoyan"),
        ("口角炎", "koujiaoyan"),
        ("马尾神经损伤", "maweishenjingsunshang"),
        ("弹响指", "tanxiangzhi"),
        ("长骨骨折", "changguguzhe"),
        ("生长激素缺乏", "shengzhangjisuquefa"),
        ("龈炎", "yinyan"),
        ("子宫内膜异位症", "zigongneimoyiweizheng"),
        ("女性盆腔炎", "nvxingpenqiangyan"),
        ("疟疾", "nueji"),
        ("窦房内传导阻滞", "doufangneichuandaozuzhi"),
        ("腹股沟疝嵌顿还纳", "fugugoushanqiandunhuanna"),
        ("𧿹外翻", "muwaifan"),
        ("荨麻疹", "xunmazhen"),
        ("屏气发作", "bingqifazuo"),
        ("朝阳医院", "chaoyangyiyuan"),
        ("重庆", "chongqing"),
    ],
)
def test_full_reads_polyphones_as_clinicians_do(text, key):
    assert pinyin.full(text) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("曾小兰", "zengxiaolan"),
        ("单小明", "shanxiaoming"),
        ("仇英", "qiuying"),
        ("解秀", "xiexiu"),
        ("区大海", "oudahai"),
        ("尉迟敬德", "yuchijingde"),
        ("长孙无忌", "zhangsunwuji"),
        ("覃 建国", "qinjianguo"),
        ("王秀兰", "wangxiulan"),
        ("欧阳娜娜", "ouyangnana"),
        ("阿卜杜拉·买买提", "abudulamaimaiti"),
        ("John Smith", "johnsmith"),
        ("", ""),
    ],
)
def test_name_full(name, key):
    assert pinyin.name_full(name) == key


def test_name_initials_reads_the_surname_as_a_surname():
    assert pinyin.name_initials("单小明") == "sxm"
    assert pinyin.initials("单纯") == "dc"


def test_keys_are_both_in_one_reading():
    assert pinyin.keys("阑尾炎") == ("lwy", "lanweiyan")
    assert pinyin.name_keys("单小明") == ("sxm", "shanxiaoming")


@given(st.text(max_size=30))
def test_keys_hold_only_letters_and_digits(text):
    for make in (pinyin.initials, pinyin.full, pinyin.name_initials, pinyin.name_full):
        assert re.fullmatch(r"[a-z0-9]*", make(text))


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=20))
def test_initials_have_at_most_one_letter_for_each_character(text):
    assert len(pinyin.initials(text)) <= len(text)
