//! The structure of the books: fiscal years, chart of accounts, the parts of the budget key.

use chrono::NaiveDate;
use diwan_kernel::{Named, codes, dto};
use diwan_platform_api::records::Ref;

use crate::DocumentKind;

codes! {
    /// The state of a period (حالة الفترة). It goes forward only; back to open leads a reopening alone.
    pub enum PeriodState {
        /// مفتوحة: takes documents.
        Open = "open",
        /// مغلقة مبدئيًا: takes journal vouchers only.
        SoftClosed = "soft_closed",
        /// مغلقة: takes nothing.
        Closed = "closed",
        /// مختومة: closed for good, with a root hash over all that is in it.
        Sealed = "sealed",
    }

    /// The side on which an account grows (طبيعة الحساب).
    pub enum Side {
        /// مدين.
        Debit = "debit",
        /// دائن.
        Credit = "credit",
    }

    /// A part of the budget key (عنصر التصنيف).
    pub enum SegmentKind {
        /// فصل.
        Chapter = "chapter",
        /// برنامج.
        Programme = "programme",
        /// نشاط أو مشروع.
        Activity = "activity",
        /// مصدر التمويل.
        Fund = "fund",
        /// الموقع الجغرافي.
        Location = "location",
        /// بند الإنفاق.
        Item = "item",
    }

    /// What a party (جهة متعامل معها) is to the agency.
    pub enum PartyKind {
        /// مورّد.
        Supplier = "supplier",
        /// مستفيد.
        Payee = "payee",
        /// موظف.
        Employee = "employee",
        /// جهة حكومية.
        Government = "government",
    }
}

impl DocumentKind {
    /// Whether a period may be closed for this kind before it is closed as a whole. What puts a month in order, and ends a
    /// year, is a journal voucher: for that a period closes last.
    pub fn closes_alone(self) -> bool {
        self != Self::JournalVoucher
    }
}

impl FiscalPeriod {
    /// Whether the period takes documents of a kind.
    pub fn takes(&self, kind: DocumentKind) -> bool {
        self.state.takes(kind) && !self.closed_kinds.contains(&kind)
    }
}

impl PeriodState {
    /// Whether a period in this state takes documents of a kind. What puts a month in order is a journal voucher, so a period
    /// that is soft closed still takes these.
    pub fn takes(self, kind: DocumentKind) -> bool {
        match self {
            Self::Open => true,
            Self::SoftClosed => kind == DocumentKind::JournalVoucher,
            Self::Closed | Self::Sealed => false,
        }
    }
}

/// The number of the complementary period (الفترة التكميلية), in which a year that is over is put in order.
pub const COMPLEMENTARY: i32 = 13;

