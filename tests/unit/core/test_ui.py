"""Icons, blocks, tables and the sentences of scripts."""

import json
import re
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from alliance.core.templatetags import masks, ui


def render(source, **context):
    return Template("{% load ui masks %}" + source).render(Context(context))


def test_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in ui.icon("clock")
    assert 'role="img" aria-label="locked"' in ui.icon("lock", label="locked")


def test_icon_escapes_its_label():
    assert "<b>" not in ui.icon("lock", label="<b>")


def test_card_shows_the_page_context_inside():
    html = render(
        "{% card title='On the way' count=0 more_url='/all/' more_label='All' %}{{ x }}{% endcard %}",
        x="inside",
    )
    assert '<h2 class="h2">On the way</h2>' in html
    assert '<span class="count">0</span>' in html
    assert 'href="/all/"' in html
    assert "inside" in html


def test_flush_card_has_no_padding():
    assert "card-body" not in render("{% card flush=True %}rows{% endcard %}")


def test_dialog_keeps_the_token_of_its_form():
    html = render("{% dialog label='No' %}{{ csrf_token }}{% enddialog %}", csrf_token="t0ken")
    assert "t0ken" in html
    assert "<summary" in html


def test_table_tells_each_cell_its_column():
    html = render(
        "{% table headers rows caption='Beds' %}",
        headers=["House", {"label": "Beds", "num": True}],
        rows=[[{"text": "County", "url": "/c/"}, 620]],
    )
    assert '<td data-label="House"><a href="/c/">County</a></td>' in html
    assert '<td data-label="Beds" class="num">620</td>' in html


def test_table_without_rows_says_so():
    assert "No members" in render(
        "{% table headers rows empty='No members' %}", headers=["A"], rows=[]
    )


def test_table_refuses_a_row_of_another_length():
    with pytest.raises(ValueError, match="zip"):
        ui.table(["A"], [["1", "2"]])


def test_bars_share_the_width_of_the_longest():
    opening = {"text": 3, "value": 3, "url": "/came/"}
    [long, short, none] = ui.bars(
        ["House", "Came", "Went"], [["A", opening, 1], ["B", 0, 2], ["C", 0, 0]], "Flow"
    )["rows"]
    assert [(part["start"], part["share"]) for part in long["parts"]] == [
        ("0.00", "75.00"),
        ("75.00", "25.00"),
    ]
    assert short["parts"][1]["share"] == "50.00"
    assert none["parts"][0]["share"] == "0.00"
    assert long["parts"][0]["url"] == "/came/"
    assert ui.bars(["House", "Came"], [["A", 0]], "Flow")["rows"][0]["parts"][0]["share"] == "0.00"


def test_qr_holds_no_text_of_its_own():
    html = ui.qr("SZ-<1>", "SZ-1")
    assert "<svg" in html
    assert "SZ-<1>" not in html


def test_get_item():
    assert ui.get_item({"search": "lwy"}, "search") == "lwy"
    assert ui.get_item({}, "search") == ""
    assert ui.get_item(None, "search") == ""


def test_chart_option_cannot_end_its_script():
    assert "</script><b>" not in ui.chart_option({"x": "</script><b>"}, "flow")


def test_script_strings_are_complete_json():
    block = ui.ui_strings()
    strings = json.loads(re.search(r">(\{.*\})<", block)[1])
    assert strings["left"] == "%(time)s left"
    assert all(strings.values())


def test_script_strings_keep_their_places_in_every_language():
    english = ui._script_strings() | ui._typed_strings()
    with translation.override("zh-hans"):
        chinese = ui._script_strings() | ui._typed_strings()
    places = re.compile(r"%\(\w+\)[sd]")
    for key, text in english.items():
        assert sorted(places.findall(text)) == sorted(places.findall(chinese[key])), key


def test_money_is_grouped():
    assert render("{{ sum|money }}", sum=Decimal("34910")) == "34,910.00"


def test_masks_are_filters():
    assert render("{{ name|mask_name }}", name="王桂兰") == "王*兰"
    assert {"mask_name", "mask_id_number", "mask_phone"} <= set(masks.register.filters)
