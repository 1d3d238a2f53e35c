//! Lists that are taken away as files.

use diwan_platform::{Actor, Platform, audit};

use crate::{ApiResult, write};

/// Notes that somebody took a list away as a file.
pub(super) async fn export_noted(platform: &Platform, actor: Actor, op: &'static str, rows: usize) -> ApiResult<()> {
    let detail = serde_json::json!({ "rows": rows });
    write(platform, actor, op, move |tx, actor| audit::export_noted(tx, actor, detail)).await
}
