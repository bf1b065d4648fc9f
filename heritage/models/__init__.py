"""The heritage's tables, one module a subject."""

from heritage.models.curation import (
    Changeset,
    ChangesetComment,
    PlaceVersion,
    ReviewedSpelling,
    SavedFilter,
    TouchedPlace,
)
from heritage.models.imports import ImportedRow, NameForm, PlaceImport
from heritage.models.lists import Batch, HeritageList, Listing, Objection, RenamingWarning
from heritage.models.parts import (
    Citation,
    Picture,
    PlaceName,
    PlaceRelation,
    PlaceShape,
    ProtectionMeasure,
)
from heritage.models.places import Place
from heritage.models.sources import Source
from heritage.models.upkeep import NameSign, SignInspection, Ticket
from heritage.models.vocabularies import Term, Vocabulary

__all__ = [
    "Batch",
    "Changeset",
    "ChangesetComment",
    "Citation",
    "HeritageList",
    "ImportedRow",
    "Listing",
    "NameForm",
    "NameSign",
    "Objection",
    "Picture",
    "Place",
    "PlaceImport",
    "PlaceName",
    "PlaceRelation",
    "PlaceShape",
    "PlaceVersion",
    "ProtectionMeasure",
    "RenamingWarning",
    "ReviewedSpelling",
    "SavedFilter",
    "SignInspection",
    "Source",
    "Term",
    "Ticket",
    "TouchedPlace",
    "Vocabulary",
]
