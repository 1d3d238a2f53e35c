//! The words that banks write at the head of columns and beside balances, in the folded form of [`fold`].

use super::template::Field;

/// Words at the head of columns: English and Arabic, as statements of banks in Jordan have them.
pub(super) const HEADS: &[(Field, &[&str])] = &[
    (
        Field::Date,
        &[
            "date",
            "booking date",
            "posting date",
            "post date",
            "transaction date",
            "trans date",
            "txn date",
            "entry date",
            "operation date",
            "التاريخ",
            "تاريخ",
            "تاريخ القيد",
            "تاريخ الحركه",
            "تاريخ العمليه",
            "تاريخ المعامله",
            "تاريخ الترحيل",
        ],
    ),
    (
        Field::ValueDate,
        &[
            "value date",
            "val date",
            "value",
            "effective date",
            "تاريخ الحق",
            "تاريخ القيمه",
            "تاريخ الاستحقاق",
            "تاريخ التسويه",
        ],
    ),
    (
        Field::Amount,
        &[
            "amount",
            "transaction amount",
            "net amount",
            "المبلغ",
            "مبلغ",
            "القيمه",
            "مبلغ العمليه",
            "مبلغ الحركه",
            "قيمه الحركه",
        ],
    ),
    (
        Field::Debit,
        &[
            "debit",
            "debits",
            "debit amount",
            "dr",
            "withdrawal",
            "withdrawals",
            "paid out",
            "مدين",
            "المدين",
            "منه",
            "سحب",
            "سحوبات",
            "السحوبات",
            "المبلغ المدين",
            "مبلغ مدين",
            "حركات مدينه",
        ],
    ),
    (
        Field::Credit,
        &[
            "credit",
            "credits",
            "credit amount",
            "cr",
            "deposit",
            "deposits",
            "paid in",
            "داين",
            "الداين",
            "له",
            "ايداع",
            "ايداعات",
            "الايداعات",
            "المبلغ الداين",
            "مبلغ داين",
            "حركات داينه",
        ],
    ),
    (
        Field::Direction,
        &["dr cr", "debit credit", "d c", "cr dr", "type d c", "مدين داين", "داين مدين", "طبيعه الحركه", "طرف الحركه"],
    ),
    (
        Field::Balance,
        &[
            "balance",
            "running balance",
            "book balance",
            "account balance",
            "balance after",
            "الرصيد",
            "رصيد",
            "الرصيد الجاري",
            "الرصيد بعد الحركه",
            "رصيد الحساب",
        ],
    ),
    (Field::Currency, &["currency", "ccy", "curr", "العمله", "عمله", "نوع العمله"]),
    (
        Field::OriginalAmount,
        &[
            "amount currency",
            "original amount",
            "foreign amount",
            "amount in currency",
            "المبلغ الاصلي",
            "المبلغ بالعمله الاجنبيه",
            "المبلغ بالعمله",
        ],
    ),
    (
        Field::Reference,
        &[
            "reference",
            "ref",
            "ref no",
            "reference no",
            "reference number",
            "customer reference",
            "your reference",
            "cheque no",
            "cheque number",
            "check no",
            "chq no",
            "المرجع",
            "رقم المرجع",
            "مرجع",
            "رقم الشيك",
            "الشيك",
            "رقم السند",
            "رقم الحواله",
            "رقم المستند",
        ],
    ),
    (
        Field::BankReference,
        &[
            "operation number",
            "transaction id",
            "transaction number",
            "transaction no",
            "trans no",
            "txn id",
            "bank reference",
            "journal no",
            "رقم الحركه",
            "رقم العمليه",
            "رقم المعامله",
            "رقم القيد",
            "مرجع البنك",
        ],
    ),
    (
        Field::Text,
        &[
            "description",
            "label",
            "detail",
            "details",
            "narrative",
            "narration",
            "particulars",
            "remarks",
            "memo",
            "transaction details",
            "transaction description",
            "البيان",
            "بيان",
            "الوصف",
            "وصف",
            "التفاصيل",
            "تفاصيل",
            "الشرح",
            "شرح",
            "الملاحظات",
            "ملاحظات",
            "بيان الحركه",
            "وصف الحركه",
            "وصف العمليه",
            "تفاصيل الحركه",
        ],
    ),
    (
        Field::Party,
        &[
            "partner name",
            "counterparty",
            "counterparty name",
            "payee",
            "payer",
            "beneficiary",
            "beneficiary name",
            "partner",
            "المستفيد",
            "اسم المستفيد",
            "الجهه",
            "اسم الجهه",
            "الطرف المقابل",
            "المحول",
        ],
    ),
    (
        Field::PartyAccount,
        &[
            "bank account",
            "counterparty account",
            "beneficiary account",
            "partner account",
            "حساب المستفيد",
            "رقم حساب المستفيد",
            "حساب الطرف المقابل",
        ],
    ),
];

