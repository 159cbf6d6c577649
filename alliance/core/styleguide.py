"""Every component in every state on one page: for screenshots, for axe, for people who build pages.

Served only in demo mode and while developing; included as a URL configuration of its own. The
samples are invented.
"""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

TECHNIQUES = [
    ("47.01", "腹腔镜阑尾切除术", "进阶级", "fqjlwqcs"),
    ("86.22", "清创缝合术", "基础级", "qcfhs"),
    ("43.71", "腹腔镜胃癌根治术", "复杂级", "fqjwags"),
    ("81.92", "关节腔灌洗术", "基础级", "gjqgxs"),
]
STATES = [
    ("draft", "草稿"),
    ("origin_review", "院内审核"),
    ("pending", "待接收"),
    ("info_requested", "待补充"),
    ("returned", "退回修改"),
    ("accepted", "已接收"),
    ("reserved", "已预约"),
    ("in_transit", "转运中"),
    ("no_show", "未到诊"),
    ("arrived", "已到诊"),
    ("in_care", "接诊中"),
    ("care_done", "诊毕/出院"),
    ("back_referred", "已下转"),
    ("closed", "闭环"),
    ("rejected", "拒绝"),
    ("redirected", "改派"),
    ("cancelled", "撤销"),
    ("lapsed", "失效"),
    ("deceased", "死亡"),
    ("entered_in_error", "作废"),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="姓名", help_text="与身份证一致")
    id_number = forms.CharField(label="证件号码")
    born = forms.DateField(
        label="出生日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    urgency = forms.ChoiceField(
        label="紧急程度",
        widget=forms.RadioSelect,
        choices=[("emergency", "急诊"), ("urgent", "紧急"), ("routine", "常规")],
    )
    signs = forms.MultipleChoiceField(
        label="转诊指征",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("beyond", "超出本院技术等级"), ("worse", "病情加重"), ("no_device", "缺少设备")],
    )
    technique = forms.ChoiceField(
        label="所需技术",
        choices=[("", ""), *[(code, name) for code, name, *_ in TECHNIQUES]],
        widget=forms.Select(
            attrs={"data-combobox": "", "data-placeholder": "名称、拼音首字母或编码"}
        ),
    )
    diagnoses = forms.MultipleChoiceField(
        label="诊断",
        required=False,
        choices=[("K35.8", "急性阑尾炎")],
        widget=forms.SelectMultiple(
            attrs={"data-combobox": "search/", "data-combobox-value": "code"}
        ),
    )
    direction = forms.ChoiceField(label="方向", choices=[("up", "上转"), ("down", "下转")])
    history = forms.CharField(label="现病史", widget=forms.Textarea)
    photo = forms.FileField(label="附件", required=False)
    consent = forms.BooleanField(label="患者已知情同意", help_text="书面同意书另存")


