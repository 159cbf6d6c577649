"""One module an environment: local, demo, test, production; all start from base."""
