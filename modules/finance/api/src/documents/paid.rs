//! What a document was paid by, as its page and its print name it.

use chrono::NaiveDate;
use diwan_kernel::dto;

use super::PayMethod;

dto! {
    /// The payment that holds a document: its transfer, its cheque, or what was handed out of a box.
    #[derive(Eq)]
    pub struct DocumentPayment {
        /// How.
        pub method: PayMethod,
        /// The cheque or the payment in cash; of a transfer its run.
        pub id: i64,
        /// The number of the cheque or of the payment in cash; the reference of a transfer.
        pub number: String,
        /// The number of the run of a transfer, once approved.
        pub run: String,
        /// The day on which it was issued, handed out or executed.
        pub on: Option<NaiveDate>,
    }
}
