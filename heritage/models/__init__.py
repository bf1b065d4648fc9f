"""The heritage's tables, one module a subject."""

from heritage.models.places import HeritageList, Listing, Place

__all__ = ["HeritageList", "Listing", "Place"]
