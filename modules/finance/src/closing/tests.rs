//! Closing on both databases: what stops it, who signs, what is sealed, how a year ends, and what nobody gets past.

mod break_in;
mod cash;
mod cockpit;
mod desk;
mod earlier;
mod given_up;
mod late;
mod many;
mod open;
mod proof;
mod refusals;
mod reopened;
mod seal;
mod slices;
mod year;
