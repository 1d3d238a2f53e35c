//! Closing on both databases: what stops it, who signs, what is sealed, how a year ends, and what nobody gets past.

mod break_in;
mod cockpit;
mod desk;
mod many;
mod refusals;
mod seal;
mod year;
