"""The demo alliance: invented people and a believable year. Loaded only in demo mode."""
