"""Imports: a file that somebody sends becomes rows of a layer, checked row by row, whole or not at all, and undone.

reading/ reads the file; columns.py finds what its columns are; coordinates.py and values.py clean texts; staging.py
brings them into the database, where checks.py looks at all rows at once and loading.py writes what changed; places.py
suspects positions; batches.py is what people start.
"""
