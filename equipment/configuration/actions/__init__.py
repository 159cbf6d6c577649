"""The only writers of the base configuration."""

from .editions import discard as discard
from .editions import draft as draft
from .editions import publish as publish
from .items import remove_item as remove_item
from .items import set_item as set_item
