"""The API's document, as programs ask for it."""

import functools
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer


class SchemaView(SpectacularAPIView):
    """The document in YAML or JSON, in a language of ours: `?lang=en`, or the caller's.

    It depends on the code alone and takes seconds to make, so each process keeps it.
    """

    schema = None

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the whole document, as a file of its name."""
        asked = request.GET.get("lang")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        kind: type[BaseRenderer] = type(request.accepted_renderer)
        name = f"{spectacular_settings.TITLE}.{kind.format}"
        headers = {"Content-Disposition": content_disposition_header(False, name) or "inline"}
        made = _made(language, kind.format)
        return HttpResponse(made, content_type=kind.media_type, headers=headers)


@functools.cache
def _made(language: str, form: str) -> bytes:
    generator: Any = SpectacularAPIView.generator_class()
    renderer: Any = next(one for one in SpectacularAPIView.renderer_classes if one.format == form)
    with translation.override(language):
        made: bytes = renderer().render(generator.get_schema(public=True))
    return made
