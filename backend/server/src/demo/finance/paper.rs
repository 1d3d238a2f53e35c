//! A paper of the year as it is told: what it says, when it is written, what becomes of it.

use diwan_finance_api::DocumentKind;

/// When a paper is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    /// On this day of the year: month and day.
    On(u32, u32),
    /// So many days before the demonstration begins: what is still under way.
    Ago(u64),
}

/// What becomes of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays a draft.
    Draft,
    /// It waits to be certified.
    Submitted,
    /// It waits to be authorised.
    Certified,
    /// It is posted.
    Posted,
    /// It came back for correction, for this reason.
    Returned(&'static str),
    /// It was given up, for this reason.
    Void(&'static str),
    /// It was posted and taken back some days later, for this reason.
    Reversed(&'static str),
    /// A commitment that was closed in a later month, for this reason: what is left of it is available again.
    Closed(u32, &'static str),
}

/// How a voucher is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PaidBy {
    /// With the next run of transfers.
    Transfer,
    /// By a cheque that its holder presents some days later.
    Cheque,
    /// By a cheque that nobody has presented yet.
    OpenCheque,
}

/// A line: account, activity and item of the key, debit, credit, narrative.
pub(super) type Line = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// A paper.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper {
    /// By which the plan knows it.
    pub(super) name: &'static str,
    pub(super) kind: DocumentKind,
    pub(super) when: When,
    pub(super) subject: &'static str,
    /// The code of its party; empty for none.
    pub(super) party: &'static str,
    /// Invoice, contract, notice.
    pub(super) reference: &'static str,
    /// The name of the paper it draws on; empty for none.
    pub(super) source: &'static str,
    /// The cost centre of its lines; empty for none.
    pub(super) centre: &'static str,
    pub(super) paid_by: PaidBy,
    /// By when it is to be settled: month and day.
    pub(super) due: Option<(u32, u32)>,
    /// What it takes from the next year.
    pub(super) next_year: &'static str,
    pub(super) lines: &'static [Line],
    pub(super) fate: Fate,
}

/// A paper that is posted; what else there is to say of it is added.
pub(super) const fn paper(
    name: &'static str,
    kind: DocumentKind,
    when: When,
    subject: &'static str,
    lines: &'static [Line],
) -> Paper {
    Paper {
        name,
        kind,
        when,
        subject,
        party: "",
        reference: "",
        source: "",
        centre: "",
        paid_by: PaidBy::Transfer,
        due: None,
        next_year: "",
        lines,
        fate: Fate::Posted,
    }
}

impl Paper {
    pub(super) const fn of(self, party: &'static str, reference: &'static str) -> Self {
        Self { party, reference, ..self }
    }

    pub(super) const fn on(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    pub(super) const fn at(self, centre: &'static str) -> Self {
        Self { centre, ..self }
    }

    pub(super) const fn paid(self, paid_by: PaidBy) -> Self {
        Self { paid_by, ..self }
    }

    pub(super) const fn due(self, month: u32, day: u32) -> Self {
        Self { due: Some((month, day)), ..self }
    }

    pub(super) const fn going_on(self, amount: &'static str) -> Self {
        Self { next_year: amount, ..self }
    }

    pub(super) const fn ends(self, fate: Fate) -> Self {
        Self { fate, ..self }
    }
}
