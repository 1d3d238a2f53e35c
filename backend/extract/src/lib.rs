//! Text of office files, PDF, mail and spreadsheets, read in a limited child process.
