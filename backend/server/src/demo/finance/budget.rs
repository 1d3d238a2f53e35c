//! The budget of the year: what the law gives, and which part of it each order sets free.

use diwan_finance_api::DocumentKind;

/// A line of the law: key, dinars, and the hundredths that the first order sets free of it.
type Given = (&'static str, i64, i64);

/// Wages and running costs come in parts, contracts at once.
pub(super) const LAW: [Given; 17] = [
    ("4401-4401001/2111", 1_450_000, 50),
    ("4401-4401001/2113", 380_000, 50),
    ("4401-4401001/2121", 210_000, 50),
    ("4401-4401001/2211", 96_000, 100),
    ("4401-4401001/2212", 48_000, 50),
    ("4401-4401001/2214", 72_000, 50),
    ("4401-4401001/2215", 54_000, 50),
    ("4401-4401001/2219", 36_000, 50),
    ("4401-4401001/2220", 60_000, 90),
    ("4401-4401001/2222", 25_000, 50),
    ("4401-4401001/2223", 30_000, 50),
    ("4401-4401001/2229", 12_000, 50),
    ("4402-4402001/2217", 40_000, 50),
    ("4402-4402001/2225", 320_000, 90),
    ("4402-4402001/6112", 850_000, 90),
    ("4402-4402002/2224", 180_000, 90),
    ("4402-4402002/2225", 260_000, 90),
];

/// What the supplement gives, in dinars.
const MORE: [(&str, i64); 1] = [("4402-4402001/6112", 100_000)];

/// A document of the budget: month and day, kind, subject, reference, lines of keys and dinars.
pub(super) struct Act {
    pub(super) on: (u32, u32),
    pub(super) kind: DocumentKind,
    pub(super) subject: &'static str,
    pub(super) reference: String,
    pub(super) lines: Vec<(&'static str, i64)>,
}

/// Law, supplement, orders and releases of a year.
pub(super) fn acts(year: i32) -> Vec<Act> {
    use DocumentKind::{BudgetLaw, FinancialOrder, Release, Supplementary};
    let law = LAW.iter().map(|(key, given, _)| (*key, *given)).collect();
    let part = |of: &dyn Fn(&Given) -> i64| -> Vec<(&'static str, i64)> {
        LAW.iter().map(|given| (given.0, given.1 * of(given) / 100)).filter(|line| line.1 > 0).collect()
    };
    let first = part(&|given| given.2);
    // What came in parts gets its second one.
    let second = part(&|given| if given.2 == 50 { 40 } else { 0 });
    let wages = part(&|given| if given.0.contains("/21") { 10 } else { 0 });
    let act = |on, kind, subject, lines: &[(&'static str, i64)]| Act {
        on,
        kind,
        subject,
        reference: String::new(),
        lines: lines.to_vec(),
    };
    vec![
        Act {
            on: (1, 4),
            kind: BudgetLaw,
            subject: "قانون الموازنة العامة – مخصصات الوزارة",
            reference: format!("قانون رقم (1) لسنة {year}"),
            lines: law,
        },
        act((1, 5), FinancialOrder, "الأمر المالي العام رقم (1)", &first),
        act((1, 6), Release, "حوالة مالية – النصف الأول", &first),
        act((7, 1), FinancialOrder, "الأمر المالي العام رقم (2)", &second),
        act((7, 7), Release, "حوالة مالية – النصف الثاني", &second),
        Act {
            on: (8, 18),
            kind: Supplementary,
            subject: "ملحق موازنة – تحديث البنية التحتية",
            reference: format!("قانون ملحق رقم (2) لسنة {year}"),
            lines: MORE.to_vec(),
        },
        act((8, 24), FinancialOrder, "الأمر المالي الخاص رقم (1)", &MORE),
        act((8, 27), Release, "حوالة مالية – ملحق الموازنة", &MORE),
        act((11, 2), FinancialOrder, "الأمر المالي العام رقم (3) – الرواتب", &wages),
        act((11, 4), Release, "حوالة مالية – الرواتب", &wages),
    ]
}
