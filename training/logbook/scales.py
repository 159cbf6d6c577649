"""The rating scales the platform starts with; an alliance may add its own."""

from typing import Any, Final

SCALES: Final[list[dict[str, Any]]] = [
    {
        "code": "OSATS",
        "edition": 1,
        "name": "OSATS 总体评分",
        "lowest": 1,
        "highest": 5,
        "source": "Martin et al., Br J Surg 1997;84:273",
        "items": [
            {"code": "tissue", "name": "组织保护"},
            {"code": "motion", "name": "时间与动作"},
            {"code": "handling", "name": "器械操作"},
            {"code": "instruments", "name": "器械知识"},
            {"code": "assistants", "name": "助手配合"},
            {"code": "flow", "name": "流程与预判"},
            {"code": "procedure", "name": "术式知识"},
        ],
        "marks": {"1": "差", "3": "合格", "5": "优秀"},
    },
    {
        "code": "GAS",
        "edition": 1,
        "name": "GAS 独立程度评分",
        "lowest": 1,
        "highest": 6,
        "source": "LapCo Global Assessment Score; Miskovic et al., Surg Endosc 2011;25:1136",
        "items": [
            {"code": "setup", "name": "准备与体位"},
            {"code": "exposure", "name": "入路与显露"},
            {"code": "dissection", "name": "分离"},
            {"code": "resection", "name": "切除与重建"},
            {"code": "closure", "name": "检查与关闭"},
        ],
        "marks": {
            "1": "由带教完成",
            "2": "部分由带教完成",
            "3": "需较多口头指导",
            "4": "需少量口头指导",
            "5": "独立安全完成",
            "6": "熟练",
        },
    },
]
