//! The budget ledger (سجل الموازنة): where the money of a budget line stands.

use diwan_kernel::codes;

codes! {
    /// A stage of the money of a budget line. `Outside` is where it comes from and where it lapses to; it holds nothing.
    pub enum Bucket {
        /// Not in the line.
        Outside = "outside",
        /// غير موزّع: appropriated, no financial order yet.
        Unallotted = "unallotted",
        /// مجمّد.
        Frozen = "frozen",
        /// متاح: may be committed.
        Available = "available",
        /// محجوز: a requisition stands on it.
        PreCommitted = "pre_committed",
        /// ملتزم به.
        Committed = "committed",
        /// مستحق: the invoice is accepted, not paid.
        Obligated = "obligated",
        /// مدفوع.
        Paid = "paid",
    }

    /// Why money moves between buckets.
    pub enum MoveKind {
        /// The line begins, with nothing in it.
        Begin = "begin",
        /// قانون الموازنة.
        Law = "law",
        /// ملحق.
        Supplementary = "supplementary",
        /// مناقلة.
        Virement = "virement",
        /// أمر مالي.
        FinancialOrder = "financial_order",
        /// تجميد.
        Freeze = "freeze",
        /// رفع التجميد.
        Unfreeze = "unfreeze",
        /// حجز: a requisition.
        Reserve = "reserve",
        /// التزام.
        Commit = "commit",
        /// استحقاق: an invoice or a direct expense.
        Liquidate = "liquidate",
        /// صرف.
        Pay = "pay",
        /// إلغاء حجز أو التزام.
        Release = "release",
        /// عكس قيد.
        Reverse = "reverse",
        /// حوالة مرتجعة.
        ReturnedTransfer = "returned_transfer",
        /// تدوير.
        CarryIn = "carry_in",
        /// إلغاء بانتهاء السنة.
        Lapse = "lapse",
    }
}

impl MoveKind {
    /// Whether a move of this kind may go from one bucket to another (reference: stages of appropriation control).
    pub const fn allows(self, source: Bucket, target: Bucket) -> bool {
        use Bucket::{Available, Committed, Frozen, Obligated, Outside, Paid, PreCommitted, Unallotted};
        match self {
            Self::Begin => false,
            Self::Law => matches!((source, target), (Outside, Unallotted)),
            // A law takes down what a law gave; what stood for a law goes out again when the law comes.
            Self::Supplementary => matches!((source, target), (Outside, Unallotted) | (Unallotted, Outside)),
            Self::CarryIn => matches!((source, target), (Outside, Unallotted | Available | PreCommitted | Committed)),
            Self::Virement => matches!((source, target), (Unallotted, Outside) | (Outside, Unallotted)),
            Self::FinancialOrder => matches!((source, target), (Unallotted, Available) | (Available, Unallotted)),
            Self::Freeze => matches!((source, target), (Unallotted | Available, Frozen)),
            Self::Unfreeze => matches!((source, target), (Frozen, Unallotted | Available)),
            Self::Reserve => matches!((source, target), (Available, PreCommitted)),
            Self::Commit => matches!((source, target), (PreCommitted | Available, Committed)),
            Self::Liquidate => matches!((source, target), (Committed | Available | PreCommitted, Obligated)),
            Self::Pay => matches!((source, target), (Obligated, Paid)),
            Self::ReturnedTransfer => matches!((source, target), (Paid, Obligated)),
            Self::Release => matches!((source, target), (PreCommitted | Committed, Available)),
            Self::Reverse => matches!((source, target), (Obligated | Paid, Available | Committed)),
            // What is owed of an ended year lapses where the claim is given up.
            Self::Lapse => matches!(
                (source, target),
                (Unallotted | Available | Committed | Frozen | PreCommitted | Obligated, Outside)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_of_move_stands_still_and_every_bucket_can_be_reached_and_left() {
        let moves = |source, target| MoveKind::ALL.iter().any(|kind| kind.allows(source, target));
        for bucket in Bucket::ALL {
            assert!(!moves(*bucket, *bucket), "{bucket:?}");
            assert!(Bucket::ALL.iter().any(|other| moves(*other, *bucket)), "nothing leads to {bucket:?}");
            assert!(Bucket::ALL.iter().any(|other| moves(*bucket, *other)), "nothing leads out of {bucket:?}");
        }
        assert!(!moves(Bucket::Outside, Bucket::Paid), "what is paid was owed before");
        assert!(!moves(Bucket::Unallotted, Bucket::Committed), "no commitment without a financial order");
    }
}
