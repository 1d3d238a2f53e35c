//! Signing in and one's own account.

use chrono::{DateTime, NaiveDate, Utc};
use diwan_kernel::{Caveat, Lang, Named, Permission, Secrecy, codes, dto};

codes! {
    /// The colours of the screen.
    pub enum Theme {
        /// As the machine is set.
        System = "system",
        /// فاتح.
        Light = "light",
        /// داكن.
        Dark = "dark",
    }

    /// What a delegation (تفويض) covers.
    pub enum DelegationScope {
        /// Everything in "my work".
        All = "all",
        /// Reviews and approvals.
        Review = "review",
        /// Signatures.
        Sign = "sign",
    }
}

dto! {
    /// Name and password.
    pub struct LogIn {
        /// The name one signs in with; case does not matter.
        pub username: String,
        /// The password.
        pub password: String,
    }

    /// Who can sign in to a demonstration. Only `diwan demo` tells it.
    #[derive(Eq)]
    pub struct DemoUsers {
        /// The password of all of them.
        pub password: String,
        /// Agency by agency.
        pub users: Vec<DemoUser>,
    }

    /// An invented person of a demonstration.
    #[derive(Eq)]
    pub struct DemoUser {
        /// The name to sign in with.
        pub username: String,
        /// The person's name.
        pub name: Named,
        /// What they are.
        pub position: Named,
        /// Where.
        pub agency: Named,
    }

    /// A one-time code (TOTP, six digits, Arabic or Latin).
    pub struct OneTimeCode {
        /// The digits.
        pub code: String,
    }

    /// How far the browser has come with signing in.
    pub struct SessionState {
        /// Whether requests are answered.
        pub signed_in: bool,
        /// Whether the one-time code is still to be given (`POST /api/session/code`).
        pub awaits_code: bool,
        /// The person, once signed in.
        pub me: Option<Me>,
    }

    /// The person signed in.
    pub struct Me {
        /// The user.
        pub user_id: i64,
        /// The name one signs in with.
        pub username: String,
        /// The person's name.
        pub name: Named,
        /// The person's mail address.
        pub email: Option<String>,
        /// The agency.
        pub agency: Ref,
        /// Positions held today.
        pub positions: Vec<MyPosition>,
        /// Rights from all roles.
        pub permissions: Vec<Permission>,
        /// The highest secrecy the person may see.
        pub clearance: Secrecy,
        /// The caveats the person may see.
        pub caveats: Vec<Caveat>,
        /// Language of the screens and messages.
        pub lang: Lang,
        /// Colours of the screens.
        pub theme: Theme,
        /// Whether a new password has to be chosen before anything else.
        pub must_change: bool,
        /// Whether a one-time code is asked at sign-in.
        pub totp_enabled: bool,
        /// Persons this one may act for today.
        pub acts_for: Vec<ActingFor>,
    }

    /// Something by its id and name.
    #[derive(Eq)]
    pub struct Ref {
        /// The id.
        pub id: i64,
        /// The name.
        pub name: Named,
    }

    /// A position held today.
    pub struct MyPosition {
        /// The position.
        pub position_id: i64,
        /// Its title.
        pub title: Named,
        /// Its unit.
        pub unit: Ref,
        /// Whether it heads the unit.
        pub is_head: bool,
        /// Whether its holder may sign letters.
        pub can_sign: bool,
    }

    /// Somebody whose work the person may do today, under a delegation.
    pub struct ActingFor {
        /// Who delegated.
        pub user_id: i64,
        /// That person's name.
        pub name: Named,
        /// What for.
        pub scope: DelegationScope,
        /// The last day.
        pub ends_on: NaiveDate,
    }

    /// One sign-in on one browser.
    pub struct SessionItem {
        /// The session.
        pub id: i64,
        /// When it began.
        pub created_at: DateTime<Utc>,
        /// Its last request, give or take a minute.
        pub last_seen_at: DateTime<Utc>,
        /// When it ends in any case.
        pub expires_at: DateTime<Utc>,
        /// The address it began from.
        pub ip: String,
        /// The browser.
        pub user_agent: String,
        /// Whether it is the one that asks.
        pub current: bool,
    }

    /// A new password of one's own.
    pub struct ChangePassword {
        /// The password so far.
        pub current: String,
        /// The new one; see [`crate::people::password::check`].
        pub new: String,
    }

    /// What a person likes.
    pub struct Preferences {
        /// Language of the screens and messages.
        pub lang: Lang,
        /// Colours of the screens.
        pub theme: Theme,
    }

    /// The password again, before something that weakens the account.
    pub struct Reauthenticate {
        /// The password.
        pub password: String,
    }

    /// What an authenticator app needs; nothing is switched on until a first code is confirmed.
    pub struct TotpEnrolment {
        /// `otpauth://` address.
        pub uri: String,
        /// The secret for typing, base 32.
        pub secret: String,
        /// The address as a QR code: an SVG image.
        pub qr_svg: String,
    }
}
