"""The only writers of prices."""

from .prices import end_price as end_price
from .prices import set_price as set_price
