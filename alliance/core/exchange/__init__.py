"""Tables of rows that come in from Excel and go out to it, all or nothing.

The engine knows files, columns, dry runs and jobs; each room declares its tables in `tables.py`
and does the reading and writing of its rows in one bulk action (`plan.py`, `write.py`), or row by
row through the action of their page where that owes and tells something (`acting.py`).
"""
