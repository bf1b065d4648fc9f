"""The registers. Each module holds one subject; this page names them all."""

from layers.models.accounts import ApiToken, FailedSignIn, Grant
from layers.models.audits import Audit
from layers.models.bookkeeping import PendingChange, ReferenceRow, TableVersion
from layers.models.burial import EcoBurialDesignation, EcoBurialSite, EcoBurialSiteState, FuneralHome, FuneralHomeState
from layers.models.care import HomeCareCentre, HomeCareCentreState
from layers.models.changes import Change
from layers.models.divisions import Division, DivisionSuccession
from layers.models.doorplate_checks import DoorplateCheck, DoorplateFinding
from layers.models.doorplates import DigitalDoorplate, DoorplateCell, Entrance
from layers.models.exports import Export
from layers.models.figures import AnnualFigure, Milestone
from layers.models.imports import ColumnMapping, Import, ImportFault
from layers.models.marriage import MarriageRegistry, MarriageRegistryState
from layers.models.migrants import MigrantVillage, MigrantVillageState, SupportProject
from layers.models.plans import AuditSubscription, TargetPlan
from layers.models.plate_printing import PlateSheets, RevokedToken
from layers.models.reports import MistakeReport
from layers.models.search import SearchCharacter, SearchKey, SearchName, SearchReading
from layers.models.service_points import ServicePoint, ServicePointState
from layers.models.siting import SitingFile, SitingProblem
from layers.models.snapshots import Snapshot, SnapshotRow
from layers.models.zones import ExclusionZone

__all__ = [
    "AnnualFigure",
    "ApiToken",
    "Audit",
    "AuditSubscription",
    "Change",
    "ColumnMapping",
    "DigitalDoorplate",
    "Division",
    "DivisionSuccession",
    "DoorplateCell",
    "DoorplateCheck",
    "DoorplateFinding",
    "EcoBurialDesignation",
    "EcoBurialSite",
    "EcoBurialSiteState",
    "Entrance",
    "ExclusionZone",
    "Export",
    "FailedSignIn",
    "FuneralHome",
    "FuneralHomeState",
    "Grant",
    "HomeCareCentre",
    "HomeCareCentreState",
    "Import",
    "ImportFault",
    "MarriageRegistry",
    "MarriageRegistryState",
    "MigrantVillage",
    "MigrantVillageState",
    "Milestone",
    "MistakeReport",
    "PendingChange",
    "PlateSheets",
    "ReferenceRow",
    "RevokedToken",
    "SearchCharacter",
    "SearchKey",
    "SearchName",
    "SearchReading",
    "ServicePoint",
    "ServicePointState",
    "SitingFile",
    "SitingProblem",
    "Snapshot",
    "SnapshotRow",
    "SupportProject",
    "TableVersion",
    "TargetPlan",
]
