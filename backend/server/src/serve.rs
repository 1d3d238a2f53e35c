//! Running: open the database, bring its schema up to date, listen, work, and stop in order.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{HttpServer, dev::ServerHandle};
use anyhow::Context;
use diwan_db::Db;
use diwan_platform::{Limits, Platform, Secrets};
use diwan_platform_api::people::DemoUsers;
use diwan_print::Fonts;

use crate::{
    app::{Services, assemble},
    demo, node,
    output::say,
    settings::{Place, Serving},
};

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection stays open.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Opens the database and the folders of `place`, on the schema of this build.
pub(crate) fn open(place: &Place, limits: Limits) -> anyhow::Result<Platform> {
    std::fs::create_dir_all(&place.data)
        .with_context(|| format!("--data: cannot make the folder {}", place.data.display()))?;
    let db = Db::open(place.db_config()).with_context(|| format!("--database: cannot open {}", place.url()))?;
    for name in db.migrate()? {
        tracing::info!(name, "Migration done");
    }
    over(db, place, limits)
}

/// The platform over an open database and the folders of `place`.
pub(crate) fn over(db: Db, place: &Place, limits: Limits) -> anyhow::Result<Platform> {
    let key = place.data.join("master.key");
    let secrets = Secrets::open(&key).with_context(|| format!("--data: the master key {}", key.display()))?;
    let blobs = place.blobs().context("--data, --files-url: the file store")?;
    Ok(Platform::new(db, blobs, limits, secrets))
}

/// Serves until the process is told to stop (SIGINT, SIGTERM). A demonstration tells `demo`, on
/// the terminal and on its log-in page.
pub(crate) fn run(
    platform: Platform,
    place: &Place,
    serving: &Serving,
    fonts: Arc<Fonts>,
    demo: Option<DemoUsers>,
) -> anyhow::Result<()> {
    let json_limit = usize::try_from(serving.web.json_limit_kib)?.saturating_mul(1024);
    let (node, background) = node::start(&platform, place, serving, fonts)?;
    let services = Services::new(platform, node, json_limit);
    let services = match &demo {
        Some(users) => services.telling(users.clone()),
        None => services,
    };
    let served = actix_web::rt::System::new().block_on(async {
        let address = SocketAddr::new(serving.web.host, serving.web.port);
        let app_services = services.clone();
        let mut server = HttpServer::new(move || assemble(&app_services))
            .client_request_timeout(HEAD_TIMEOUT)
            .keep_alive(KEEP_ALIVE)
            .shutdown_timeout(u64::from(serving.web.stop_seconds))
            .disable_signals();
        if let Some(threads) = serving.web.http_threads {
            server = server.workers(usize::from(threads));
        }
        let server = server.bind(address).with_context(|| {
            format!("--host, --port: cannot listen on {address}; is another program using the port?")
        })?;
        let bound = server.addrs().first().copied().unwrap_or(address);
        let server = server.run();
        actix_web::rt::spawn(stop_on_signal(server.handle()));
        let reached = if bound.ip().is_unspecified() {
            format!("http://localhost:{}", bound.port())
        } else {
            format!("http://{bound}")
        };
        tracing::info!(address = reached, database = %services.platform.db.config().url, "Diwan listens");
        match &demo {
            Some(users) => demo::greet(&reached, users),
            None => say(format_args!("Diwan is running at {reached}")),
        }
        server.await.context("the web server failed")?;
        Ok(())
    });
    background.stop(Duration::from_secs(u64::from(serving.web.stop_seconds)));
    tracing::info!("Diwan has stopped");
    served
}

/// Waits for a signal, then lets open requests finish.
async fn stop_on_signal(handle: ServerHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            tracing::info!("Stopping: open requests may finish");
            handle.stop(true).await;
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "Signals cannot be caught; stop Diwan with kill -9")
        }
    }
}
