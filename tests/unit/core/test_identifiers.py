"""Identity numbers, credit codes and division codes: vectors of the standards, then properties."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core import identifiers as ids

ON = date(2026, 11, 21)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
CREDIT_BODIES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("123456789ANY"),
        st.sampled_from("123459"),
        st.from_regex(r"[0-9]{6}", fullmatch=True),
        st.text(ids.USCC_ALPHABET, min_size=9, max_size=9),
    ),
)


@st.composite
def resident_numbers(draw):
    area = draw(st.integers(110000, 659999))
    born = draw(st.dates(date(1850, 1, 1), ON))
    serial = draw(st.integers(0, 999))
    return ids.resident_id_with_check(f"{area}{born:%Y%m%d}{serial:03d}")


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440524188001010014",
        "110101199003070011",
        "360426199101010071",
        pytest.param("810000199408230021", id="residence permit of a Hong Kong resident"),
    ],
)
def test_resident_id_of_the_standards_is_faultless(number):
    number = ids.resident_id_with_check(number[:-1]) if number.startswith("81") else number
    assert ids.resident_id_fault(number, ON) is None


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        pytest.param("110105491231002", "id_number_old_form", id="old form"),
        pytest.param("1101051949123100", "id_number_length", id="too short"),
        pytest.param("11010519491231002XX", "id_number_length", id="too long"),
        pytest.param("1101051949123100A2", "id_number_characters", id="letter inside"),
        pytest.param("010105194912310021", "id_number_characters", id="leading zero"),
        pytest.param("11010519491231002x", "id_number_characters", id="not normalised"),
        pytest.param(
            "110105194912310020".translate(FULL_WIDTH), "id_number_characters", id="full width"
        ),
        pytest.param("110105194902300021", "id_number_birth_date", id="30 February"),
        pytest.param("110105000000000021", "id_number_birth_date", id="no date"),
        pytest.param("110105202611220021", "id_number_birth_future", id="tomorrow"),
        pytest.param("110105194912310021", "id_number_check", id="check"),
    ],
)
def test_resident_id_fault(number, fault):
    assert ids.resident_id_fault(number, ON) == fault


def test_resident_id_born_today_is_faultless():
    assert ids.resident_id_fault(ids.resident_id_with_check("11010520261121002"), ON) is None


@given(resident_numbers())
def test_resident_id_made_with_check_is_faultless(number):
    assert ids.resident_id_fault(number, ON) is None
    assert ids.id_number_errors("01", number.lower(), ON) == {}


@given(resident_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_resident_id_one_wrong_digit_never_passes(number, place, shift):
    wrong = str((int(number[place]) + shift) % 10)
    assert ids.resident_id_fault(number[:place] + wrong + number[place + 1 :], ON) is not None


@given(resident_numbers(), st.integers(0, 15))
def test_resident_id_swapped_neighbours_never_pass(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or ids.resident_id_fault(swapped, ON) is not None


def test_birth_date_and_sex_of_resident_id():
    assert ids.birth_date_of("11010519491231002X") == date(1949, 12, 31)
    assert ids.sex_of("11010519491231002X") == "female"
    assert ids.sex_of("110101199003070011") == "male"


def test_birth_date_of_a_wrong_number_is_an_error():
    with pytest.raises(ValueError, match="birth date"):
        ids.birth_date_of("110105194902300021")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" 110105 19491231 002x ", "11010519491231002X"),
        ("11010519491231002X".translate(FULL_WIDTH), "11010519491231002X"),
        ("\u200e11010519491231002X\u200b", "11010519491231002X"),
        ("e12345678", "E12345678"),
        ("0123456789（b）", "0123456789(B)"),
    ],
)
def test_normalise_id_number(typed, stored):
    assert ids.normalise_id_number(typed) == stored
    assert ids.normalise_id_number(stored) == stored


@pytest.mark.parametrize(
    ("id_type", "number", "fault"),
    [
        ("01", "11010519491231002X", None),
        ("01", "", "id_number_missing"),
        ("02", "11010519491231002X", None),
        ("02", "110105194912310021", "id_number_check"),
        ("02", "012345678", None),
        ("02", "张三", "id_number_shape"),
        ("03", "E12345678", None),
        ("03", "EA1234567", None),
        ("03", "WANG", "id_number_shape"),
        ("03", "PASSPORT", "id_number_shape"),
        ("04", "军字第2001988号", None),
        ("04", "军官", "id_number_shape"),
        ("05", "11010519491231002X", None),
        ("05", "11010519491231002", None),
        ("05", "110105194902300021", "id_number_birth_date"),
        ("06", "H12345678", None),
        ("06", "M1234567801", None),
        ("06", "A12345678", "id_number_shape"),
        ("07", "12345678", None),
        ("07", "0123456789(B)", None),
        ("07", "0123456789B", None),
        ("07", "1234567", "id_number_shape"),
        ("99", "难民证A-17", None),
        ("99", "A1", "id_number_shape"),
        ("08", "12345678", "id_type_unknown"),
        ("", "12345678", "id_type_unknown"),
    ],
)
def test_id_number_fault(id_type, number, fault):
    assert ids.id_number_fault(id_type, number, ON) == fault


def test_id_number_errors_name_the_field():
    assert ids.id_number_errors("01", "110105491231002", ON).keys() == {"id_number"}
    assert ids.id_number_errors("xx", "1", ON).keys() == {"id_type"}
    assert ids.id_number_errors("03", "e 1234 5678", ON) == {}


@pytest.mark.parametrize(
    ("birth_date", "sex", "fields"),
    [
        (date(1949, 12, 31), "female", set()),
        (date(1949, 12, 30), "female", {"birth_date"}),
        (date(1949, 12, 31), "male", {"sex"}),
        (date(1949, 12, 30), "male", {"birth_date", "sex"}),
        (None, "unknown", set()),
    ],
)
def test_identity_conflicts(birth_date, sex, fields):
    found = ids.identity_conflicts(
        id_type="01", number="11010519491231002x", birth_date=birth_date, sex=sex, on=ON
    )
    assert found.keys() == fields


@pytest.mark.parametrize(("id_type", "number"), [("03", "E12345678"), ("01", "110105194912310021")])
def test_identity_conflicts_only_of_a_faultless_resident_number(id_type, number):
    assert not ids.identity_conflicts(
        id_type=id_type, number=number, birth_date=date(2000, 1, 1), sex="male", on=ON
    )


@pytest.mark.parametrize(
    "code",
    ["91110000600037341L", "12330100MB0X00001H", "52330100000000001D", "12320100000000000A"],
)
def test_uscc_of_the_standards_is_faultless(code):
    assert ids.uscc_fault(code) is None
    assert ids.uscc_with_check(code[:-1]) == code


@pytest.mark.parametrize("head", ["Y1", "N1", "A1"])
def test_uscc_with_a_letter_in_front_is_faultless(head):
    assert ids.uscc_fault(ids.uscc_with_check(f"{head}33010000000000M")) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("9111000060003734", "uscc_length"),
        ("91110000600037341I", "uscc_characters"),
        ("91110000600037341l", "uscc_characters"),
        ("B1110000600037341L", "uscc_head"),
        ("911100A0600037341L", "uscc_head"),
        ("91110000600037341M", "uscc_check"),
    ],
)
def test_uscc_fault(code, fault):
    assert ids.uscc_fault(code) == fault


@given(CREDIT_BODIES)
def test_uscc_made_with_check_is_faultless(body):
    assert ids.uscc_fault(ids.uscc_with_check(body)) is None


@given(CREDIT_BODIES, st.integers(0, 17), st.integers(1, 30))
def test_uscc_one_wrong_character_never_passes(body, place, shift):
    code = ids.uscc_with_check(body)
    wrong = ids.USCC_ALPHABET[(ids.USCC_ALPHABET.index(code[place]) + shift) % 31]
    assert ids.uscc_fault(code[:place] + wrong + code[place + 1 :]) is not None


def test_uscc_errors_name_the_field_and_tidy():
    assert ids.uscc_errors(" 9111 0000 6000 3734 1l ") == {}
    assert ids.uscc_errors("1", field="code").keys() == {"code"}


@pytest.mark.parametrize("code", ["110000", "330100", "441900", "330106001", "330106001004"])
def test_division_code_is_faultless(code):
    assert ids.division_fault(code) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("33010", "division_shape"),
        ("3301060", "division_shape"),
        ("33010a", "division_shape"),
        ("330106".translate(FULL_WIDTH), "division_shape"),
        ("990000", "division_province"),
        ("000000", "division_province"),
    ],
)
def test_division_fault(code, fault):
    assert ids.division_fault(code) == fault


def test_division_errors_name_the_field_and_tidy():
    assert ids.division_errors(f" {'330106'.translate(FULL_WIDTH)} ") == {}
    assert ids.division_errors("99", field="division").keys() == {"division"}


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("330000", "province"),
        ("330100", "city"),
        ("330106", "county"),
        ("330106000", "county"),
        ("330106001", "town"),
        ("330106001000", "town"),
        ("330106001004", "village"),
    ],
)
def test_division_level(code, level):
    assert ids.division_level(code) == level


def test_every_fault_has_a_message():
    for code, message in ids.MESSAGES.items():
        assert str(message).endswith("."), code
