//! The web application: every route, the UI, and what stands around them.

use std::sync::Arc;

use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Compress, from_fn},
    web,
};
use diwan_http::{Documentation, Routes, csrf, path_config, query_config, request_context};
use diwan_platform::{Platform, files::Removable};
use diwan_platform_api::people::DemoUsers;

use crate::{api_docs, modules, node::Node, ui};

/// What the web application runs on. Cheap to clone: every thread has one.
#[derive(Clone)]
pub struct Services {
    /// The database and the limits.
    pub platform: Platform,
    /// Search, live events, prints.
    pub node: Node,
    /// The largest JSON body in bytes.
    pub json_limit: usize,
    description: Arc<str>,
    demo: Option<web::Data<DemoUsers>>,
}

impl Services {
    /// Services on this platform.
    pub fn new(platform: Platform, node: Node, json_limit: usize) -> Self {
        Self { platform, node, json_limit, description: documentation().json().into(), demo: None }
    }

    /// The same, telling everybody who can sign in.
    #[must_use]
    pub fn telling(self, demo: DemoUsers) -> Self {
        Self { demo: Some(web::Data::new(demo)), ..self }
    }

    fn configure(&self, config: &mut web::ServiceConfig) {
        config
            .app_data(web::Data::new(self.platform.clone()))
            .app_data(web::Data::new(self.node.search.clone()))
            .app_data(web::Data::new(self.node.live.clone()))
            .app_data(web::Data::new(self.node.press.clone()))
            .app_data(web::Data::new(self.node.pictures.clone()))
            .app_data(web::Data::new(self.node.drills.clone()))
            .app_data(web::Data::new(Removable(diwan_archive::port::removable)))
            .app_data(web::PayloadConfig::new(self.json_limit))
            .app_data(query_config())
            .app_data(path_config())
            .service(web::resource("/healthz").to(async || "ok"))
            .service(web::resource("/readyz").to(ready));
        if let Some(demo) = &self.demo {
            config.app_data(demo.clone());
        }
        api_docs::mount(config, self.description.clone());
        routes().mount(config);
    }
}

/// The whole application, as the server and the tests run it.
pub fn assemble(
    services: &Services,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .configure(|config| services.configure(config))
        .default_service(web::route().to(ui::fallback))
        .wrap(from_fn(csrf))
        .wrap(Compress::default())
        .wrap(from_fn(request_context))
}

/// The description of every route of this build.
pub fn documentation() -> Documentation {
    Documentation::of(&routes().docs())
}

fn routes() -> Routes {
    let mut routes = Routes::default();
    for module in modules() {
        (module.routes)(&mut routes);
    }
    routes
}

/// Whether this node can serve: its database answers.
async fn ready(platform: web::Data<Platform>) -> HttpResponse {
    let answers = platform.db.read(|_tx| Ok::<_, diwan_db::DbError>(()));
    match answers.await {
        Ok(()) => HttpResponse::Ok().body("ready"),
        Err(error) => {
            tracing::error!(%error, "Not ready");
            HttpResponse::ServiceUnavailable().body("the database does not answer")
        }
    }
}
