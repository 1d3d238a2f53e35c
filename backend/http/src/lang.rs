//! Files that are given out in a language.

use diwan_kernel::Lang;
use serde::Deserialize;

/// In which language a file is: `?lang=ar` or `en`.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct InLang {
    lang: Option<Lang>,
}

impl InLang {
    /// The language, Arabic unless told.
    pub fn lang(self) -> Lang {
        self.lang.unwrap_or(Lang::Ar)
    }
}
