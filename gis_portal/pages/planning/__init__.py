"""Pages of planners: the dashboard of targets, one target in full, two audits compared."""
