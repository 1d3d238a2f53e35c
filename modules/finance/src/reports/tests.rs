//! What the books say, beside a small model of them.
