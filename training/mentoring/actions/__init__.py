"""The only writers of mentorships and postings."""
