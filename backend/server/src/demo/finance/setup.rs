//! What documents name: an account at the central bank, parties, cost centres, rates, rules of virement.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diwan_db::WriteTx;
use diwan_finance::{
    documents,
    parts::{add, begin, currencies},
    structure::{accounts, chart, years},
};
use diwan_finance_api::{
    AccountInput, BankAccountInput, CentreInput, PartyInput, PartyKind, RateInput, Side, VirementRuleInput,
};
use diwan_kernel::Named;
use diwan_platform::{Actor, Outcome, Refusal};

/// The ministry's account of the chart at the central bank.
pub(super) const BANK: &str = "620211";
/// The number of the account at the central bank.
pub(super) const NUMBER: &str = "000000000131000811";
/// The account of the chart for what others deposit.
pub(super) const TRUST: &str = "620212";

use PartyKind::{Employee, Government, Payee, Supplier};

/// Kind, code, name in Arabic and English, tax number, bank and number of the account there.
type Party = (PartyKind, &'static str, &'static str, &'static str, &'static str, (&'static str, u64));

const PARTIES: [Party; 12] = [
    (
        Supplier,
        "S-101",
        "شركة الأفق لتقنية المعلومات",
        "Al-Ufuq Information Technology",
        "4410091",
        ("ARAB", 118_204_501),
    ),
    (Supplier, "S-102", "مؤسسة النظافة الحديثة", "Modern Cleaning Establishment", "7720455", ("HBHO", 200_771_340)),
    (Supplier, "S-103", "شركة الشبكات المتقدمة", "Advanced Networks Company", "3380127", ("UBSI", 301_556_002)),
    (Supplier, "S-104", "مكتب الرؤية للاستشارات", "Vision Consulting Office", "5560310", ("JIBA", 410_098_117)),
    (Supplier, "S-105", "شركة مكتبة عمّان للقرطاسية", "Amman Stationery Company", "1190642", ("CAAB", 520_334_908)),
    (Supplier, "S-106", "شركة توزيع الكهرباء", "Electricity Distribution Company", "2200018", ("ARAB", 118_900_002)),
    (Supplier, "S-107", "شركة المدار للاتصالات", "Madar Telecom", "2200345", ("HBHO", 200_100_555)),
    (Supplier, "S-108", "شركة محطات الوقود المركزية", "Central Fuel Stations", "8810277", ("UBSI", 301_700_471)),
    (Payee, "P-201", "موظفو الوزارة", "Employees of the Ministry", "", ("CBJO", 131_000_201)),
    (Payee, "P-202", "مالك مبنى الوزارة", "Owner of the Ministry's building", "6610908", ("JIBA", 410_555_203)),
    (Government, "G-301", "دائرة ضريبة الدخل والمبيعات", "Income and Sales Tax Department", "", ("CBJO", 131_000_301)),
    (Government, "G-302", "المؤسسة العامة للضمان الاجتماعي", "Social Security Corporation", "", ("CBJO", 131_000_302)),
];

const CENTRES: [(&str, &str, &str); 4] = [
    ("C-10", "الإدارة العليا", "Senior Management"),
    ("C-20", "مديرية الشؤون المالية والإدارية", "Finance and Administration Directorate"),
    ("C-30", "مديرية الخدمات الرقمية", "Digital Services Directorate"),
    ("C-40", "مديرية البنية التحتية", "Infrastructure Directorate"),
];

/// What the office has once it is open.
pub(super) struct Opened {
    /// Parties by code.
    pub(super) parties: BTreeMap<&'static str, i64>,
    /// The bank account.
    pub(super) account: i64,
    /// The bank account of what others deposit.
    pub(super) trust: i64,
}

/// Opens the year and fills the lists; two heads of sections take advances.
pub(super) fn open(
    tx: &mut WriteTx<'_>,
    manager: &Actor,
    (year, since): (i32, NaiveDate),
    employees: [&Actor; 2],
) -> Outcome<Opened> {
    years::create(tx, manager, year)?;
    currencies::ensure(tx)?;
    chart::begin(tx, manager, since)?;
    begin::begin(tx, manager, since)?;
    documents::ensure_registers(tx, manager.agency_id)?;
    let mut parties = BTreeMap::new();
    for (kind, code, ar, en, tax_number, (bank, number)) in PARTIES {
        let input = PartyInput {
            kind,
            code: code.to_owned(),
            name: named(ar, en),
            tax_number: tax_number.to_owned(),
            national_number: String::new(),
            iban: iban(bank, number),
            user_id: None,
            advance_limit: String::new(),
            active: true,
        };
        parties.insert(code, add::party(tx, manager, &input)?);
    }
    for ((code, number), of) in [("E-401", 990_401), ("E-402", 990_402)].into_iter().zip(employees) {
        let input = PartyInput {
            kind: Employee,
            code: code.to_owned(),
            name: named(&of.name_ar, &of.name_en),
            tax_number: String::new(),
            national_number: String::new(),
            iban: iban("ARAB", number),
            user_id: Some(of.user_id),
            advance_limit: "5000".to_owned(),
            active: true,
        };
        parties.insert(code, add::party(tx, manager, &input)?);
    }
    for (code, ar, en) in CENTRES {
        let input = CentreInput { code: code.to_owned(), name: named(ar, en), active: true };
        add::centre(tx, manager, &input)?;
    }
    rates_and_rules(tx, manager, year)?;
    let own = named("البنك المركزي – حساب نفقات الوزارة", "Central Bank – the Ministry's expenditure account");
    let deposits = named("البنك المركزي – حساب أمانات الوزارة", "Central Bank – the Ministry's trust account");
    let account = bank(tx, manager, since, (BANK, "CBJ-1", own, NUMBER))?;
    let trust = bank(tx, manager, since, (TRUST, "CBJ-2", deposits, "000000000131000812"))?;
    Ok(Opened { parties, account, trust })
}

/// An account at the central bank: one of the chart, and one to be reconciled.
fn bank(
    tx: &mut WriteTx<'_>,
    manager: &Actor,
    since: NaiveDate,
    (chart, code, name, number): (&str, &str, Named, &str),
) -> Outcome<i64> {
    let all = accounts::list(tx, manager.agency_id)?;
    let above = all.iter().find(|one| one.code == "62").map(|one| one.id);
    let account = AccountInput {
        parent_id: above,
        code: chart.to_owned(),
        name,
        side: Side::Debit,
        posting: true,
        gfsm: "6202".to_owned(),
        currency: Some("JOD".to_owned()),
        budgeted: false,
        needs_party: false,
        needs_centre: false,
        trust: chart == TRUST,
        active_from: since,
        active_to: None,
    };
    let account = accounts::create(tx, manager, &account)?;
    let input = BankAccountInput {
        account_id: account.id,
        code: code.to_owned(),
        name: account.name,
        bic: "CBJOJOAX".to_owned(),
        number: number.to_owned(),
        iban: iban("CBJO", number.parse().unwrap_or_default()),
        currency: "JOD".to_owned(),
        cash: false,
        active: true,
    };
    add::bank_account(tx, manager, &input)
}

fn rates_and_rules(tx: &mut WriteTx<'_>, manager: &Actor, year: i32) -> Outcome<()> {
    let first =
        NaiveDate::from_ymd_opt(year, 1, 1).ok_or_else(|| Refusal::Internal("a year without days".to_owned()))?;
    let last = NaiveDate::from_ymd_opt(year, 12, 31);
    for (currency, rate) in [("USD", "0.709"), ("EUR", "0.771"), ("GBP", "0.904"), ("SAR", "0.189")] {
        add::rate(tx, manager, &RateInput { currency: currency.to_owned(), day: first, rate: rate.to_owned() })?;
    }
    for (from_item, to_item, allowed, percent) in [("61", "2", false, None), ("22", "22", true, Some(10))] {
        let input = VirementRuleInput {
            from_item: from_item.to_owned(),
            to_item: to_item.to_owned(),
            scope: None,
            allowed,
            percent,
            right: None,
            reference: format!("المادة (7) من قانون الموازنة العامة لسنة {year}"),
            active_from: first,
            active_to: last,
        };
        add::virement_rule(tx, manager, &input)?;
    }
    Ok(())
}

fn named(ar: &str, en: &str) -> Named {
    Named { ar: ar.to_owned(), en: en.to_owned() }
}

/// A Jordanian IBAN with its check digits (ISO 13616: what stands behind them, read as one number, leaves 1 of 97).
fn iban(bank: &str, number: u64) -> String {
    let account = format!("{bank}0010{number:018}");
    let mut left = 0;
    for value in format!("{account}JO00").chars().filter_map(|c| c.to_digit(36)) {
        left = (left * if value < 10 { 10 } else { 100 } + value) % 97;
    }
    format!("JO{:02}{account}", 98 - left)
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::valid_iban;

    use super::*;

    #[test]
    fn every_party_can_be_paid_by_transfer() {
        for (_, code, _, _, _, (bank, number)) in PARTIES {
            assert!(valid_iban(&iban(bank, number)), "{code}: {}", iban(bank, number));
        }
    }
}
