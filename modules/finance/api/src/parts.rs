//! What documents name (الإعداد): parties, cost centres, parts of the budget key, currencies, bank accounts, limits.

mod rules;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diwan_kernel::{Named, PageRequest, Permission, codes, dto};
use serde::{Deserialize, Serialize};

pub use rules::*;

use crate::{DocumentKind, PartyKind, SegmentKind};

codes! {
    /// The order of a list of what documents name.
    pub enum PartSort {
        /// By code, the first first.
        Code = "code",
        /// By code, the last first.
        CodeDown = "-code",
        /// By name.
        Name = "name",
        /// By name, the last first.
        NameDown = "-name",
    }

    /// Which programmes a rule of virement speaks of.
    pub enum VirementScope {
        /// داخل البرنامج.
        Within = "within",
        /// بين برنامجين.
        Between = "between",
    }
}

/// A row of a list of what documents name: what is written in its form, and what its ids are called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct PartRow<T> {
    /// Its id.
    pub id: i64,
    /// What is written in its form.
    #[serde(flatten)]
    pub value: T,
    /// Code and name of what the form names by an id, by the field without its `_id`: `parent`, `account`, `user`.
    #[serde(default)]
    pub names: BTreeMap<String, PartPick>,
    /// For `If-Match`.
    pub version: i64,
}

