//! What every part of Diwan shares, server and browser alike: codes, names, permissions, problems, pages, dates.
//!
//! Nothing here knows a database, a web server or another crate of Diwan; everything builds for wasm.

mod codes;
pub mod days;
pub mod money;
pub mod page;
pub mod permission;
pub mod problem;
pub mod text;
pub mod transition;
pub mod who;

pub use codes::{Caveat, Lang, Named, Priority, Secrecy};
pub use page::{Page, PageRequest};
pub use permission::Permission;
pub use problem::{FieldError, Problem, ProblemDetail};
pub use transition::{Transition, allowed};
pub use who::Who;

/// Declares a DTO: the derives every value on the wire has, and its OpenAPI schema on the server.
#[macro_export]
macro_rules! dto {
    ($($(#[$meta:meta])* pub struct $name:ident $body:tt)+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
            #[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
            pub struct $name $body
        )+
    };
}

/// Declares a closed set of codes: what is stored in TEXT columns, sent over the wire and translated by the UI.
#[macro_export]
macro_rules! codes {
    // The code is a `tt`: wrapped as a `literal`, the derive of the schema would not see it.
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:tt),+ $(,)? })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
            #[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
            pub enum $name {
                $($(#[$vmeta])* #[serde(rename = $code)] $variant),+
            }

            impl $name {
                /// All of them, in their order.
                pub const ALL: &'static [Self] = &[$(Self::$variant),+];

                /// The code as stored and sent.
                pub const fn code(self) -> &'static str {
                    match self { $(Self::$variant => $code),+ }
                }
            }

            impl ::std::str::FromStr for $name {
                type Err = $crate::UnknownCode;

                fn from_str(code: &str) -> Result<Self, Self::Err> {
                    match code {
                        $($code => Ok(Self::$variant),)+
                        _ => Err($crate::UnknownCode { set: stringify!($name), code: code.to_owned() }),
                    }
                }
            }

            impl ::std::fmt::Display for $name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(self.code())
                }
            }
        )+
    };
}

/// A code outside its closed set: data written by a newer version, or a broken request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {set} code {code:?}")]
pub struct UnknownCode {
    /// The set that was asked.
    pub set: &'static str,
    /// The code it does not have.
    pub code: String,
}
