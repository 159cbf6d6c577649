"""Mentorships, guidance, dispatch and rotation."""
