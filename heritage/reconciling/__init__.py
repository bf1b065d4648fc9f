"""The Reconciliation Service API 0.2 (https://reconciliation-api.github.io/specs/0.2/) over the public places: which of them
are meant by names in other people's tables."""
