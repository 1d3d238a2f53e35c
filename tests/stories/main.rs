//! Business stories from end to end, on both databases.

mod letter;
