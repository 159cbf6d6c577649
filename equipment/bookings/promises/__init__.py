"""What a booking goes on answering for when its time is shifted again and again."""