class FilterForm(forms.Form):
    """What a list filters by."""

    search = forms.CharField(required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATES[:4]])
    since = forms.DateField(
        label="起始日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def _may_be_seen() -> None:
    if not (settings.DEBUG or settings.DEMO_MODE):
        raise Http404


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The whole book."""
    _may_be_seen()
    return render(request, "styleguide.html", samples(timezone.now()))


@login_not_required
@require_safe
def search(request: HttpRequest) -> JsonResponse:
    """What a combobox asks: the sample techniques by name, code or pinyin."""
    _may_be_seen()
    wanted = request.GET.get("search", "").lower()
    rows = [
        {"code": code, "name": name, "hint": grade}
        for code, name, grade, pinyin in TECHNIQUES
        if wanted in f"{code} {name} {pinyin}"
    ]
    return JsonResponse({"results": rows})


@login_not_required
@require_POST
def autosave(request: HttpRequest) -> JsonResponse:
    """What a draft answers to autosave; nothing is kept."""
    _may_be_seen()
    seen = request.POST.get("version", "")
    version = int(seen) + 1 if seen.isdecimal() else 1
    return JsonResponse({"version": version, "saved_at": timezone.now()})


def samples(now: datetime) -> dict[str, Any]:
    """Context of the page; all moments relative to `now`."""
    broken = SampleForm(
        data={"name": "", "id_number": "5301", "urgency": "urgent"}, auto_id="id_broken_%s"
    )
    broken.add_error("id_number", "证件号码应为 18 位, 现为 4 位; 请核对后重填")
    return {
        "now": now,
        "today": timezone.localdate(now),
        "states": STATES,
        "tones": ["neutral", "info", "active", "good", "warn", "bad"],
        "form": SampleForm(initial={"urgency": "urgent", "diagnoses": ["K35.8"]}),
        "broken": broken,
        "filter_form": FilterForm(data={"search": "lwy"}),
        **_moments(now),
        **_lists(now),
        **_charts(),
    }


def _moments(now: datetime) -> dict[str, datetime]:
    return {
        "in_two_days": now + timedelta(days=2, hours=3, minutes=1),
        "in_72_minutes": now + timedelta(minutes=72, seconds=30),
        "in_two_minutes": now + timedelta(minutes=2, seconds=31),
        "four_minutes_ago": now - timedelta(minutes=4, seconds=10),
        "yesterday": now - timedelta(days=1, minutes=5),
        "last_year": now - timedelta(days=400),
    }


def _lists(now: datetime) -> dict[str, Any]:
    return {
        "chips": [{"label": "状态", "value": "待接收", "url": "#"}],
        "views": [
            {"label": "待我处理", "url": "#", "active": True},
            {"label": "本周上转", "url": "#", "active": False},
        ],
        "facts": [
            {"label": "诊断", "value": "左前臂开放性外伤 S51.9"},
            {"label": "所需技术", "value": "清创缝合术"},
            {"label": "转诊指征", "value": "肌腱可疑损伤, 本院无显微器械"},
            {"label": "过敏史", "value": ""},
            {
                "label": "现病史",
                "value": "2 小时前机器绞伤, 已加压包扎、破伤风已注射。",
                "wide": True,
            },
        ],
        "reasons_yes": ["骨伤科已准入该技术", "周医生今日在班 (授权至 2027-06)", "余床 2"],
        "reasons_no": ["无在有效期内授权的医师", "手术显微镜停用至 11月24日"],
        "alternatives": [
            {"title": "县中医院", "reason": "今日余床 2", "url": "#", "label": "改转县中医院"},
            {"title": "市第一医院", "reason": "绿色通道", "url": "#", "label": "改转市第一医院"},
        ],
        "events": _events(now),
        **_parts(),
    }


def _parts() -> dict[str, Any]:
    return {
        "steps": [
            {"label": "理论", "state": "done"},
            {"label": "动物实验", "state": "done"},
            {"label": "带教手术", "state": "now"},
            {"label": "考核", "state": "later"},
        ],
        "tabs": [
            {"label": "成员单位", "url": "#", "active": True, "badge": 17},
            {"label": "转诊关系", "url": "#", "active": False},
            {"label": "技术目录", "url": "#", "active": False},
            {"label": "规则设置", "url": "#", "active": False},
        ],
        **_tables(),
    }


def _tables() -> dict[str, Any]:
    return {
        "menu_items": [{"label": "打印转诊单", "url": "#", "icon": "printer"}],
        "files": [
            {
                "name": "X线正侧位.pdf",
                "url": "#",
                "size": 482_000,
                "kind": "file",
                "recognised": True,
            },
            {
                "name": "伤口照片.jpg",
                "url": "#",
                "size": 1_240_000,
                "kind": "image",
                "remove_url": "#",
            },
        ],
        "headers": [
            {"label": "机构", "url": "#", "order": "ascending"},
            "层级",
            {"label": "床位", "num": True},
        ],
        "rows": [
            [{"text": "云溪县人民医院", "url": "#"}, "县级医院", {"text": 620}],
            ["青山镇卫生院", "乡镇卫生院", {"text": 45}],
        ],
    }


def _events(now: datetime) -> list[dict[str, Any]]:
    return [
        {"at": now - timedelta(minutes=50), "who": "青山镇卫生院 李医生", "what": "提交"},
        {
            "at": now - timedelta(minutes=20),
            "who": "县人民医院 联络处",
            "what": "要求补充",
            "quote": "有无发热? 近期用药?",
            "tone": "warn",
        },
        {"at": now + timedelta(hours=1), "what": "到期提醒值班主任", "future": True},
    ]


def _charts() -> dict[str, Any]:
    months, counts = ["7月", "8月", "9月", "10月", "11月"], [72, 81, 78, 95, 88]
    return {
        "chart": {
            "grid": {"left": 44, "right": 16, "top": 24, "bottom": 28},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": months},
            "yAxis": {"type": "value"},
            "series": [{"type": "bar", "name": "上转", "data": counts}],
        },
        "chart_headers": ["月份", {"label": "上转", "num": True}],
        "chart_rows": [list(pair) for pair in zip(months, counts, strict=True)],
        "bar_headers": ["机构", "转来", "转去"],
        "bar_rows": [
            ["青山镇中心卫生院", {"text": 41, "value": 41, "url": "#"}, 12],
            ["白沙镇中心卫生院", 18, 7],
        ],
    }


app_name = "styleguide"

urlpatterns = [
    path("", page, name="page"),
    path("search/", search, name="search"),
    path("autosave/", autosave, name="autosave"),
]
