"""The addresses of siting: problems, their state and answers, for planners."""

from django.utils.translation import gettext as _

from layers.models.siting import SitingState
from layers.models.zones import ZoneKind
from layers.publish.media_types import GEOJSON, JSON
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import TEXT, many, thing
from layers.publish.openapi.shared import Described, given, path, problem, sent
from layers.siting import asking, words

NUMBER: Described = {"type": "number"}
COUNT: Described = {"type": "integer", "minimum": 0}
# The kind of each part of a question that is no text.
KINDS: dict[str, Described] = {
    **dict.fromkeys(("grid_m", "radius_m", "budget", "cost", "existing_cost", "closing_cost", "capacity", "limit_s"), NUMBER),
    **dict.fromkeys(("new_sites", "times", "county_least", "county_most", "seed"), COUNT),
    "existing_stay": {"type": "boolean"},
    "as_of": {"type": "string", "format": "date"},
    "problem": {"type": "string", "enum": list(asking.PROBLEMS)},
    "weight": {"type": "string", "enum": list(asking.WEIGHTS)},
    "zones": many({"type": "string", "enum": list(ZoneKind.values)}),
}  # fmt: skip


def paths() -> dict[str, Described]:
    tag = _("Siting")
    one = path("problemId", _("The id of a problem."), {"type": "string", "format": "uuid"})
    asked = _operation("postSitingProblem", tag, _("Ask where the next sites should go"), [], "202", _answer(
        _("The problem waits for its turn; its address is in Location."), "SitingState", "Location"
    ))  # fmt: skip
    question = {JSON: {"schema": ref("SitingQuestion")}}
    listed = _answer(_("The problems, the newest first."), "SitingProblems")
    told = _answer(_("The state, the best plan so far, and the answer once there is one."), "SitingProblem")
    plan = {**_answer(_("The sites, the demand covered or not, the candidates excluded."), "SitingPlan")}
    plan["content"] = {GEOJSON: {"schema": ref("SitingPlan")}}
    gone = {"description": _("The problem is deleted, and cancelled where it was under way.")}
    return {
        "/siting/problems": {
            "get": _operation("getSitingProblems", tag, _("Problems that were asked"), [], "200", listed),
            "post": {**asked, "requestBody": {"required": True, "content": question}},
        },
        "/siting/problems/{problemId}": {
            "get": _operation("getSitingProblem", tag, _("A problem and its answer"), [one], "200", told),
            "delete": _operation("deleteSitingProblem", tag, _("Delete a problem"), [one], "204", gone),
        },
        "/siting/problems/{problemId}/result": {
            "get": _operation("getSitingPlan", tag, _("The plan on a map"), [one], "200", plan),
        },
    }


def schemas() -> dict[str, Described]:
    said = {
        name: {**KINDS.get(name, TEXT), "description": f"{about.metavar}: {about.text}"}
        for name, about in words.told().items()
    }
    state = {"type": "string", "enum": list(SitingState.values)}
    nothing: Described = {"type": "object", "nullable": True}
    about: Described = {
        "id": TEXT, "name": TEXT, "state": state, "step": TEXT, "best": nothing, "problem": TEXT,
        "asked_at": {"type": "string", "format": "date-time"}, "asked_by": TEXT, "links": many(ref("Link")),
    }  # fmt: skip
    required = ["id", "name", "state"]
    return {
        "SitingQuestion": thing(["name"], **said),
        "SitingState": thing(required, **about),
        "SitingProblems": thing(["problems"], problems=many(ref("SitingState"))),
        "SitingProblem": thing([*required, "question", "answer"], **about, question={"type": "object"}, answer=nothing),
        "SitingPlan": thing(["type", "features"], type=TEXT, features=many({"type": "object"})),
    }


def _answer(description: str, schema: str, *carried: str) -> Described:
    content = {JSON: {"schema": ref(schema)}}
    return {"description": description, "content": content, "headers": sent("Cache-Control", *carried)}


def _operation(
    operation: str, tag: str, summary: str, asked: list[Described], status: str, success: Described
) -> Described:
    return {
        "operationId": operation,
        "tags": [tag],
        "summary": summary,
        "parameters": [*asked, *given("lang", "v")],
        "security": [{"token": []}, {"session": []}],
        "responses": {
            status: success,
            "400": ref("BadRequest", "responses"),
            "401": ref("Unauthorized", "responses"),
            "403": ref("Forbidden", "responses"),
            "404": ref("NotFound", "responses"),
            "409": problem(_("The problem has no answer yet.")),
            "429": ref("TooManyRequests", "responses"),
            "500": ref("ServerError", "responses"),
            "503": ref("Unavailable", "responses"),
        },
    }
