"""Tests of layers/imports."""
