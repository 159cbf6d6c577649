"""What pages say about mentorships and postings."""
