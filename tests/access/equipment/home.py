"""The page on which equipment begins."""

from tests.access.cast import CLINICAL, KEEPERS, OVERSEERS, TRAINERS
from tests.access.tables import page

ROWS = [
    page("equipment:home", "get", {200: CLINICAL | OVERSEERS | TRAINERS | KEEPERS}, 403),
]
