//! A small government: three ministries with units, posts, people and rights, for tests of everything above the database.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, Db, DbError, WriteTx};
use diwan_kernel::{Permission, Secrecy, Who, text};
use diwan_platform::{Actor, Outcome, Refusal, records::numbers};
use diwan_schema::platform::{agencies, holdings, positions, role_permissions, roles, units, user_roles, users};

/// What each person of an agency is: user name without the agency, unit, whether head, may sign, rights.
const PEOPLE: [(&str, &str, bool, bool, &[Permission]); 7] = [
    (
        "sg",
        "office",
        true,
        true,
        &[
            Permission::LettersSign,
            Permission::LettersRefer,
            Permission::LettersDraft,
            Permission::RecordsReadAll,
            Permission::LettersVoid,
        ],
    ),
    ("registry_head", "registry", true, false, &[Permission::LettersDraft, Permission::LettersRefer]),
    (
        "clerk",
        "registry",
        false,
        false,
        &[
            Permission::LettersDraft,
            Permission::LettersRegister,
            Permission::LettersRefer,
            Permission::RecordsReadAll,
            Permission::ArchiveRead,
            Permission::ArchiveFile,
            Permission::Export,
        ],
    ),
    ("director", "budget", true, false, &[Permission::LettersDraft, Permission::LettersRefer]),
    ("head", "studies", true, false, &[Permission::LettersDraft, Permission::LettersRefer]),
    ("staff", "studies", false, false, &[Permission::LettersDraft]),
    ("other_head", "legal", true, false, &[Permission::LettersDraft]),
];

/// Units: code, parent, Arabic name.
const UNITS: [(&str, Option<&str>, &str); 5] = [
    ("office", None, "مكتب الأمين العام"),
    ("registry", Some("office"), "قسم الديوان"),
    ("budget", Some("office"), "مديرية الموازنة"),
    ("studies", Some("budget"), "قسم الدراسات"),
    ("legal", Some("office"), "قسم الشؤون القانونية"),
];

/// An agency of the test government.
#[derive(Debug, Clone)]
pub struct TestAgency {
    /// Its id.
    pub id: i64,
    /// Units by code.
    pub units: BTreeMap<&'static str, i64>,
    /// Positions by the name of their holder.
    pub positions: BTreeMap<&'static str, i64>,
    /// Users by name: `sg`, `registry_head`, `clerk`, `director`, `head`, `staff`, `other_head`.
    pub users: BTreeMap<&'static str, i64>,
}

/// The test government.
#[derive(Debug, Clone)]
pub struct World {
    /// وزارة الاقتصاد الرقمي والريادة.
    pub modee: TestAgency,
    /// وزارة المالية.
    pub mof: TestAgency,
    /// وزارة الصحة: the third one, which must find nothing.
    pub moh: TestAgency,
}

impl World {
    /// Sets the government up.
    ///
    /// # Panics
    /// The database refuses.
    pub fn on(db: &Db) -> Self {
        db.write_now(Who::system(), "test.world", |tx| {
            let world = Self {
                modee: agency(tx, "MODEE", "وزارة الاقتصاد الرقمي والريادة", "Ministry of Digital Economy")?,
                mof: agency(tx, "MOF", "وزارة المالية", "Ministry of Finance")?,
                moh: agency(tx, "MOH", "وزارة الصحة", "Ministry of Health")?,
            };
            tx.audit(Audit::of("agency", world.modee.id))?;
            Ok::<_, Refusal>(world)
        })
        .unwrap_or_else(|refusal| panic!("no test government: {refusal}"))
    }
}

impl TestAgency {
    /// The person of that name, as they come with a request.
    ///
    /// # Panics
    /// There is nobody of that name.
    pub fn actor(&self, db: &Db, name: &str) -> Actor {
        let id = self.users.get(name).copied().unwrap_or_else(|| panic!("no {name}"));
        db.read_now(|tx| Actor::load(tx, id)).unwrap_or_else(|refusal| panic!("no actor {name}: {refusal}"))
    }
}

/// Gives a person one more right, through the first of their roles.
///
/// # Panics
/// The database refuses.
pub fn give_right(db: &Db, user_id: i64, right: Permission) {
    db.upkeep("test.grant", |tx| {
        let of_user = user_roles::table.filter(user_roles::user_id.eq(user_id));
        let role: i64 = of_user.select(user_roles::role_id).first(tx.conn())?;
        let row = (role_permissions::role_id.eq(role), role_permissions::permission.eq(right.code()));
        Ok::<_, DbError>(diesel::insert_into(role_permissions::table).values(row).execute(tx.conn())?)
    })
    .unwrap_or_else(|fault| panic!("no right: {fault}"));
}

