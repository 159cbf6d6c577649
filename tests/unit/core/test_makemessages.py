import pytest

from alliance.core.management.commands.makemessages import faults

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
WANTED = HEADER + 'msgid "Bed"\nmsgstr ""\n\n#, python-format\nmsgid "%(count)d beds"\nmsgstr ""\n'


@pytest.fixture
def check(tmp_path):
    wanted, catalogue = tmp_path / "django.pot", tmp_path / "django.po"
    wanted.write_text(WANTED)

    def run(*entries):
        catalogue.write_text(HEADER + "\n".join(entries))
        return faults(wanted, catalogue)

    return run


BED = 'msgid "Bed"\nmsgstr "床位"\n'
BEDS = '#, python-format\nmsgid "%(count)d beds"\nmsgstr "%(count)d 张床位"\n'


def test_a_whole_catalogue_has_no_faults(check):
    assert check(BED, BEDS) == []


def test_a_string_that_was_not_collected(check):
    assert check(BED) == ["not collected (./dev messages): '%(count)d beds'"]


def test_a_string_that_nobody_uses(check):
    assert check(BED, BEDS, 'msgid "Cot"\nmsgstr "床"\n') == [
        "not used any more (./dev messages): 'Cot'"
    ]


def test_a_string_without_translation(check):
    assert check(BED.replace("床位", ""), BEDS) == ["not translated: 'Bed'"]


def test_a_translation_nobody_has_confirmed(check):
    assert check("#, fuzzy\n" + BED, BEDS) == ["fuzzy: 'Bed'"]


def test_a_translation_that_lost_a_placeholder(check):
    (first, *_rest) = check(BED, BEDS.replace('"%(count)d 张', '"几张'))
    assert "count" in first


def test_a_singular_without_the_placeholder_of_its_plural(tmp_path):
    catalogue = tmp_path / "django.po"
    plural = 'msgid "This bed"\nmsgid_plural "These %(count)s beds"\nmsgstr[0] "%(count)s 张床"\n'
    catalogue.write_text(HEADER + plural)
    assert faults(catalogue, catalogue) == ["another placeholder in its plural: 'This bed'"]
