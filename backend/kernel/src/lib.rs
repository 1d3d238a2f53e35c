//! Ids, money, dates, error codes and rules every part shares; builds for wasm.
