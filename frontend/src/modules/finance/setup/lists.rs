//! The lists of the setup: what each shows of a row, and what its form asks for.

use diwan_finance_api::{ClosingRuleKind, DocumentKind, PartyKind, SegmentKind, VirementScope};
use diwan_kernel::Permission;

use super::describe::{Col, Field, Kind, List, Show, col, hint, key, may, must, sorted};

const CODE: Col = sorted(col("code", "import-column-code", Show::Code, "c-no"), "code");
const NAME: Col = sorted(col("name", "setup-name", Show::Name, "c-subj"), "name");
const ACTIVE: Col = col("active", "state", Show::Yes, "c-state");
const FROM: Col = col("active_from", "import-column-active-from", Show::Day, "c-due");
const TO: Col = col("active_to", "import-column-active-to", Show::Day, "c-due");
const REFERENCE: Col = col("reference", "import-column-reference", Show::Text, "c-subj");

const CODE_FIELD: Field = must("code", "import-column-code", Kind::Code(20));
const NAME_FIELD: Field = must("name", "setup-name", Kind::Name);
const ACTIVE_FIELD: Field = may("active", "setup-active", Kind::Yes);
const FROM_FIELD: Field = must("active_from", "import-column-active-from", Kind::Day);
const TO_FIELD: Field = may("active_to", "import-column-active-to", Kind::Day);
const REFERENCE_FIELD: Field = must("reference", "import-column-reference", Kind::Text);
const IBAN_FIELD: Field = hint(may("iban", "import-column-iban", Kind::Code(42)), "setup-iban-hint");
const CURRENCY_FIELD: Field = must("currency", "import-column-currency", Kind::Code(3));

/// The codes of a closed set, in its order.
macro_rules! codes_of {
    ($set:ty) => {{
        const CODES: [&str; <$set>::ALL.len()] = {
            let mut codes = [""; <$set>::ALL.len()];
            let (mut slots, mut values): (&mut [&str], &[$set]) = (&mut codes, <$set>::ALL);
            while let ([slot, more @ ..], [value, others @ ..]) = (slots, values) {
                *slot = value.code();
                (slots, values) = (more, others);
            }
            codes
        };
        &CODES
    }};
}

const PARTY_KINDS: &[&str] = codes_of!(PartyKind);
const SEGMENT_KINDS: &[&str] = codes_of!(SegmentKind);
const DOCUMENT_KINDS: &[&str] = codes_of!(DocumentKind);
const VIREMENT_SCOPES: &[&str] = codes_of!(VirementScope);
const CLOSING_RULE_KINDS: &[&str] = codes_of!(ClosingRuleKind);
/// The rights by which a sign-off is given or a virement authorised: those of finance.
const RIGHTS: &[&str] = &[
    Permission::FinancePrepare.code(),
    Permission::FinanceCertify.code(),
    Permission::FinanceAuthorise.code(),
    Permission::FinancePay.code(),
    Permission::FinanceReconcile.code(),
    Permission::FinanceBudget.code(),
    Permission::FinanceStructure.code(),
    Permission::FinanceClose.code(),
    Permission::FinanceRead.code(),
];

