"""QR codes: valid SVG, nothing a strict content security policy would refuse."""

from xml.etree import ElementTree

import pytest

from alliance.core import qr


def test_svg_is_well_formed_and_scales():
    root = ElementTree.fromstring(qr.svg("https://example.org/r/1/", title="转诊单 1"))  # noqa: S314 - our own output
    assert root.tag == "svg"
    assert root.attrib["role"] == "img"
    assert root.attrib["class"] == "qr"
    assert "viewBox" in root.attrib
    assert "width" not in root.attrib
    assert root.findtext("title") == "转诊单 1"


def test_svg_has_no_style_and_no_script():
    picture = qr.svg("x" * 100, title="t", css_class="qr qr-print")
    assert 'class="qr qr-print"' in picture
    for word in ("style", "script", "onload", "http"):
        assert word not in picture


def test_title_is_escaped():
    assert "<script>" not in qr.svg("x", title="<script>alert(1)</script>")


def test_the_same_text_gives_the_same_picture():
    assert qr.svg("x", title="t") == qr.svg("x", title="t")
    assert qr.svg("x", title="t") != qr.svg("y", title="t")


@pytest.mark.parametrize("text", ["", "x" * 2400])
def test_what_cannot_be_coded_is_an_error(text):
    with pytest.raises(ValueError, match=r"."):
        qr.svg(text, title="t")
