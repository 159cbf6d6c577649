"""What the pages of institutions show, put into words and rows."""
