"""What each tier must have, and what is missing."""
