"""Every number of policy says what it is, in which unit, and who says so."""

import re

from django.utils.translation import override

from alliance.core import compliance, policy
from tests.architecture import source

DEFINITIONS = sorted(policy.definitions().values(), key=lambda definition: definition.key)
USED = re.compile(r"\"([a-z]+(?:\.[a-z_]+)+)\"")


def test_a_setting_names_itself_its_group_and_its_source():
    for definition in DEFINITIONS:
        with override("en"):
            assert str(definition.label).strip(), definition.key
            assert str(definition.group).strip(), definition.key
        assert len(definition.source.strip()) >= 5, definition.key
        assert re.fullmatch(r"[a-z]+(\.[a-z_]+)+", definition.key)
        assert definition.clean(definition.default) == definition.default, definition.key
        assert definition.minimum <= definition.maximum, definition.key


def test_labels_of_a_group_are_told_apart():
    with override("en"):
        labels = [(str(one.group), str(one.label)) for one in DEFINITIONS]
    twice = {label for label in labels if labels.count(label) > 1}
    assert twice == set()


def test_every_setting_is_asked_for_somewhere():
    """A number that nobody reads is no policy. Keys with a variable part are read by prefix."""
    code = "".join(m.text for m in source.apps() if m.parts[-1] != "defaults")
    for definition in DEFINITIONS:
        prefix, name = definition.key.rsplit(".", 1)
        heads = [definition.key, f"{prefix}.", f"{prefix.rsplit('.', 1)[0]}.{{"]
        if prefix.removeprefix("check.") in compliance.checks():
            heads = [f'.settings["{name}"]', f'one.key("{name}")']
        assert any(head in code for head in heads), definition.key
