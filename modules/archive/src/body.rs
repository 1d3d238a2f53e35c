//! Bodies of requests that are a file themselves.

use actix_web::web;
use diwan_http::ApiResult;
use diwan_platform::Refusal;
use futures_util::StreamExt;

/// The body as a whole, within a bound.
pub(crate) async fn whole(mut body: web::Payload, limit: usize) -> ApiResult<Vec<u8>> {
    let mut file = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_cut_off| Refusal::field("file", "broken"))?;
        if file.len() + chunk.len() > limit {
            return Err(Refusal::rule("too_large", [("limit", limit.to_string())]).into());
        }
        file.extend_from_slice(&chunk);
    }
    Ok(file)
}
