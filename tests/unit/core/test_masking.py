"""Masked display: what is kept, and that nothing else is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core import masking

CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王秀兰", "王*兰"),
        ("陈明", "陈*"),
        ("欧阳娜", "欧阳*"),
        ("欧阳娜娜", "欧阳*娜"),
        ("欧阳", "欧*"),
        ("张王丽华", "张**华"),
        ("阿卜杜热依木·买买提", "阿**提"),
        ("王", "*"),
        (" 陈 ", "*"),
        ("", ""),
        ("  ", ""),
        ("John Smith", "J*** S***"),
    ],
)
def test_mask_name(name, shown):
    assert masking.mask_name(name) == shown


@given(st.text(CHINESE, min_size=2, max_size=12))
def test_mask_name_always_hides_and_never_tells_the_length(name):
    shown = masking.mask_name(name)
    assert masking.MASK in shown
    assert len(shown) <= 5
    assert shown[0] == name[0]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110105********002X"),
        ("E12345678", "E1*****78"),
        ("123456", "******"),
        ("", ""),
    ],
)
def test_mask_id_number(number, shown):
    assert masking.mask_id_number(number) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000000", "138****0000"),
        ("138 0000 1234", "138****1234"),
        ("+86 138-0000-1234", "138****1234"),
        ("0571-87654321", "****4321"),
        ("87654321", "****4321"),
        ("120", "***"),
        ("", ""),
    ],
)
def test_mask_phone(phone, shown):
    assert masking.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [("ZY20261121", "****1121"), ("1234567", "****"), (" ", "")]
)
def test_mask_record_number(number, shown):
    assert masking.mask_record_number(number) == shown


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("zhou@example.org", "z***@example.org"),
        ("@example.org", "***"),
        ("zhou", "***"),
        ("", ""),
    ],
)
def test_mask_email(email, shown):
    assert masking.mask_email(email) == shown


def test_mask_birth_date():
    assert masking.mask_birth_date(date(1949, 12, 31)) == "1949"
    assert masking.mask_birth_date(None) == ""


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("浙江省杭州市西湖区文三路1号", "浙江省杭州市西湖区***"),
        ("云溪县测试村1号", "云溪县***"),
        ("北京市朝阳区幸福小区3号", "北京市朝阳区***"),
        ("上海市浦东新区张江路9号", "上海市浦东新区***"),
        ("内蒙古自治区呼和浩特市新城区南街2号", "内蒙古自治区呼和浩特市新城区***"),
        ("新疆维吾尔自治区阿克苏地区库车市东街", "新疆维吾尔自治区阿克苏地区库车市***"),
        (
            "云南省临沧市双江拉祜族佤族布朗族傣族自治县勐勐镇",
            "云南省临沧市双江拉祜族佤族布朗族傣族自治县***",
        ),
        ("内蒙古自治区锡林郭勒盟正蓝旗上都镇", "内蒙古自治区锡林郭勒盟正蓝旗***"),
        ("黑龙江省哈尔滨市道外区靖宇街", "黑龙江省哈尔滨市道外区***"),
        ("河南省新乡市新乡县七里营镇", "河南省新乡市新乡县***"),
        ("浙江省桐乡市梧桐街道振兴小区", "浙江省桐乡市***"),
        ("广东省东莞市长安镇东门小区5栋", "广东省东莞市***"),
        ("石家庄市幸福里社区2号楼", "石家庄市***"),
        ("云溪县测试村市场路1号", "云溪县***"),
        ("浙江省 杭州市 西湖区", "浙江省杭州市西湖区"),
        ("青山镇石桥村3组", "***"),
        ("3号楼西湖区", "***"),
        ("", ""),
    ],
)
def test_mask_address(address, shown):
    assert masking.mask_address(address) == shown


@given(st.text(max_size=60))
def test_mask_address_shows_a_beginning_without_digits(address):
    shown = masking.mask_address(address).removesuffix("***")
    assert "".join(address.split()).startswith(shown)
    assert not any(character.isdecimal() for character in shown)
