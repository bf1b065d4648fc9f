"""Tests of layers/imports/reading."""
