//! A letter's life on both databases, and every way it can be refused.

mod life;
mod many;
mod office;
mod rules;