dto! {
    /// A fiscal year with its periods.
    #[derive(Eq)]
    pub struct FiscalYear {
        /// Its id.
        pub id: i64,
        /// The year it is named after.
        pub year: i32,
        /// Its first day.
        pub starts_on: NaiveDate,
        /// Its last day.
        pub ends_on: NaiveDate,
        /// Its periods by number.
        pub periods: Vec<FiscalPeriod>,
        /// Its end, or that of a later year, is confirmed: none of its periods is opened again.
        #[serde(default)]
        pub ended: bool,
        /// For `If-Match`.
        pub version: i64,
    }

    /// A period of a fiscal year: a month, or the complementary one.
    #[derive(Eq)]
    pub struct FiscalPeriod {
        /// Its id.
        pub id: i64,
        /// 1 to 12, and 13 for the complementary one.
        pub number: i32,
        /// Its first day.
        pub starts_on: NaiveDate,
        /// Its last day.
        pub ends_on: NaiveDate,
        /// What it takes.
        pub state: PeriodState,
        /// The kinds of documents that it takes no more, whatever its state.
        #[serde(default)]
        pub closed_kinds: Vec<DocumentKind>,
        /// Until when it is open once more, where it was reopened.
        pub reopened_until: Option<chrono::NaiveDateTime>,
        /// Its root hash, where it is sealed.
        pub root: Option<String>,
        /// When it was sealed, UTC.
        pub sealed_at: Option<chrono::NaiveDateTime>,
        /// By whom.
        pub sealed_by: Option<Ref>,
        /// For `If-Match`.
        pub version: i64,
    }

    /// An account (حساب).
    #[derive(Eq)]
    pub struct Account {
        /// Its id.
        pub id: i64,
        /// The account above it.
        pub parent_id: Option<i64>,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// The side on which it grows.
        pub side: Side,
        /// Whether it is posted to (a leaf).
        pub posting: bool,
        /// Its code in GFSM 2014 (IMF); leaves always have one.
        pub gfsm: String,
        /// The only currency it takes, where it takes but one.
        pub currency: Option<String>,
        /// Whether what is posted to it spends budget: lines name a key, and a move of the budget ledger comes with them.
        pub budgeted: bool,
        /// Whether lines name a party.
        pub needs_party: bool,
        /// Whether lines name a cost centre.
        pub needs_centre: bool,
        /// Whether what lies on it is held in trust (أمانات): what an entry brings to such accounts it takes from others of them.
        pub trust: bool,
        /// It takes lines from this day.
        pub active_from: NaiveDate,
        /// And until this day.
        pub active_to: Option<NaiveDate>,
        /// For `If-Match`.
        pub version: i64,
    }

    /// An account as it is written.
    #[derive(Eq)]
    pub struct AccountInput {
        /// The account above it.
        #[serde(default)]
        pub parent_id: Option<i64>,
        /// Its code: digits, at most [`ACCOUNT_CODE_MAX`].
        pub code: String,
        /// Its name.
        pub name: Named,
        /// The side on which it grows.
        pub side: Side,
        /// Whether it is posted to.
        pub posting: bool,
        /// Its code in GFSM 2014.
        pub gfsm: String,
        /// The only currency it takes.
        #[serde(default)]
        pub currency: Option<String>,
        /// Whether what is posted to it spends budget.
        pub budgeted: bool,
        /// Whether lines name a party.
        pub needs_party: bool,
        /// Whether lines name a cost centre.
        pub needs_centre: bool,
        /// Whether what lies on it is held in trust (أمانات): what an entry brings to such accounts it takes from others of them.
        #[serde(default)]
        pub trust: bool,
        /// It takes lines from this day.
        pub active_from: NaiveDate,
        /// And until this day.
        #[serde(default)]
        pub active_to: Option<NaiveDate>,
    }

    /// A year to be opened.
    #[derive(Eq)]
    pub struct NewFiscalYear {
        /// The year.
        pub year: i32,
    }

    /// A fiscal year as a row of a table.
    #[derive(Eq)]
    pub struct FiscalYearRow {
        /// The year.
        pub year: i32,
        /// Its first day, where it is told: that of the calendar year.
        #[serde(default)]
        pub starts_on: Option<NaiveDate>,
        /// Its last day.
        #[serde(default)]
        pub ends_on: Option<NaiveDate>,
    }

    /// A period as a row of a table. It comes with its year; what changes by a table are the kinds of documents closed in it.
    #[derive(Eq)]
    pub struct FiscalPeriodRow {
        /// The year.
        pub year: i32,
        /// Its number: that of the month, or [`COMPLEMENTARY`].
        pub period: i32,
        /// Its first day, where it is told: the one that it has.
        #[serde(default)]
        pub starts_on: Option<NaiveDate>,
        /// Its last day.
        #[serde(default)]
        pub ends_on: Option<NaiveDate>,
        /// Its state, where it is told: the one that it is in.
        #[serde(default)]
        pub state: Option<PeriodState>,
        /// The kinds of documents that it takes no more, while it is open; not told, they stay.
        #[serde(default)]
        pub closed: Option<Vec<DocumentKind>>,
    }

    /// Which kinds of documents an open period takes no more.
    #[derive(Eq)]
    pub struct PeriodKinds {
        /// All of them; journal vouchers are taken as long as the period is open ([`DocumentKind::closes_alone`]).
        pub closed: Vec<DocumentKind>,
    }

    /// A step forward of a period.
    #[derive(Eq)]
    pub struct ClosePeriod {
        /// Soft closed or closed.
        pub to: PeriodState,
    }

    /// Opening a closed period once more.
    #[derive(Eq)]
    pub struct ReopenPeriod {
        /// Why; it stands in the trail.
        pub reason: String,
        /// For how many hours.
        pub hours: u32,
    }
}

/// The longest code of an account.
pub const ACCOUNT_CODE_MAX: usize = 20;
/// The longest time for which a period is reopened, in hours: a week.
pub const REOPEN_HOURS_MAX: u32 = 168;

/// Whether a text is a code of an account: Latin digits, which every list sorts alike.
pub fn valid_account_code(code: &str) -> bool {
    (1..=ACCOUNT_CODE_MAX).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the form of a GFSM 2014 code: revenue 1, expense 2, transactions 3, other flows 4, 5 and 9, stocks 6.
pub fn valid_gfsm(code: &str) -> bool {
    (1..=6).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_digit())
        && code.starts_with(['1', '2', '3', '4', '5', '6', '9'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_what_is_none() {
        for good in ["1", "2219", "620201", "12345678901234567890"] {
            assert!(valid_account_code(good), "{good}");
        }
        for bad in ["", "12a", "١٢", "1 2", "123456789012345678901"] {
            assert!(!valid_account_code(bad), "{bad}");
        }
        assert!(["1", "22", "6202", "31", "9"].into_iter().all(valid_gfsm));
        assert!(!["", "7", "0", "22x", "2222222"].into_iter().any(valid_gfsm));
    }
}
