"""Uploaded files: kinds by content, whole files only, no document that acts."""

import hashlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core import uploads
from alliance.core.uploads import CheckedFile, Kind, Refusal

LIMIT = 1024 * 1024


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + png_chunk(b"IDAT", zlib.compress(b"\0\0"))
    + png_chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + b"\0" * 40 + b"\xff\xd9"
EXIF = b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + b"\0" * 40 + b"\xff\xd9"
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 40
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40


def pdf(*objects):
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, text) for n, text in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def object_stream(inside, entries=b"/Filter /FlateDecode", packed=True):
    data = zlib.compress(inside) if packed else inside
    head = b"<< /Type /ObjStm /N 1 /First 4 %s /Length %d >>" % (entries, len(data))
    return head + b"\nstream\r\n" + data + b"\nendstream"


PDF = pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")


def check(content, name="报告.pdf", limit=LIMIT):
    return uploads.check(io.BytesIO(content), name, max_bytes=limit)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, Kind.PDF), (JPEG, Kind.JPEG), (EXIF, Kind.JPEG), (PNG, Kind.PNG)],
)
def test_accepted_kinds_by_content(content, kind):
    found = check(content, "伤口 照片.exe")
    assert isinstance(found, CheckedFile)
    assert found.kind is kind
    assert found.name == f"伤口 照片{kind.suffix}"
    assert found.content_type == kind.content_type
    assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert found.content == content
    assert "content" not in repr(found)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "upload_empty", id="empty"),
        pytest.param(b"hello", "upload_type", id="text"),
        pytest.param(WEBP, "upload_type", id="webp"),
        pytest.param(HEIC, "upload_type", id="heic"),
        pytest.param(b"<html><script>alert(1)</script>", "upload_type", id="html"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload_type", id="svg"),
        pytest.param(b"MZ" + b"\0" * 100, "upload_type", id="program"),
        pytest.param(b"PK\3\4" + b"\0" * 40, "upload_type", id="archive"),
        pytest.param(b"GIF89a" + PDF, "upload_type", id="two kinds at once"),
        pytest.param(b"\n" + PDF, "upload_type", id="rubbish in front"),
        pytest.param(PDF[:-8], "upload_damaged", id="pdf cut off"),
        pytest.param(PNG[:-10], "upload_damaged", id="png cut off"),
        pytest.param(JPEG[:-2], "upload_damaged", id="jpeg cut off"),
    ],
)
def test_refused_by_content(content, code):
    assert check(content) == Refusal(code)


def test_the_limit_is_the_last_size_accepted():
    assert isinstance(check(PDF, limit=len(PDF)), CheckedFile)
    refused = check(PDF, limit=len(PDF) - 1)
    assert refused.code == "upload_too_large"