/// All of them, in the order of their tabs.
pub(super) static LISTS: [List; 13] = [
    List {
        code: "periods",
        text: "periods",
        tab: "setup/periods",
        cols: &[
            sorted(col("year", "import-column-year", Show::Code, "c-no"), "code"),
            col("period", "period", Show::Named, "c-subj"),
            col("starts_on", "import-column-starts-on", Show::Day, "c-due"),
            col("ends_on", "import-column-ends-on", Show::Day, "c-due"),
            col("state", "state", Show::Word("period-state"), "c-state"),
            col("closed", "import-column-closed", Show::Words("record-kind"), "c-agency"),
        ],
        fields: &[],
        kinds: None,
        grows: false,
    },
    List {
        code: "segments",
        text: "segments",
        tab: "setup/segments",
        cols: &[
            CODE,
            NAME,
            col("kind", "import-column-kind", Show::Word("segment-kind"), "c-sec"),
            col("parent", "import-column-parent-code", Show::Named, "c-agency"),
            col("gfsm", "import-column-gfsm", Show::Code, "c-to"),
            col("cofog", "import-column-cofog", Show::Code, "c-to"),
            col("posting", "import-column-posting", Show::Yes, "c-state"),
        ],
        fields: &[
            must("kind", "import-column-kind", Kind::Choice("segment-kind", SEGMENT_KINDS)),
            hint(CODE_FIELD, "setup-part-code-hint"),
            NAME_FIELD,
            may("parent_id", "setup-above", Kind::Pick("/api/finance/pick/segments")),
            hint(may("gfsm", "import-column-gfsm", Kind::Code(6)), "setup-gfsm-hint"),
            hint(may("cofog", "import-column-cofog", Kind::Code(5)), "setup-cofog-hint"),
            FROM_FIELD,
            TO_FIELD,
            may("posting", "setup-posting", Kind::Yes),
        ],
        kinds: Some(("segment-kind", SEGMENT_KINDS)),
        grows: true,
    },
    List {
        code: "control-levels",
        text: "control-levels",
        tab: "setup/control-levels",
        cols: &[
            sorted(col("year", "import-column-year", Show::Code, "c-no"), "code"),
            sorted(col("kind", "import-column-kind", Show::Word("segment-kind"), "c-subj"), "name"),
            col("depth", "control-depth", Show::Code, "c-to"),
            col("fixed", "control-fixed", Show::Yes, "c-state"),
        ],
        fields: &[
            key(must("year", "import-column-year", Kind::Number)),
            key(must("kind", "import-column-kind", Kind::Choice("segment-kind", SEGMENT_KINDS))),
            hint(must("depth", "control-depth", Kind::Number), "control-depth-hint"),
        ],
        kinds: None,
        grows: false,
    },
    List {
        code: "keys",
        text: "budget-keys",
        tab: "setup/keys",
        cols: &[
            col("year", "import-column-year", Show::Code, "c-no"),
            sorted(col("key", "dimension-key", Show::Named, "c-subj"), "code"),
            col("activity", "segment-kind-activity", Show::Named, "c-agency"),
            col("fund", "segment-kind-fund", Show::Named, "c-sec"),
            col("location", "segment-kind-location", Show::Named, "c-to"),
        ],
        fields: &[
            key(must("year", "import-column-year", Kind::Number)),
            key(must("chapter_id", "segment-kind-chapter", Kind::Pick("/api/finance/pick/chapter"))),
            key(must("programme_id", "segment-kind-programme", Kind::Pick("/api/finance/pick/programme"))),
            key(must("activity_id", "segment-kind-activity", Kind::Pick("/api/finance/pick/activity"))),
            key(must("fund_id", "segment-kind-fund", Kind::Pick("/api/finance/pick/fund"))),
            key(must("location_id", "segment-kind-location", Kind::Pick("/api/finance/pick/location"))),
            key(must("item_id", "segment-kind-item", Kind::Pick("/api/finance/pick/item"))),
        ],
        kinds: None,
        grows: true,
    },
    List {
        code: "parties",
        text: "parties",
        tab: "setup/parties",
        cols: &[
            CODE,
            NAME,
            col("kind", "import-column-kind", Show::Word("party-kind"), "c-sec"),
            col("tax_number", "import-column-tax-number", Show::Code, "c-to"),
            col("iban", "import-column-iban", Show::Code, "c-agency"),
            ACTIVE,
        ],
        fields: &[
            must("kind", "import-column-kind", Kind::Choice("party-kind", PARTY_KINDS)),
            CODE_FIELD,
            NAME_FIELD,
            may("tax_number", "import-column-tax-number", Kind::Code(30)),
            may("national_number", "import-column-national-number", Kind::Code(30)),
            IBAN_FIELD,
            hint(may("user_id", "setup-user", Kind::Pick("/api/people/pick")), "setup-user-hint"),
            may("advance_limit", "import-column-advance-limit", Kind::Code(30)),
            ACTIVE_FIELD,
        ],
        kinds: Some(("party-kind", PARTY_KINDS)),
        grows: true,
    },
    List {
        code: "cost-centres",
        text: "cost-centres",
        tab: "setup/cost-centres",
        cols: &[CODE, NAME, ACTIVE],
        fields: &[CODE_FIELD, NAME_FIELD, ACTIVE_FIELD],
        kinds: None,
        grows: true,
    },
    List {
        code: "bank-accounts",
        text: "bank-accounts",
        tab: "setup/bank-accounts",
        cols: &[
            CODE,
            NAME,
            col("account", "import-column-account", Show::Named, "c-agency"),
            col("number", "import-column-number", Show::Code, "c-to"),
            col("currency", "import-column-currency", Show::Code, "c-sec"),
            ACTIVE,
        ],
        fields: &[
            CODE_FIELD,
            must("account_id", "setup-account", Kind::Pick("/api/finance/pick/accounts")),
            NAME_FIELD,
            must("number", "import-column-number", Kind::Code(40)),
            CURRENCY_FIELD,
            IBAN_FIELD,
            may("bic", "import-column-bic", Kind::Code(11)),
            may("cash", "import-column-cash", Kind::No),
            ACTIVE_FIELD,
        ],
        kinds: None,
        grows: true,
    },
    List {
        code: "authority-limits",
        text: "authority-limits",
        tab: "setup/authority-limits",
        cols: &[
            sorted(col("user", "setup-user", Show::Named, "c-subj"), "name"),
            col("kind", "setup-document", Show::Word("record-kind"), "c-agency"),
            col("amount", "import-column-amount", Show::Code, "c-no"),
            FROM,
            TO,
            REFERENCE,
        ],
        fields: &[
            must("user_id", "setup-user", Kind::Pick("/api/people/pick")),
            may("kind", "setup-document", Kind::Choice("record-kind", DOCUMENT_KINDS)),
            must("amount", "import-column-amount", Kind::Code(30)),
            REFERENCE_FIELD,
            FROM_FIELD,
            TO_FIELD,
        ],
        kinds: None,
        grows: true,
    },
    List {
        code: "virement-rules",
        text: "virement-rules",
        tab: "setup/virement-rules",
        cols: &[
            sorted(col("from_item", "import-column-from-item", Show::Code, "c-no"), "code"),
            col("to_item", "import-column-to-item", Show::Code, "c-no"),
            col("scope", "import-column-scope", Show::Word("virement-scope"), "c-sec"),
            col("allowed", "import-column-allowed", Show::Yes, "c-state"),
            col("percent", "import-column-percent", Show::Code, "c-to"),
            col("right", "import-column-right", Show::Word("permission"), "c-agency"),
            FROM,
            TO,
            REFERENCE,
        ],
        fields: &[
            hint(may("from_item", "import-column-from-item", Kind::Code(20)), "setup-item-hint"),
            hint(may("to_item", "import-column-to-item", Kind::Code(20)), "setup-item-hint"),
            may("scope", "import-column-scope", Kind::Choice("virement-scope", VIREMENT_SCOPES)),
            may("percent", "import-column-percent", Kind::Number),
            hint(may("right", "import-column-right", Kind::Choice("permission", RIGHTS)), "virement-right-hint"),
            REFERENCE_FIELD,
            FROM_FIELD,
            TO_FIELD,
            may("allowed", "import-column-allowed", Kind::Yes),
        ],
        kinds: None,
        grows: true,
    },
    List {
        code: "closing-rules",
        text: "closing-rules",
        tab: "setup/closing-rules",
        cols: &[
            CODE,
            NAME,
            col("kind", "import-column-kind", Show::Word("closing-rule-kind"), "c-sec"),
            col("right", "closing-rule-right", Show::Word("permission"), "c-agency"),
            col("other_person", "closing-rule-other", Show::Yes, "c-state"),
            FROM,
            TO,
        ],
        fields: &[
            must("kind", "import-column-kind", Kind::Choice("closing-rule-kind", CLOSING_RULE_KINDS)),
            hint(CODE_FIELD, "closing-rule-code-hint"),
            may("name", "setup-name", Kind::Name),
            hint(may("right", "closing-rule-right", Kind::Choice("permission", RIGHTS)), "closing-rule-right-hint"),
            FROM_FIELD,
            TO_FIELD,
            may("other_person", "closing-rule-other", Kind::Yes),
        ],
        kinds: Some(("closing-rule-kind", CLOSING_RULE_KINDS)),
        grows: true,
    },
    List {
        code: "provisional-rules",
        text: "provisional-rules",
        tab: "setup/provisional-rules",
        cols: &[
            sorted(col("year", "import-column-year", Show::Code, "c-no"), "code"),
            col("allowed", "import-column-allowed", Show::Yes, "c-state"),
            col("parts", "import-column-parts", Show::Code, "c-to"),
            FROM,
            TO,
            REFERENCE,
        ],
        fields: &[
            must("year", "import-column-year", Kind::Number),
            hint(must("parts", "import-column-parts", Kind::Number), "provisional-parts-hint"),
            REFERENCE_FIELD,
            FROM_FIELD,
            TO_FIELD,
            may("allowed", "import-column-allowed", Kind::Yes),
        ],
        kinds: None,
        grows: true,
    },
    List {
        code: "rates",
        text: "rates",
        tab: "setup/rates",
        cols: &[
            sorted(col("currency", "import-column-currency", Show::Code, "c-no"), "code"),
            sorted(col("day", "import-column-day", Show::Day, "c-due"), "name"),
            col("rate", "import-column-rate", Show::Code, "c-to"),
        ],
        fields: &[
            CURRENCY_FIELD,
            must("day", "import-column-day", Kind::Day),
            hint(must("rate", "import-column-rate", Kind::Code(24)), "setup-rate-hint"),
        ],
        kinds: None,
        grows: true,
    },
    List {
        code: "currencies",
        text: "currencies",
        tab: "setup/currencies",
        cols: &[CODE, NAME, col("scale", "currency-scale", Show::Code, "c-to")],
        fields: &[
            hint(key(must("code", "import-column-code", Kind::Code(3))), "currency-code-hint"),
            hint(must("scale", "currency-scale", Kind::Number), "currency-scale-hint"),
            NAME_FIELD,
            hint(may("unit_ar", "import-column-unit-ar", Kind::Text), "currency-forms-ar"),
            hint(may("unit_en", "import-column-unit-en", Kind::Text), "currency-forms-en"),
            hint(may("fraction_ar", "import-column-fraction-ar", Kind::Text), "currency-forms-ar"),
            hint(may("fraction_en", "import-column-fraction-en", Kind::Text), "currency-forms-en"),
        ],
        kinds: None,
        grows: true,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{code_key, find};

    #[test]
    fn every_text_is_there_and_every_code_has_its_word() {
        let there = |key: &str| assert!(find(key, None).is_some(), "no text for {key}");
        for list in &LISTS {
            there(list.text);
            for col in list.cols {
                there(col.text);
            }
            for field in list.fields {
                there(field.text);
                field.hint.into_iter().for_each(there);
            }
        }
        for (set, codes) in [
            ("party-kind", PARTY_KINDS),
            ("segment-kind", SEGMENT_KINDS),
            ("record-kind", DOCUMENT_KINDS),
            ("virement-scope", VIREMENT_SCOPES),
        ] {
            codes.iter().for_each(|code| there(&code_key(set, code)));
        }
    }
}
