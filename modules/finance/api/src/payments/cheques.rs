//! How cheques (الشيكات) travel between server and browser.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, Permission, Transition, codes, dto};

use super::{AmountSort, PaymentSort};

codes! {
    /// Where a cheque stands (حالة الشيك).
    pub enum ChequeState {
        /// صادر.
        Issued = "issued",
        /// مسلّم.
        HandedOver = "handed_over",
        /// مصروف: the bank paid it.
        Cleared = "cleared",
        /// ملغى.
        Cancelled = "cancelled",
        /// متقادم: nobody presented it in its time.
        Stale = "stale",
        /// تالف: the leaf was spoilt and never issued.
        Spoilt = "spoilt",
    }

    /// Where a cheque book stands.
    pub enum ChequeBookState {
        /// Leaves of it can be issued.
        Open = "open",
        /// مستنفد: no leaf is left.
        UsedUp = "used_up",
        /// مغلق: closed before it was used up.
        Closed = "closed",
    }

    /// What is done with a cheque.
    pub enum ChequeAction {
        /// تسليم.
        HandOver = "hand_over",
        /// صرف.
        Clear = "clear",
        /// التراجع عن الصرف: it was taken down by mistake.
        Unclear = "unclear",
        /// إلغاء.
        Cancel = "cancel",
        /// تقادم.
        Stale = "stale",
    }
}

use ChequeAction::{Cancel, Clear, HandOver, Unclear};
use ChequeState::{Cancelled, Cleared, HandedOver, Issued};

const fn step(from: ChequeState, action: ChequeAction, to: ChequeState) -> Transition<ChequeState, ChequeAction> {
    Transition { from, action, to, permission: Some(Permission::FinancePay) }
}

/// Where what leads.
pub const CHEQUE_TRANSITIONS: &[Transition<ChequeState, ChequeAction>] = &[
    step(Issued, HandOver, HandedOver),
    step(Issued, Cancel, Cancelled),
    step(HandedOver, Clear, Cleared),
    step(Cleared, Unclear, HandedOver),
    step(HandedOver, Cancel, Cancelled),
    step(Issued, ChequeAction::Stale, ChequeState::Stale),
    step(HandedOver, ChequeAction::Stale, ChequeState::Stale),
    // Where the bank paid it and gave it back.
    step(Cleared, Cancel, Cancelled),
    step(Cleared, ChequeAction::Stale, ChequeState::Stale),
];

/// The most leaves of one book.
pub const CHEQUE_LEAVES_MAX: i64 = 10_000;

impl ChequeBook {
    /// Where it stands.
    pub const fn state(&self) -> ChequeBookState {
        match (&self.closed, self.next) {
            (Some(_), _) => ChequeBookState::Closed,
            (None, None) => ChequeBookState::UsedUp,
            (None, Some(_)) => ChequeBookState::Open,
        }
    }
}

impl ChequeState {
    /// Whether a cheque in this state holds what it pays: no other payment can take it.
    pub const fn holds(self) -> bool {
        matches!(self, Self::Issued | Self::HandedOver | Self::Cleared)
    }
}

dto! {
    /// A cheque book as it is entered.
    #[derive(Eq)]
    pub struct ChequeBookInput {
        /// The account it draws on.
        pub bank_account_id: i64,
        /// What the numbers begin with, as printed; may be empty.
        #[serde(default)]
        pub series: String,
        /// The number of its first leaf.
        pub first: i64,
        /// The number of its last leaf.
        pub last: i64,
    }

    /// A cheque book (دفتر شيكات).
    #[derive(Eq)]
    pub struct ChequeBook {
        /// Its id.
        pub id: i64,
        /// The account it draws on.
        pub bank_account_id: i64,
        /// Its name.
        pub account: Named,
        /// ISO 4217.
        pub currency: String,
        /// What the numbers begin with.
        pub series: String,
        /// The number of its first leaf.
        pub first: i64,
        /// The number of its last leaf.
        pub last: i64,
        /// The number that is issued next; none when the book is used up or closed.
        pub next: Option<i64>,
        /// How many leaves are left.
        pub left: i64,
        /// It was closed before it was used up, and why.
        pub closed: Option<String>,
        /// When it was entered, UTC.
        pub added_at: NaiveDateTime,
    }

    /// Which cheque books are wanted.
    #[derive(Default, Eq)]
    pub struct ChequeBookQuery {
        /// In account and series, or the number of one of its leaves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<ChequeBookState>,
        /// On this account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub bank_account_id: Option<i64>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<PaymentSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A cheque to issue; it takes the next number of the book.
    #[derive(Eq)]
    pub struct ChequeInput {
        /// The book.
        pub book_id: i64,
        /// The document that is paid; its method is the cheque.
        pub document_id: i64,
        /// The day on the cheque, not after today.
        pub on: NaiveDate,
    }

    /// A day and a word that go with a step of a cheque.
    #[derive(Eq)]
    pub struct ChequeStep {
        /// On which day, not after today and not before the step before.
        pub on: NaiveDate,
        /// Who took it, or why; needed for all steps but clearing.
        #[serde(default)]
        pub note: String,
    }

    /// Which cheques are wanted.
    #[derive(Default, Eq)]
    pub struct ChequeQuery {
        /// In number, payee and document.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<ChequeState>,
        /// On this account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub bank_account_id: Option<i64>,
        /// Of this book.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub book_id: Option<i64>,
        /// Issued from this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// Issued to this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<AmountSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A cheque (شيك).
    #[derive(Eq)]
    pub struct Cheque {
        /// Its id.
        pub id: i64,
        /// The book.
        pub book_id: i64,
        /// The account it draws on.
        pub bank_account_id: i64,
        /// Its name.
        pub account: Named,
        /// Its number as printed, with the series.
        pub number: String,
        /// Its state.
        pub state: ChequeState,
        /// The document it pays; none of a spoilt leaf.
        pub document_id: Option<i64>,
        /// The document's number.
        pub document: String,
        /// Who is paid.
        pub payee: String,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// What is paid; 0 of a spoilt leaf.
        pub amount: i64,
        /// The same in the base currency.
        pub base_amount: i64,
        /// The day on it.
        pub issued_on: NaiveDate,
        /// When it was handed over.
        pub handed_on: Option<NaiveDate>,
        /// To whom.
        pub handed_to: String,
        /// When it was cleared, cancelled or given up as stale.
        pub ended_on: Option<NaiveDate>,
        /// Why it was cancelled, given up or spoilt.
        pub reason: String,
        /// Who issued it.
        pub issued_by: Named,
        /// When, UTC.
        pub issued_at: NaiveDateTime,
        /// The entry of its issue.
        pub entry_id: Option<i64>,
        /// The actions the reader may take now, by the codes of [`ChequeAction`].
        pub actions: Vec<String>,
    }
}
