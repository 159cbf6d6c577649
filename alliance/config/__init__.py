"""Plumbing. Importing the settings loads the Celery app, so tasks are always bound."""

from .celery import app as celery_app

__all__ = ["celery_app"]