dto! {
    /// Which rows of such a list are asked for.
    #[derive(Default)]
    pub struct PartQuery {
        /// Words to find, in any spelling.
        pub q: Option<String>,
        /// Only of this kind: of parties or of parts of the key.
        pub kind: Option<String>,
        /// The order; by code unless told.
        pub sort: Option<PartSort>,
        /// The cursor a former page gave as `next`.
        pub after: Option<String>,
        /// Rows wanted.
        pub limit: Option<u32>,
    }

    /// What a field of a document can name.
    #[derive(Eq)]
    pub struct PartPick {
        /// Its id.
        pub id: i64,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Of a key: what may still be committed on its budget line, in minor units of the base currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub available: Option<i64>,
    }

    /// A party (جهة متعامل معها): whoever an amount is owed to or by.
    #[derive(Eq)]
    pub struct PartyInput {
        /// What it is to the agency.
        pub kind: PartyKind,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// الرقم الضريبي.
        #[serde(default)]
        pub tax_number: String,
        /// الرقم الوطني: of the person or of the establishment.
        #[serde(default)]
        pub national_number: String,
        /// Its bank account (ISO 13616), where it is paid by transfer.
        #[serde(default)]
        pub iban: String,
        /// The account of the person in Diwan; only for employees.
        #[serde(default)]
        pub user_id: Option<i64>,
        /// How much of advances it may hold at once, in the base currency, as it is typed; empty where nothing limits it.
        #[serde(default)]
        pub advance_limit: String,
        /// Whether new documents may name it.
        pub active: bool,
    }

    /// A cost centre (مركز كلفة).
    #[derive(Eq)]
    pub struct CentreInput {
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Whether new documents may name it.
        pub active: bool,
    }

    /// A value of a part of the budget key (عنصر تصنيف); each kind is a tree of its own.
    #[derive(Eq)]
    pub struct SegmentInput {
        /// Which part of the key.
        pub kind: SegmentKind,
        /// The value above it.
        #[serde(default)]
        pub parent_id: Option<i64>,
        /// Its code ([`valid_part_code`]).
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Whether keys take it (a leaf).
        pub posting: bool,
        /// Of an item: its code in GFSM 2014; leaves always have one.
        #[serde(default)]
        pub gfsm: String,
        /// Of a programme or an activity: the function ([`valid_cofog`]); programmes that are leaves always have one.
        #[serde(default)]
        pub cofog: String,
        /// Keys are made with it from this day.
        pub active_from: NaiveDate,
        /// And until this day.
        #[serde(default)]
        pub active_to: Option<NaiveDate>,
    }

    /// How deep a part of the key is controlled in a year (مستوى الرقابة). It comes with its year and changes in depth alone.
    #[derive(Eq)]
    pub struct ControlLevel {
        /// The year.
        pub year: i32,
        /// Which part.
        pub kind: SegmentKind,
        /// 0 not at all; else this depth of its tree, or the value itself where that stands higher; to [`DEPTH_MAX`].
        pub depth: i32,
        /// Whether the year has budget lines already, so that nothing of this changes. What is sent is not looked at.
        #[serde(default)]
        pub fixed: bool,
    }

    /// A budget key (مفتاح الموازنة): the used combination of a value of each part in a year. It stays as it was added; where rows
    /// are listed, `key` among their names is its code, with the names of its item and its programme.
    #[derive(Eq)]
    pub struct KeyInput {
        /// The year.
        pub year: i32,
        /// فصل.
        pub chapter_id: i64,
        /// برنامج.
        pub programme_id: i64,
        /// نشاط أو مشروع.
        pub activity_id: i64,
        /// مصدر التمويل.
        pub fund_id: i64,
        /// الموقع الجغرافي.
        pub location_id: i64,
        /// بند الإنفاق.
        pub item_id: i64,
    }

    /// A currency (عملة) with its decimals (ISO 4217): the same row for every agency. What amounts in words call it is written in
    /// the forms that numbers ask for, with `/` between them: in Arabic the singular, dual, plural and accusative
    /// (دينار/ديناران/دنانير/دينارًا), in English one and many.
    #[derive(Default, Eq)]
    pub struct Currency {
        /// Three letters; they stay.
        pub code: String,
        /// How many decimals an amount has, to [`SCALE_MAX`]. They stay once an amount is kept in it.
        pub scale: i32,
        /// Its name.
        pub name: Named,
        /// Its unit in Arabic; where it is empty, amounts in words call it by its code.
        #[serde(default)]
        pub unit_ar: String,
        /// Its unit in English.
        #[serde(default)]
        pub unit_en: String,
        /// The part of it that its decimals count, in Arabic; where it is empty, amounts in words say a share: 25/100.
        #[serde(default)]
        pub fraction_ar: String,
        /// That part in English.
        #[serde(default)]
        pub fraction_en: String,
    }

    /// A rate (سعر صرف) in force from a day until the next one.
    #[derive(Eq)]
    pub struct RateInput {
        /// The foreign currency.
        pub currency: String,
        /// From this day on.
        pub day: NaiveDate,
        /// Units of the base currency for one of the foreign one, as decimal text ([`parse_rate`]).
        pub rate: String,
    }

    /// A bank account of the agency (حساب بنكي).
    #[derive(Eq)]
    pub struct BankAccountInput {
        /// Its account in the chart, which no other bank account has.
        pub account_id: i64,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// The bank (ISO 9362).
        #[serde(default)]
        pub bic: String,
        /// Its number as the bank writes it.
        pub number: String,
        /// Its IBAN.
        #[serde(default)]
        pub iban: String,
        /// Its currency.
        pub currency: String,
        /// It is no bank's: a box (صندوق) that cash is paid from.
        #[serde(default)]
        pub cash: bool,
        /// Whether new documents may name it.
        pub active: bool,
    }

    /// Up to which amount a person authorises (سقف صلاحية).
    #[derive(Eq)]
    pub struct LimitInput {
        /// Who.
        pub user_id: i64,
        /// Which documents; none for all.
        #[serde(default)]
        pub kind: Option<DocumentKind>,
        /// The largest amount, in the base currency, as decimal text.
        pub amount: String,
        /// From this day.
        pub active_from: NaiveDate,
        /// Until this day.
        #[serde(default)]
        pub active_to: Option<NaiveDate>,
        /// The decision that gives it (السند القانوني).
        pub reference: String,
    }

    /// A rule of virement (قاعدة مناقلة). The longest beginnings of codes that fit decide.
    #[derive(Eq)]
    pub struct VirementRuleInput {
        /// How the code of the item that gives begins; empty for any.
        #[serde(default)]
        pub from_item: String,
        /// How the code of the item that takes begins; empty for any.
        #[serde(default)]
        pub to_item: String,
        /// Between keys of one programme, or of two; none for both.
        #[serde(default)]
        pub scope: Option<VirementScope>,
        /// Whether it is allowed.
        pub allowed: bool,
        /// At most so many hundredths of what the giving line was appropriated; none for no bound.
        #[serde(default)]
        pub percent: Option<i32>,
        /// The right of finance that who authorises it has besides authorising; none where any authoriser may.
        #[serde(default)]
        pub right: Option<Permission>,
        /// The article that says so.
        pub reference: String,
        /// From this day.
        pub active_from: NaiveDate,
        /// Until this day.
        #[serde(default)]
        pub active_to: Option<NaiveDate>,
    }
}

/// The most decimals that a currency has (ISO 4217).
pub const SCALE_MAX: i32 = 4;
/// The deepest level of control.
pub const DEPTH_MAX: i32 = 9;
/// The currency in which the books are kept (the dinar).
pub const BASE_CURRENCY: &str = "JOD";

impl PartQuery {
    /// The number of rows to load.
    pub fn rows(&self) -> i64 {
        PageRequest { after: None, limit: self.limit }.rows()
    }
}
