"""Addresses as people write them, read into the components of GB/T 35639-2017. Knows no database."""

from layers.addresses.address import COMPONENTS, WITHIN, Address
from layers.addresses.gazetteer import Division, Gazetteer
from layers.addresses.parsing import parse

__all__ = ["COMPONENTS", "WITHIN", "Address", "Division", "Gazetteer", "parse"]
