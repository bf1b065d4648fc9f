"""Everything here reads the reference data, and what the test itself wrote."""

from collections.abc import Iterator
from typing import Any

import pytest

from layers.publish.statements import Statement
from tests.sharing import shared_transaction


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement of ours that ran."""
    ran: list[str] = []
    run = Statement.run

    def noted(statement: Statement, **values: object) -> tuple[Any, ...]:
        ran.append(statement.sql)
        return run(statement, **values)

    monkeypatch.setattr(Statement, "run", noted)
    return ran
