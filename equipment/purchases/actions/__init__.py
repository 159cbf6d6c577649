"""The only writers of purchases."""

from .applying import attach as attach
from .applying import correct as correct
from .applying import remove_file as remove_file
from .applying import start as start
from .moving import correct_and_submit as correct_and_submit
from .moving import move as move
