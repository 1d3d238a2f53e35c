//! The roles every agency has.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission::{self, *};
use diwan_schema::platform::{role_permissions, roles};

use super::store;
use crate::Outcome;

struct Builtin {
    code: &'static str,
    ar: &'static str,
    en: &'static str,
    permissions: &'static [Permission],
}

/// Administrators hold what they give to others: nobody gives what they do not have. What they see is bounded by their
/// clearance, and every gift is in the trail.
const BUILTIN: &[Builtin] = &[
    Builtin {
        code: "system_admin", ar: "مدير النظام", en: "System administrator", permissions: Permission::ALL
    },
    Builtin {
        code: "agency_admin",
        ar: "مدير الجهة",
        en: "Agency administrator",
        permissions: &[
            OrgManage,
            UsersManage,
            RolesManage,
            RoutesManage,
            SettingsManage,
            AuditRead,
            LettersDraft,
            LettersSign,
            LettersRegister,
            LettersRefer,
            LettersVoid,
            RecordsReadAll,
            AccessGrant,
            ViewsRead,
            ArchiveFile,
            ArchivePlan,
            ArchiveDispose,
            ArchiveRead,
            FinanceRead,
            FinanceStructure,
            FinanceBudget,
            FinancePrepare,
            FinanceCertify,
            FinanceAuthorise,
            FinancePay,
            FinanceReconcile,
            FinanceClose,
            Export,
        ],
    },
    Builtin {
        code: "registry_clerk",
        ar: "موظف الديوان",
        en: "Registry clerk",
        permissions: &[LettersDraft, LettersRegister, LettersRefer, ArchiveRead, ArchiveFile, RecordsReadAll, Export],
    },
    Builtin { code: "clerk", ar: "موظف", en: "Clerk", permissions: &[LettersDraft, ArchiveRead] },
    Builtin {
        code: "head",
        ar: "رئيس وحدة",
        en: "Head of unit",
        permissions: &[LettersDraft, LettersRefer, ArchiveRead, Export],
    },
    Builtin {
        code: "signatory",
        ar: "مفوض بالتوقيع",
        en: "Signatory",
        permissions: &[LettersDraft, LettersRefer, ArchiveRead, Export, LettersSign, RecordsReadAll],
    },
    Builtin {
        code: "archivist",
        ar: "أمين الأرشيف",
        en: "Archivist",
        permissions: &[ArchiveRead, ArchiveFile, ArchivePlan, ArchiveDispose, RecordsReadAll, AccessGrant, Export],
    },
    // What is destroyed needs two who did not propose it and who see every document of the act.
    Builtin {
        code: "disposal_committee",
        ar: "عضو لجنة إتلاف الوثائق",
        en: "Member of the disposal committee",
        permissions: &[ArchiveRead, ArchiveDispose, RecordsReadAll],
    },
    Builtin {
        code: "finance_manager",
        ar: "مدير الشؤون المالية",
        en: "Finance manager",
        permissions: &[
            FinanceRead,
            FinanceStructure,
            FinanceBudget,
            FinanceClose,
            FinanceAuthorise,
            FinanceReconcile,
            Export,
        ],
    },
    Builtin {
        code: "accountant",
        ar: "محاسب",
        en: "Accountant",
        permissions: &[FinanceRead, FinanceBudget, FinancePrepare, Export],
    },
    // Commitment control and audit before payment.
    Builtin {
        code: "commitment_controller",
        ar: "مراقب الالتزام",
        en: "Commitment controller",
        permissions: &[FinanceRead, FinanceCertify, Export],
    },
    Builtin {
        code: "treasurer",
        ar: "أمين الصندوق",
        en: "Treasurer",
        permissions: &[FinanceRead, FinancePay, FinanceReconcile, Export],
    },
    Builtin {
        code: "auditor",
        ar: "مدقق",
        en: "Auditor",
        permissions: &[AuditRead, RecordsReadAll, ViewsRead, FinanceRead, Export],
    },
];

/// Makes the built-in roles that are missing, and brings the rights of the others to what this version says.
/// Answers whether anything was changed (and so audited).
///
/// # Errors
/// The database fails.
pub fn ensure_builtin(tx: &mut WriteTx<'_>) -> Outcome<bool> {
    let mut changed = false;
    for role in BUILTIN {
        let id: Option<i64> = roles::table
            .filter(roles::agency_id.is_null())
            .filter(roles::code.eq(role.code))
            .select(roles::id)
            .first(tx.conn())
            .optional()?;
        let mut wanted = role.permissions.to_vec();
        wanted.sort_unstable();
        let id = match id {
            Some(id) if store::permissions(tx, id)? == wanted => continue,
            Some(id) => id,
            None => diesel::insert_into(roles::table)
                .values((
                    roles::agency_id.eq(None::<i64>),
                    roles::code.eq(role.code),
                    roles::name_ar.eq(role.ar),
                    roles::name_en.eq(role.en),
                    roles::version.eq(1),
                ))
                .returning(roles::id)
                .get_result(tx.conn())?,
        };
        diesel::delete(role_permissions::table.filter(role_permissions::role_id.eq(id))).execute(tx.conn())?;
        store::insert_permissions(tx, id, &wanted)?;
        tx.audit(Audit::of("role", id).after(&wanted))?;
        changed = true;
    }
    Ok(changed)
}
