//! Users, roles and delegations.

use chrono::{DateTime, NaiveDate, Utc};
use diwan_kernel::{Caveat, Lang, Named, Permission, Secrecy, dto};

use super::{DelegationScope, Holding, Ref};

dto! {
    /// A user (مستخدم).
    pub struct User {
        /// The user.
        pub id: i64,
        /// The agency.
        pub agency: Ref,
        /// The name one signs in with.
        pub username: String,
        /// The person's name.
        pub name: Named,
        /// The person's mail address.
        pub email: Option<String>,
        /// The highest secrecy the person may see (درجة الاطلاع).
        pub clearance: Secrecy,
        /// The caveats the person may see.
        pub caveats: Vec<Caveat>,
        /// The roles.
        pub roles: Vec<Ref>,
        /// Positions held today or later.
        pub holdings: Vec<Holding>,
        /// Language of the person's messages.
        pub lang: Lang,
        /// Whether the person may sign in.
        pub active: bool,
        /// Whether a new password has to be chosen at the next sign-in.
        pub must_change: bool,
        /// Whether a one-time code is asked at sign-in.
        pub totp_enabled: bool,
        /// Until when sign-in waits after wrong passwords.
        pub locked_until: Option<DateTime<Utc>>,
        /// The last sign-in.
        pub last_login_at: Option<DateTime<Utc>>,
        /// When the account was made.
        pub created_at: DateTime<Utc>,
        /// Goes up with every change.
        pub version: i64,
    }

    /// One line of the list of users.
    pub struct UserItem {
        /// The user.
        pub id: i64,
        /// The name one signs in with.
        pub username: String,
        /// The person's name.
        pub name: Named,
        /// The person's mail address.
        pub email: Option<String>,
        /// Title of the first position held today.
        pub title: Option<Named>,
        /// Unit of that position.
        pub unit: Option<Ref>,
        /// The highest secrecy the person may see.
        pub clearance: Secrecy,
        /// Whether the person may sign in.
        pub active: bool,
        /// The last sign-in.
        pub last_login_at: Option<DateTime<Utc>>,
        /// Goes up with every change.
        pub version: i64,
    }

    /// A new user.
    pub struct NewUser {
        /// The agency, one's own unless told.
        pub agency_id: Option<i64>,
        /// The name one signs in with: 3 to 64 of a-z, 0-9, `.`, `_`, `-`.
        pub username: String,
        /// The rest.
        #[serde(flatten)]
        pub edit: UserEdit,
    }

    /// What can be changed of a user; all of it is sent.
    pub struct UserEdit {
        /// The person's name.
        pub name: Named,
        /// The person's mail address.
        pub email: Option<String>,
        /// The highest secrecy the person may see; at most one's own.
        pub clearance: Secrecy,
        /// The caveats the person may see.
        pub caveats: Vec<Caveat>,
        /// The roles.
        pub role_ids: Vec<i64>,
        /// Language of the person's messages.
        pub lang: Lang,
        /// Whether the person may sign in.
        pub active: bool,
    }

    /// A new user with the password for the first sign-in, which is told this once.
    pub struct UserCreated {
        /// The user.
        pub user: User,
        /// To be handed over; it has to be changed at the first sign-in.
        pub temporary_password: String,
    }

    /// A password for the next sign-in, which is told this once.
    pub struct TemporaryPassword {
        /// To be handed over; it has to be changed at the next sign-in.
        pub temporary_password: String,
    }

    /// A role (دور): a set of rights.
    pub struct Role {
        /// The role.
        pub id: i64,
        /// The agency it belongs to; none for the built-in roles, which every agency has and nobody edits.
        pub agency_id: Option<i64>,
        /// Short code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Its rights.
        pub permissions: Vec<Permission>,
        /// How many users of one's own agency have it.
        pub users: i64,
        /// Goes up with every change.
        pub version: i64,
    }

    /// A new role, or all fields of one.
    pub struct RoleInput {
        /// The agency, one's own unless told; only for a new one.
        pub agency_id: Option<i64>,
        /// Short code, unique in the agency.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Its rights; nobody gives a right they do not hold.
        pub permissions: Vec<Permission>,
    }

    /// A delegation (تفويض): somebody's work may be done by a colleague for some days.
    pub struct Delegation {
        /// The delegation.
        pub id: i64,
        /// Whose work.
        pub from: Ref,
        /// Who may do it.
        pub to: Ref,
        /// What of it.
        pub scope: DelegationScope,
        /// The first day.
        pub starts_on: NaiveDate,
        /// The last day.
        pub ends_on: NaiveDate,
        /// Why.
        pub reason: String,
        /// Whether it holds today.
        pub in_force: bool,
        /// When it was taken back.
        pub revoked_at: Option<DateTime<Utc>>,
        /// Who made it.
        pub created_by: Ref,
    }

    /// A new delegation.
    pub struct DelegationInput {
        /// Whose work: one's own unless told (others take `users.manage`).
        pub from_user_id: Option<i64>,
        /// Who may do it: a colleague of the same agency.
        pub to_user_id: i64,
        /// What of it.
        pub scope: DelegationScope,
        /// The first day, today or later.
        pub starts_on: NaiveDate,
        /// The last day, at most a year after the first.
        pub ends_on: NaiveDate,
        /// Why.
        pub reason: String,
    }
}
