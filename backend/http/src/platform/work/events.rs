//! Live events as server-sent events: one stream per tab, which ends with the session.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::header, rt::time, web};
use bytes::Bytes;
use diwan_db::OutboxPosition;
use diwan_platform::{
    Actor, Outcome, Platform, Refusal, sessions,
    work::{
        Live,
        live::{LiveEvent, Subscription},
    },
};
use diwan_platform_api::work::LiveKind;
use futures_util::{Stream, stream};

use crate::{ApiResult, Routes, SESSION_COOKIE, SignedIn};

/// A sign of life this often keeps proxies from closing the stream; the session is looked at as often.
const BEAT: Duration = Duration::from_secs(15);

pub(super) fn routes(routes: &mut Routes) {
    routes.group("live").get(
        "/events",
        events,
        "Server-sent events: notification, record, work, reset, signed_out; Last-Event-ID goes on where a stream broke off",
    );
}

async fn events(
    actor: SignedIn,
    platform: web::Data<Platform>,
    live: web::Data<Live>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let last: Option<OutboxPosition> =
        request.headers().get("Last-Event-ID").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let token = request.cookie(SESSION_COOKIE).map(|cookie| cookie.value().to_owned()).ok_or(Refusal::SignedOut)?;
    // First subscribed, then read: what happens in between comes twice rather than never.
    let subscription = live.subscribe(actor.0.clone());
    let missed = match last {
        Some(last) => Live::missed(&platform, actor.0, last).await?,
        None => Vec::new(),
    };
    let told = missed.iter().filter_map(|event| event.position).max();
    let first = Bytes::from_static(b"retry: 2000\n\n");
    let waiting = std::iter::once(first).chain(missed.iter().map(text)).collect();
    let state = Connection { subscription, platform, token, waiting, told, over: false };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compressing would hold events back, and so would a proxy that buffers.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(chunks(state)))
}

struct Connection {
    subscription: Subscription,
    platform: web::Data<Platform>,
    token: String,
    waiting: VecDeque<Bytes>,
    /// What was told again covers events up to here.
    told: Option<OutboxPosition>,
    over: bool,
}

fn chunks(connection: Connection) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(connection, |mut connection| async move {
        let chunk = connection.next().await?;
        Some((Ok(chunk), connection))
    })
}

impl Connection {
    /// The next piece of the stream, or its end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(chunk) = self.waiting.pop_front() {
                return Some(chunk);
            }
            if self.over {
                return None;
            }
            match time::timeout(BEAT, self.subscription.next()).await {
                Ok(Some(event)) if event.position.is_some() && event.position <= self.told => {}
                Ok(Some(event)) => return Some(text(&event)),
                // This node stops, or the browser was too slow: it will connect again.
                Ok(None) => return None,
                Err(_beat) => return Some(self.beat().await),
            }
        }
    }

    /// A sign of life, or the last event when the session is over.
    async fn beat(&mut self) -> Bytes {
        match who(&self.platform, self.token.clone()).await {
            Ok(actor) => self.subscription.refresh(actor),
            Err(Refusal::SignedOut) => {
                self.over = true;
                return text(&LiveEvent::bare(LiveKind::SignedOut));
            }
            // Nobody is signed out because the database is busy.
            Err(error) => tracing::warn!(%error, "A live session could not be checked"),
        }
        Bytes::from_static(b":\n\n")
    }
}

/// Who is behind the session now; unlike a request this does not count as activity.
async fn who(platform: &Platform, token: String) -> Outcome<Actor> {
    let (limits, rights) = (platform.limits.clone(), platform.rights.clone());
    platform
        .db
        .glance(move |tx| {
            let session = sessions::live(tx, &limits, &token)?;
            rights.of(tx, session.user_id, session.rights_epoch())
        })
        .await
}

/// The event in the words of the protocol. JSON has no line breaks, so one data line is enough.
fn text(event: &LiveEvent) -> Bytes {
    let id = event.position.map(|position| format!("id: {position}\n")).unwrap_or_default();
    format!("{id}event: {}\ndata: {}\n\n", event.kind, event.data).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_written_as_the_protocol_asks() {
        let event = LiveEvent { position: "3:41".parse().ok(), kind: LiveKind::Record, data: r#"{"id":7}"#.to_owned() };
        assert_eq!(text(&event), "id: 3:41\nevent: record\ndata: {\"id\":7}\n\n");
        // A browser drops an event whose data line is missing, so it is there even when it is empty.
        assert_eq!(text(&LiveEvent::bare(LiveKind::Work)), "event: work\ndata: \n\n");
    }
}
