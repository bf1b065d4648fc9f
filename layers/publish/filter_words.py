"""TEMPORARY."""


def explain(e):
    return str(e)
