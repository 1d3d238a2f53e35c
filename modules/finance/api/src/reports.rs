//! What the books say (الدفاتر والكشوف): position, journal, balances, statements.
