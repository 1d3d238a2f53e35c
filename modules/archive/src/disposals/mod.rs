//! Destruction (إتلاف) by a committee: one proposes, two others confirm, a job carries it out and files the certificate.

mod carry_out;
mod certificate;
mod confirm;
mod propose;
mod refuse;
mod routes;
mod store;
mod view;

pub(crate) use carry_out::work;
pub(crate) use routes::routes;
