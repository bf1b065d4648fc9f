"""Accounts of the bureau and the tokens of their programs."""
