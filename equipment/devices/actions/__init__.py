"""The only writers of devices, their types, files and stock-takes."""

from .devices import change, give, move, note_condition, put_back, register, retire
from .files import attach, remove_file
from .import_types import import_types, plan_types
from .imports import import_devices, plan_devices
from .starter import load_starter_types
from .stocktakes import begin, close, scan, take_back
from .types import drop_technique, need_technique, save_type

__all__ = [
    "attach",
    "begin",
    "change",
    "close",
    "drop_technique",
    "give",
    "import_devices",
    "import_types",
    "load_starter_types",
    "move",
    "need_technique",
    "note_condition",
    "plan_devices",
    "plan_types",
    "put_back",
    "register",
    "remove_file",
    "retire",
    "save_type",
    "scan",
    "take_back",
]