fn agency(tx: &mut WriteTx<'_>, code: &'static str, ar: &str, en: &str) -> Outcome<TestAgency> {
    let now = tx.now();
    let id: i64 = diesel::insert_into(agencies::table)
        .values((
            agencies::code.eq(code),
            agencies::name_ar.eq(ar),
            agencies::name_en.eq(en),
            agencies::kind.eq("ministry"),
            agencies::addressee_ar.eq(format!("معالي وزير {ar}")),
            agencies::addressee_en.eq(format!("H.E. the Minister, {en}")),
            agencies::active.eq(true),
            agencies::fold.eq(text::fold(ar)),
            agencies::created_at.eq(now),
            agencies::version.eq(1_i64),
        ))
        .returning(agencies::id)
        .get_result(tx.conn())?;
    numbers::ensure_registers(tx, id, code)?;
    let mut out = TestAgency { id, units: BTreeMap::new(), positions: BTreeMap::new(), users: BTreeMap::new() };
    for (unit, parent, name) in UNITS {
        let parent_id = parent.and_then(|parent| out.units.get(parent)).copied();
        let unit_id = self::unit(tx, id, unit, parent_id, name)?;
        out.units.insert(unit, unit_id);
    }
    for person in PEOPLE {
        let unit_id = out.units.get(person.1).copied().unwrap_or_default();
        let (user_id, position_id) = self::person(tx, (id, code), unit_id, person)?;
        out.users.insert(person.0, user_id);
        out.positions.insert(person.0, position_id);
    }
    Ok(out)
}

fn unit(tx: &mut WriteTx<'_>, agency_id: i64, code: &str, parent_id: Option<i64>, name: &str) -> Outcome<i64> {
    Ok(diesel::insert_into(units::table)
        .values((
            units::agency_id.eq(agency_id),
            units::parent_id.eq(parent_id),
            units::code.eq(code),
            units::name_ar.eq(name),
            units::name_en.eq(code),
            units::kind.eq("section"),
            units::active.eq(true),
            units::fold.eq(text::fold(name)),
            units::version.eq(1_i64),
        ))
        .returning(units::id)
        .get_result(tx.conn())?)
}

fn person(
    tx: &mut WriteTx<'_>,
    (agency_id, agency_code): (i64, &str),
    unit_id: i64,
    (name, _, is_head, can_sign, rights): (&'static str, &'static str, bool, bool, &'static [Permission]),
) -> Outcome<(i64, i64)> {
    let now = tx.now();
    let username = format!("{name}.{}", agency_code.to_lowercase());
    let user_id: i64 = diesel::insert_into(users::table)
        .values((
            users::agency_id.eq(agency_id),
            users::username.eq(&username),
            users::name_ar.eq(format!("{name} {agency_code}")),
            users::name_en.eq(format!("{name} {agency_code}")),
            users::password_hash.eq("-"),
            users::password_changed_at.eq(now),
            users::must_change.eq(false),
            users::clearance.eq(Secrecy::Secret.code()),
            users::lang.eq("ar"),
            users::theme.eq("system"),
            users::active.eq(true),
            users::fold.eq(&username),
            users::created_at.eq(now),
            users::version.eq(1_i64),
        ))
        .returning(users::id)
        .get_result(tx.conn())?;
    let position_id: i64 = diesel::insert_into(positions::table)
        .values((
            positions::agency_id.eq(agency_id),
            positions::unit_id.eq(unit_id),
            positions::title_ar.eq(name),
            positions::title_en.eq(name),
            positions::is_head.eq(is_head),
            positions::can_sign.eq(can_sign),
            positions::active.eq(true),
            positions::version.eq(1_i64),
        ))
        .returning(positions::id)
        .get_result(tx.conn())?;
    diesel::insert_into(holdings::table)
        .values((
            holdings::position_id.eq(position_id),
            holdings::user_id.eq(user_id),
            holdings::from_date.eq(NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default()),
        ))
        .execute(tx.conn())?;
    grant(tx, (agency_id, user_id), name, rights)?;
    Ok((user_id, position_id))
}

/// Gives a person a role of their own with these rights.
fn grant(tx: &mut WriteTx<'_>, (agency_id, user_id): (i64, i64), name: &str, rights: &[Permission]) -> Outcome<()> {
    let role_id: i64 = diesel::insert_into(roles::table)
        .values((
            roles::agency_id.eq(agency_id),
            roles::code.eq(name),
            roles::name_ar.eq(name),
            roles::name_en.eq(name),
            roles::version.eq(1_i64),
        ))
        .returning(roles::id)
        .get_result(tx.conn())?;
    for right in rights {
        diesel::insert_into(role_permissions::table)
            .values((role_permissions::role_id.eq(role_id), role_permissions::permission.eq(right.code())))
            .execute(tx.conn())?;
    }
    diesel::insert_into(user_roles::table)
        .values((user_roles::user_id.eq(user_id), user_roles::role_id.eq(role_id)))
        .execute(tx.conn())?;
    Ok(())
}
