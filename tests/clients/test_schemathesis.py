"""Schemathesis asks every address of the OpenAPI document with values that are right and values that are wrong: no
answer is an error of the portal's, or other than the document says."""

from http import HTTPStatus

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

pytestmark = pytest.mark.django_db(databases=["default", "reader"])  # both are those of the test

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
TRIES = 4  # of each address, right and wrong; the same on every run


def test_every_answer_is_one_that_the_document_describes(portal: str) -> None:
    document = schemathesis.openapi.from_url(f"{portal}/api/openapi?lang=en")
    asked: dict[int, int] = {}
    for described in document.get_all_operations():
        operation = described.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if operation.method == "get" else ():

            @settings(
                max_examples=TRIES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: schemathesis.Case) -> None:
                answer = case.call()
                asked[answer.status_code] = asked.get(answer.status_code, 0) + 1
                if answer.status_code != HTTPStatus.REQUEST_URI_TOO_LONG:  # which the server says before the portal
                    case.validate_response(answer, checks=CHECKS)

            ask()
    assert asked[200] > 100
    assert asked[400] > 100
