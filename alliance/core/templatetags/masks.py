"""`alliance.core.masking` for templates: {% load masks %}{{ patient.name|mask_name }}."""

from django import template

from alliance.core import masking

register = template.Library()

for function in (
    masking.mask_name,
    masking.mask_id_number,
    masking.mask_phone,
    masking.mask_record_number,
    masking.mask_email,
    masking.mask_birth_date,
    masking.mask_address,
):
    register.filter(function.__name__, function)