def test_too_large_names_the_limit():
    refused = check(PNG + b"\0" * 2 * LIMIT, limit=LIMIT + LIMIT // 2)
    assert "1.5 MB" in refused.message


def test_no_more_is_read_than_needed():
    class Endless:
        def read(self, size=-1, /):
            assert 0 < size <= 11
            return b"x" * size

    assert uploads.check(Endless(), "x", max_bytes=10).code == "upload_too_large"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), id="script"),
        pytest.param(pdf(b"<< /S /J#61vaScript >>"), id="script, escaped"),
        pytest.param(pdf(b"<</S/Launch/F(cmd.exe)>>"), id="program"),
        pytest.param(pdf(b"<< /Names << /EmbeddedFiles 2 0 R >> >>"), id="files inside"),
        pytest.param(pdf(b"<< /Type /EmbeddedFile >>"), id="file inside"),
        pytest.param(pdf(b"<< /AcroForm << /XFA 2 0 R >> >>"), id="dynamic form"),
        pytest.param(pdf(b"<< /Subtype /RichMedia >>"), id="player"),
        pytest.param(pdf(object_stream(b"1 0 << /S /JavaScript >>")), id="script, compressed"),
        pytest.param(pdf(object_stream(b"1 0 << /S /L#61unch >>")), id="program, both"),
        pytest.param(
            pdf(object_stream(b"1 0 <</S/JavaScript>>").replace(b"/ObjStm", b"/Obj#53tm")),
            id="script, compressed, stream escaped",
        ),
    ],
)
def test_a_pdf_that_acts_is_refused(document):
    assert check(document) == Refusal("upload_pdf_active")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(pdf(object_stream(b"1 0 << /Type /Catalog >>")), id="compressed objects"),
        pytest.param(
            pdf(object_stream(b"1 0 << /Type /Catalog >>", entries=b"", packed=False)),
            id="objects in a plain stream",
        ),
        pytest.param(pdf(b"<< /JavaScriptFree true /Launcher 1 >>"), id="longer names"),
        pytest.param(pdf(b"<< /OpenAction [ 2 0 R /Fit ] >>"), id="opens at a page"),
        pytest.param(pdf(b"<< /Length 9 >>\nstream\nnot zlib!\nendstream"), id="other streams"),
    ],
)
def test_a_quiet_pdf_is_accepted(document):
    assert isinstance(check(document), CheckedFile)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(pdf(b"<< /Encrypt 5 0 R >>"), "upload_pdf_protected", id="password"),
        pytest.param(
            pdf(object_stream(b"not packed", packed=False)), "upload_damaged", id="not inflatable"
        ),
        pytest.param(
            pdf(object_stream(b"x", entries=b"/Filter /LZWDecode")),
            "upload_damaged",
            id="a filter of the nineties",
        ),
        pytest.param(
            pdf(object_stream(b"x", entries=b"/Filter /FlateDecode /DecodeParms << >>")),
            "upload_damaged",
            id="predictor",
        ),
    ],
)
def test_a_pdf_that_cannot_be_looked_into_is_refused(document, code):
    assert check(document) == Refusal(code)


def test_a_pdf_that_inflates_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "_INFLATED_AT_MOST", 1000)
    once, twice = object_stream(b"a" * 600), object_stream(b"b" * 600)
    assert isinstance(check(pdf(once)), CheckedFile)
    assert check(pdf(once, twice)) == Refusal("upload_damaged")
    assert check(pdf(object_stream(b"a" * 100_000))) == Refusal("upload_damaged")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("心电图.pdf", "心电图.pdf"),
        ("报告.pdf.exe", "报告.pdf.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\li\\CT 片.pdf", "CT 片.pdf"),
        ('a<b>:"c|d?e*.pdf', "a_b___c_d_e_.pdf"),
        ("x\u202efdp.exe", "xfdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("  .  .pdf", "attachment.pdf"),
        ("...", "attachment.pdf"),
        ("", "attachment.pdf"),
        ("名" * 200 + ".pdf", "名" * 66 + ".pdf"),
        ("n" * 300 + ".pdf", "n" * 110 + ".pdf"),
    ],
)
def test_safe_name(name, safe):
    assert uploads.safe_name(name, Kind.PDF) == safe


@given(st.text(max_size=300))
def test_safe_name_is_always_a_name(name):
    safe = uploads.safe_name(name, Kind.JPEG)
    assert safe.endswith(".jpg")
    assert len(safe) > len(".jpg")
    assert len(safe.encode()) <= 204
    assert not set(safe) & set('<>:"|?*/\\\0\r\n')
    assert uploads.safe_name(safe, Kind.JPEG) == safe


@given(st.binary(max_size=400))
def test_nothing_makes_the_check_fall_over(content):
    assert isinstance(check(content), CheckedFile | Refusal)
    assert isinstance(check(b"%PDF-1.7\n" + content + b"%%EOF"), CheckedFile | Refusal)


def test_every_refusal_has_a_sentence():
    for code in uploads.MESSAGES:
        assert Refusal(code, {"megabytes": "10"}).message.endswith(".")
