"""Lines of the ledger in words."""

import pytest

from alliance.core import acts


def test_details_say_codes_fields_and_changes_in_words():
    data = {
        "role": "doctor",
        "fields": ["name", "beds", "no_such_field"],
        "changed": {"beds": [10, None]},
        "is_open": True,
        "reason": "",
        "scopes": "patients notices",
    }
    said = dict(acts.details("institutions.Institution", data))
    assert said["Role"] == "Doctor"
    assert said["Fields"] == "institution name, beds, no_such_field"
    assert said["Changed"] == "beds 10 → —"
    assert said["Open"] == "Yes"
    assert said["Scopes"] == "Create and read patients, Read notices"
    assert "Reason" not in said


def test_what_nobody_names_any_more_shows_as_it_stands():
    assert acts.act_label("ward.closed") == "ward.closed"
    assert acts.kind_label("wards.Ward") == "wards.Ward"
    assert acts.details("wards.Ward", {"fields": ["x"], "y": {"z": 1}}) == [
        ("Fields", "x"),
        ("y", "z 1"),
    ]


def test_an_act_has_one_name():
    with pytest.raises(ValueError, match="named twice"):
        acts.define({"login": "again"})
