"""The page that stands alone when everything else fails."""

import re

from django.conf import settings
from django.test import RequestFactory

from alliance.core.views import server_error


def test_it_names_only_files_that_are_there_and_an_icon():
    """A browser that is told of no icon asks for one that nobody has."""
    page = server_error(RequestFactory().get("/")).content.decode()
    named = re.findall(r'"/static/([^"]+)"', page)
    assert 'rel="icon"' in page
    assert named
    assert all((settings.BASE_DIR / "static" / name).is_file() for name in named)
