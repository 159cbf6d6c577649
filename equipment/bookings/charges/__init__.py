"""What uses of devices cost, and who owes whom."""
