"""The only writers of the base configuration."""

from .editions import discard as discard
from .editions import draft as draft
from .editions import publish as publish
from .importing import import_items as import_items
from .importing import plan_items as plan_items
from .items import remove_item as remove_item
from .items import set_item as set_item
