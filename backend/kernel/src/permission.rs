//! What a role can allow.

use crate::codes;

codes! {
    /// A right (صلاحية). Roles are sets of these; each route names the one it takes.
    pub enum Permission {
        /// Maintain agencies, units and positions of one's own agency.
        OrgManage = "org.manage",
        /// Maintain every agency of the installation.
        AgenciesManage = "agencies.manage",
        /// Maintain users, their roles, positions, clearance and delegations.
        UsersManage = "users.manage",
        /// Maintain roles.
        RolesManage = "roles.manage",
        /// Maintain approval routes.
        RoutesManage = "routes.manage",
        /// Maintain holidays, registers, letterheads, templates and settings.
        SettingsManage = "settings.manage",
        /// See jobs, retry dead ones, see the state of the index.
        JobsManage = "jobs.manage",
        /// Read the audit trail.
        AuditRead = "audit.read",
        /// Write letters.
        LettersDraft = "letters.draft",
        /// Sign and so issue letters.
        LettersSign = "letters.sign",
        /// Register incoming letters, refer them, recall outgoing ones (ديوان / قلم الوارد والصادر).
        LettersRegister = "letters.register",
        /// Refer a letter to others.
        LettersRefer = "letters.refer",
        /// Void a number with a reason.
        LettersVoid = "letters.void",
        /// See every record of one's agency within one's clearance.
        RecordsReadAll = "records.read_all",
        /// Let others see records for a time, decide on requests, say who sees a class.
        AccessGrant = "access.grant",
        /// Read who saw, printed and downloaded records.
        ViewsRead = "views.read",
        /// File documents in the archive.
        ArchiveFile = "archive.file",
        /// Maintain the plan: classes, kinds of documents, retention schedules; end the check-outs of others.
        ArchivePlan = "archive.plan",
        /// Set holds, review what is due, propose and confirm destruction.
        ArchiveDispose = "archive.dispose",
        /// Search and open the archive.
        ArchiveRead = "archive.read",
        /// Read figures and documents of one's agency's money.
        FinanceRead = "finance.read",
        /// Maintain fiscal years, the chart of accounts, parties, bank accounts.
        FinanceStructure = "finance.structure",
        /// Prepare the budget law, orders, virements, releases and freezes.
        FinanceBudget = "finance.budget",
        /// Prepare commitments and vouchers.
        FinancePrepare = "finance.prepare",
        /// Certify documents of finance before they are authorised.
        FinanceCertify = "finance.certify",
        /// Authorise documents of finance, up to one's limit.
        FinanceAuthorise = "finance.authorise",
        /// Pay: runs, cheques, cash.
        FinancePay = "finance.pay",
        /// Take in bank statements and reconcile them.
        FinanceReconcile = "finance.reconcile",
        /// Close and reopen periods.
        FinanceClose = "finance.close",
        /// Export lists and download documents.
        Export = "export",
    }
}
