"""What the pages of exams share."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from ..models import ExamResult, StationResult


def form_page(
    request: HttpRequest, form: Any, context: dict[str, Any], template: str = "exams/form.html"
) -> HttpResponse:
    """A page with one form; 422 when it came back with errors."""
    context = {**context, "form": form}
    return TemplateResponse(request, template, context, status=422 if form.errors else 200)


def file_of(result: ExamResult | StationResult) -> FileResponse:
    """The evidence of a result as itself and nothing else: never sniffed, run or framed."""
    response = FileResponse(
        result.evidence.open("rb"), as_attachment=True, filename=result.evidence_name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
