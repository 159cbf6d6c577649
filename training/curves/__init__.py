"""Learning curves: when somebody has learnt a technique, and when it slips again."""
