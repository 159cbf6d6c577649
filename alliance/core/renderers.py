"""Forms render through templates/django/forms, so every field is the field component."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Uses templates/django/forms/field.html for `as_field_group`."""

    field_template_name = "django/forms/field.html"
