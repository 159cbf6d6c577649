"""The page on which training begins."""

from tests.access.cast import CLINICAL, OVERSEERS, TRAINERS
from tests.access.tables import page

ROWS = [page("training:home", "get", {200: CLINICAL | OVERSEERS | TRAINERS}, 403)]
