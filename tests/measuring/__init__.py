"""What tests reach of our code, line by line and branch by branch, at next to no cost.

Python 3.11 tells a tracer of every line, Django's too: a third of the time of tests. Here our own
modules are compiled with marks between their statements instead (`marks`), every process of tests
notes which marks it passed (`plugin`), and coverage.py reports on them together (`report`).
"""
