"""Who may open what: the cast, the things they try to open, and the tables of expected answers."""
