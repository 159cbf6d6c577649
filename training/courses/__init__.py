"""Courses, sessions, education hours, contests."""
