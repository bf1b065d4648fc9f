"""Tests of doorplates beyond their register."""
