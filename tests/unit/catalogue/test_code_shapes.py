"""Shapes of national codes, and which of them may be a main diagnosis."""

import pytest

from alliance.catalogue.code_shapes import (
    disease_code_errors,
    may_be_main,
    technique_code_errors,
)


@pytest.mark.parametrize(
    ("code", "main"),
    [
        ("A00", True),
        ("A00.000x001", True),
        ("I10.x00", True),
        ("M80.000", True),
        ("A17.000+G01*", True),
        ("A17.000+", True),
        ("G01*", False),
        ("M80000/3", False),
        ("M8000/0", False),
        ("M800", False),
        ("M801-M804", False),
    ],
)
def test_disease_codes(code, main):
    assert disease_code_errors(code) == {}
    assert may_be_main(code) is main


@pytest.mark.parametrize(
    "code", ["", "A0", "a00", "A00.", "A00.00", "A00 ", "K35.8\n", "M80000/", "47.01"]
)
def test_what_is_no_disease_code(code):
    assert set(disease_code_errors(code)) == {"code"}


@pytest.mark.parametrize("code", ["00.0", "47.01", "47.0100", "47.0100x001", "43.7x03", "99.99x01"])
def test_technique_codes(code):
    assert technique_code_errors(code) == {}


@pytest.mark.parametrize("code", ["", "47", "47.", "4.70", "K35.8", "47.01\n"])
def test_what_is_no_technique_code(code):
    assert set(technique_code_errors(code)) == {"code"}
