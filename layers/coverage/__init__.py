"""Targets of the bureau, computed from the layers as of a day, explained and reported."""
