# Finance: bank statements, matching, reconciliation.
