"""Pages of mentoring."""
