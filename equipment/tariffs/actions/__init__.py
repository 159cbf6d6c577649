"""The only writers of prices."""

from .importing import import_prices as import_prices
from .importing import plan_prices as plan_prices
from .prices import end_price as end_price
from .prices import set_price as set_price