/// Beside the number of the account.
pub(super) const ACCOUNT: &[&str] = &[
    "iban",
    "account number",
    "account no",
    "account",
    "رقم الحساب",
    "الحساب",
    "رقم الايبان",
    "الايبان",
    "ايبان",
    "رقم الحساب الدولي",
];
/// Beside the currency.
pub(super) const CURRENCY: &[&str] = &["currency", "account currency", "ccy", "العمله", "عمله الحساب", "عمله"];
/// Beside the balance before the first movement.
pub(super) const OPENING: &[&str] = &[
    "opening balance",
    "beginning balance",
    "balance at start of period",
    "starting balance",
    "previous balance",
    "balance b f",
    "balance brought forward",
    "brought forward",
    "start balance",
    "الرصيد الافتتاحي",
    "رصيد افتتاحي",
    "رصيد اول المده",
    "الرصيد السابق",
    "رصيد سابق",
    "رصيد مدور",
    "الرصيد المدور",
    "رصيد بدايه الفتره",
];
/// Beside the balance after the last movement.
pub(super) const CLOSING: &[&str] = &[
    "closing balance",
    "ending balance",
    "balance at end of period",
    "end balance",
    "balance c f",
    "balance carried forward",
    "carried forward",
    "الرصيد الختامي",
    "رصيد ختامي",
    "رصيد اخر المده",
    "رصيد نهايه الفتره",
    "الرصيد النهايي",
];
/// Beside sums of columns.
pub(super) const TOTAL: &[&str] = &["total", "totals", "grand total", "المجموع", "الاجمالي", "مجموع", "اجمالي"];
/// In a column of directions, and after amounts: money that leaves the account.
pub(super) const LEAVES: &[&str] = &["dr", "d", "db", "dt", "debit", "dbit", "مدين", "منه", "سحب"];
/// Money that comes in.
pub(super) const COMES: &[&str] = &["cr", "c", "kt", "credit", "crdt", "داين", "له", "ايداع"];

/// Words as they are compared: folded, with one space between them and nothing else.
pub(super) fn fold(text: &str) -> String {
    let folded = diwan_kernel::text::fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The ways to read a heading: all its words, those of one script, and its parts; headings are often in two languages, or
/// name the currency too.
pub(super) fn readings(text: &str) -> Vec<String> {
    let script = |ascii: bool| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        fold(&words.filter(|word| !word.is_empty() && word.is_ascii() == ascii).collect::<Vec<_>>().join(" "))
    };
    let mut readings = vec![fold(text), script(true), script(false)];
    readings.extend(text.split(['/', '|', '\n', '(', ')', '-', ':']).map(fold));
    readings.retain(|reading| !reading.is_empty());
    readings
}

/// Whether a heading is one of the words.
pub(super) fn is_one_of(text: &str, words: &[&str]) -> bool {
    readings(text).iter().any(|reading| words.contains(&reading.as_str()))
}

/// The currency that a text names: an ISO 4217 code among its words, or one of the names that are seen in Jordan.
pub(super) fn currency(text: &str) -> Option<String> {
    const NAMES: [(&str, &str); 7] = [
        ("دينار اردني", "JOD"),
        ("jordanian dinar", "JOD"),
        ("دولار امريكي", "USD"),
        ("us dollar", "USD"),
        ("يورو", "EUR"),
        ("euro", "EUR"),
        ("جنيه استرليني", "GBP"),
    ];
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let code = words.find(|word| crate::currency::scale(word).is_some()).map(str::to_owned);
    let folded = fold(text);
    code.or_else(|| NAMES.iter().find(|(name, _)| folded.contains(name)).map(|(_, code)| (*code).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_their_folded_form() {
        let lists = [ACCOUNT, CURRENCY, OPENING, CLOSING, TOTAL, LEAVES, COMES];
        for word in HEADS.iter().flat_map(|(_, words)| words.iter()).chain(lists.into_iter().flatten()) {
            assert_eq!(fold(word), *word);
        }
    }

    #[test]
    fn no_word_heads_two_columns() {
        let mut all: Vec<&str> = HEADS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
