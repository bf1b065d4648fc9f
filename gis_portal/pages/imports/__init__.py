"""The pages of an import: a file sent, how it is read, what its columns are, what the check found, imported, undone."""
