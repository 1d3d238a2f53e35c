//! The common Diesel schema: one file per module and for large parts of one, all tables of the product.
//!
//! Portable column types only: BigInt, Integer, Text, Bool, Date, Timestamp (UTC), Binary and their Nullable.
//! Tables that meet in one query are listed in pairs below; a list of all tables would cost minutes of build time.
#![expect(missing_docs, reason = "columns are documented by the migrations and by the modules that own them")]

pub mod archive;
pub mod finance;
mod finance_bank;
mod finance_closing;
mod finance_ledger;
mod finance_payments;
mod finance_port;
pub mod platform;
pub mod tarasol;

/// Says that each two named tables may meet in one query.
macro_rules! meet {
    ($($left:ident: $($right:ident)+;)+) => {
        $($(diesel::allow_tables_to_appear_in_same_query!($left, $right);)+)+
    };
}

use archive::{
    archive_files, archive_volumes, checkouts, classes, disposal_items, disposal_votes, disposals, document_tags,
    document_types, document_values, documents, hold_records, holds, import_files, imports, keeping, page_marks,
    renditions, reviews, schedules, word_checks,
};
use finance::{
    accounts, authority_limits, bank_accounts, budget_keys, budget_lines, budget_moves, cheque_books, cheques,
    closing_rules, commitment_continuations, control_levels, cost_centres, entries, entry_lines, finance_approvals,
    finance_auto_reversals, finance_details, finance_documents, finance_lines, fiscal_periods, fiscal_years, line_cash,
    parties, payment_items, payment_runs, period_acceptances, period_balances, period_kinds, period_reopenings,
    period_seals, period_sign_offs, port_hold_lines, port_holds, posted_entries, provisional_documents,
    reconciliations, remittances, segments, template_drafts, year_end_commitments, year_ends,
};
use platform::{
    agencies, agency_keys, approval_routes, approval_steps, attachments, audit_entries, audit_seals, audit_unsealed,
    blob_checks, blobs, delegations, extracts, holdings, notes, notifications, numbers, positions, record_access,
    record_caveats, record_links, record_views, records, registers, rights_epochs, role_permissions, roles, scan_pages,
    seals, sessions, tasks, units, user_caveats, user_roles, users,
};
use tarasol::{deliveries, delivery_events, letter_recipients, letters};

meet! {
    records: letters documents record_access record_caveats record_links tasks notes attachments deliveries seals numbers
        users units agencies notifications letter_recipients extracts;
    letters: agencies users deliveries units record_access tasks documents letter_recipients record_caveats attachments;
    tasks: users units agencies positions record_access record_caveats holdings;
    notes: users positions;
    attachments: extracts blobs blob_checks users record_access record_caveats scan_pages documents renditions;
    scan_pages: records record_access record_caveats word_checks;
    page_marks: users;
    extracts: blobs blob_checks users;
    blob_checks: blobs users;
    record_views: records record_access record_caveats users;
    holdings: positions users units agencies;
    positions: units users agencies;
    users: agencies user_roles roles sessions units role_permissions user_caveats delegations audit_entries notifications delivery_events;
    user_roles: roles role_permissions;
    role_permissions: roles;
    deliveries: agencies delivery_events;
    letter_recipients: agencies units;
    audit_entries: audit_seals audit_unsealed;
    seals: agency_keys;
    approval_routes: approval_steps;
    documents: record_access agencies record_caveats;
    units: agencies;
    numbers: registers;
    sessions: rights_epochs;
    agency_keys: agencies;
    imports: users import_files;
    import_files: records blobs;
    renditions: blobs;
    records: keeping document_tags document_values archive_volumes archive_files disposal_items hold_records;
    keeping: schedules document_tags record_access record_caveats;
    document_tags: record_access record_caveats;
    archive_files: archive_volumes classes users;
    classes: documents archive_volumes;
    schedules: records record_access record_caveats;
    checkouts: users attachments;
    holds: classes archive_files hold_records users;
    disposals: disposal_items disposal_votes users;
    disposal_votes: users;
    disposal_items: keeping;
    reviews: users schedules;
    documents: document_types document_values document_tags archive_volumes archive_files keeping;
    fiscal_years: fiscal_periods control_levels budget_lines budget_keys;
    fiscal_periods: period_kinds period_reopenings entries period_balances entry_lines;
    entries: entry_lines posted_entries records users;
    entry_lines: accounts parties cost_centres budget_keys records;
    posted_entries: entry_lines records users;
    period_balances: accounts parties cost_centres budget_keys;
    budget_lines: budget_keys budget_moves;
    budget_moves: records users budget_keys;
    budget_keys: segments;
    records: finance_documents finance_lines;
    finance_documents: parties finance_lines finance_approvals fiscal_years accounts record_access record_caveats
        commitment_continuations;
    year_end_commitments: records;
    finance_lines: accounts budget_keys parties cost_centres;
    finance_approvals: users;
    finance_details: records finance_auto_reversals;
    authority_limits: users;
    bank_accounts: accounts reconciliations records;
    reconciliations: records;
    line_cash: budget_lines;
    payment_runs: records bank_accounts payment_items;
    payment_items: records finance_documents parties;
    cheque_books: bank_accounts;
    cheques: records bank_accounts;
    remittances: records finance_documents finance_lines;
    parties: records;
    port_holds: port_hold_lines records;
    port_hold_lines: records;
    provisional_documents: finance_documents records;
    template_drafts: records;
    period_seals: users fiscal_periods agency_keys;
    period_sign_offs: users closing_rules;
    period_acceptances: users;
    period_reopenings: users period_kinds;
    year_ends: fiscal_years entries;
}
