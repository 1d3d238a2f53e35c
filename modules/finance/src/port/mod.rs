//! What other modules call (المنفذ): reserving, committing, liquidating and releasing money of the budget, posting to the
//! ledger, and looking up what they name. Procurement, stores, staff and fleet spend through here and in no other way.
//!
//! Each function takes the caller's open transaction, so that the call and what the caller writes stand or fall together. A
//! call has a key of the caller's: the same key with the same request answers the same and does nothing, with another
//! request it is refused. What is refused leaves nothing behind, also where the caller goes on and commits. Which right it
//! takes to order or to issue is for the caller to say; finance looks at the record, which the actor has to see, at the
//! period, the budget and the accounts.
//!
//! What is liquidated becomes a payment voucher that the actor prepares, with the right to: two others certify and authorise
//! it as any other, it is paid as any other, and the caller asks here how it stands.
//!
//! Periods are closed by kinds of documents: reserving, committing and releasing count as a commitment, liquidating as a
//! payment voucher, posting as a journal voucher.

mod calls;
mod carry;
mod commit;
mod entry;
mod holds;
mod keys;
mod liquidate;
mod lookup;
mod post;
mod release;
mod reserve;
mod standing;
mod vouchers;

pub use calls::{Call, Module, Operation};
pub(crate) use carry::carry;
pub use commit::{Commit, Rest, commit};
pub use entry::{credit, debit};
pub use holds::{Held, HoldKind, holding};
pub use keys::KeyAmount;
pub use liquidate::{Liquidation, liquidate};
pub use lookup::{account, accounts, key, parties, party};
pub use post::post;
pub use release::release;
pub use reserve::reserve;
pub use standing::{HoldStanding, Standing, VoucherStanding, standing};
pub(crate) use vouchers::{check, draw, give_back};

pub use crate::ledger::Line;
