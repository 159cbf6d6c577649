"""Limits are told in words that people use."""

import pytest
from django import forms
from django.utils import translation


class Limited(forms.Form):
    note = forms.CharField(max_length=3, required=False)
    count = forms.IntegerField(min_value=1, max_value=9, required=False)
    price = forms.DecimalField(max_digits=4, decimal_places=2, required=False)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("note", "一二三四", "最多 3 个字，现在有 4 个字。"),
        ("count", "0", "不能小于 1。"),
        ("count", "10", "不能大于 9。"),
        ("price", "123", "小数点前最多 2 位。"),
        ("price", "1.234", "小数点后最多 2 位。"),
        ("price", "12.345", "一共最多 4 位数字。"),
    ],
)
def test_a_limit_is_told_plainly(field, typed, told):
    with translation.override("zh-hans"):
        assert told in Limited({field: typed}).errors[field]
