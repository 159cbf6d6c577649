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
from .grades import import_grades, plan_grades
from .import_requirements import import_requirements, plan_requirements
from .imports import import_diseases, import_techniques, plan_diseases, plan_techniques
from .requirements import remove_requirement, set_requirement
from .starter import StarterLoaded, load_starter

__all__ = [
    "StarterLoaded",
    "discard_draft",
    "draft_edition",
    "import_diseases",
    "import_grades",
    "import_requirements",
    "import_techniques",
    "load_starter",
    "plan_diseases",
    "plan_grades",
    "plan_requirements",
    "plan_techniques",
    "publish",
    "remove_entry",
    "remove_requirement",
    "rename_draft",
    "save_disease",
    "save_technique",
    "set_entry",
    "set_requirement",
]
