"""Programmes, enrolments and how far everybody is."""
