"""Siting: where the next facilities should go, with a proof of how good the plan is, and why each site is in it."""
