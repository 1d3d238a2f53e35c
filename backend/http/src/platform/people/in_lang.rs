//! Files that are given out in a language.

use diwan_kernel::Lang;
use diwan_platform::{Actor, Platform, audit};
use serde::Deserialize;

use crate::{ApiResult, write};

/// In which language a file is.
#[derive(Deserialize)]
pub(super) struct InLang {
    lang: Option<Lang>,
}

impl InLang {
    /// The language, Arabic unless told.
    pub(super) fn lang(&self) -> Lang {
        self.lang.unwrap_or(Lang::Ar)
    }
}

/// Notes that somebody took a list away as a file.
pub(super) async fn export_noted(platform: &Platform, actor: Actor, op: &'static str, rows: usize) -> ApiResult<()> {
    let detail = serde_json::json!({ "rows": rows });
    write(platform, actor, op, move |tx, actor| audit::export_noted(tx, actor, detail)).await
}
