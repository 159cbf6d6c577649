"""The only writers of code tables and catalogue editions."""

from .codes import save_disease, save_technique
from .editions import (
    discard_draft,
    draft_edition,
    publish,
    remove_entry,
    rename_draft,
    set_entry,
)
from .imports import import_diseases, import_techniques, plan_diseases, plan_techniques
from .starter import StarterLoaded, load_starter

__all__ = [
    "StarterLoaded",
    "discard_draft",
    "draft_edition",
    "import_diseases",
    "import_techniques",
    "load_starter",
    "plan_diseases",
    "plan_techniques",
    "publish",
    "remove_entry",
    "rename_draft",
    "save_disease",
    "save_technique",
    "set_entry",
]
