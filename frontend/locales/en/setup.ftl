# Finance: parties, cost centres, parts of the budget key, currencies, bank accounts, limits.
