# Finance: books, budget position, statements.
