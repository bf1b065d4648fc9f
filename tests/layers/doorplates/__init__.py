"""Tests of what is done with doorplates."""
