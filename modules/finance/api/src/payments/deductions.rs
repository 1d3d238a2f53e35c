//! How deductions (الاقتطاعات) and their remittance travel between server and browser.

use chrono::NaiveDate;
use diwan_kernel::dto;

use crate::{Coded, DocumentRef, PayMethod};

dto! {
    /// Which deductions are wanted.
    #[derive(Default, Eq)]
    pub struct DeductionQuery {
        /// Of this calendar year; this year when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub year: Option<i32>,
        /// On this account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub account_id: Option<i64>,
        /// Only what is not remitted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub open: Option<bool>,
    }

    /// What was deducted on vouchers to an account in a month, base currency.
    #[derive(Eq)]
    pub struct DeductionBalance {
        /// The account.
        pub account: Coded,
        /// The party whose amounts these are, where the account asks for one.
        pub party: Option<Coded>,
        /// The first day of the month.
        pub month: NaiveDate,
        /// What was deducted, less what was taken back.
        pub deducted: i64,
        /// What was remitted, or is about to be: drafts count.
        pub remitted: i64,
        /// What is left to remit.
        pub open: i64,
        /// The vouchers that remit it.
        pub remittances: Vec<DocumentRef>,
    }

    /// What is remitted, to whom.
    #[derive(Eq)]
    pub struct RemittanceInput {
        /// The account of the deductions.
        pub account_id: i64,
        /// Whose amounts, where the account asks for a party.
        #[serde(default)]
        pub deducted_from_id: Option<i64>,
        /// Any day of the month.
        pub month: NaiveDate,
        /// The authority that is paid (الجهة المورَّد إليها).
        pub party_id: i64,
        /// How.
        pub method: PayMethod,
        /// The day of the voucher; today when none.
        #[serde(default)]
        pub on: Option<NaiveDate>,
    }
}
