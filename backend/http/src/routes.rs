//! The table of routes: what actix serves and what the API's description says, written once.

use actix_web::{Error, FromRequest, Handler, HttpRequest, Responder, Route, dev::Payload, http::Method, web};
use futures_util::future::LocalBoxFuture;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::{Guard, Needs};

/// What the description says about a route.
#[derive(Clone)]
pub struct RouteDoc {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) needs: Needs,
    pub(crate) takes: Option<RefOr<Schema>>,
    pub(crate) answers: Option<RefOr<Schema>>,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
}

/// Collects routes under `/api`.
#[derive(Default)]
pub struct Routes {
    tag: &'static str,
    entries: Vec<(RouteDoc, Route)>,
}

/// Argument lists that start with a guard.
pub trait Guarded: Sized {
    /// The guard's demand.
    fn needs() -> Needs;

    /// Takes the arguments out of the request one after the other: who may not go on learns nothing about the rest.
    fn extract(request: HttpRequest, payload: Payload) -> LocalBoxFuture<'static, Result<Self, Error>>;
}

macro_rules! guarded {
    ($($rest:ident)*) => {
        impl<G: Guard + 'static, $($rest: FromRequest + 'static),*> Guarded for (G, $($rest,)*) {
            fn needs() -> Needs { G::needs() }

            fn extract(request: HttpRequest, mut payload: Payload) -> LocalBoxFuture<'static, Result<Self, Error>> {
                Box::pin(async move {
                    Ok((
                        G::from_request(&request, &mut payload).await.map_err(Into::into)?,
                        $($rest::from_request(&request, &mut payload).await.map_err(Into::into)?,)*
                    ))
                })
            }
        }
    };
}
guarded!();
guarded!(A);
guarded!(A B);
guarded!(A B C);
guarded!(A B C D);
guarded!(A B C D E);
guarded!(A B C D E F);
guarded!(A B C D E F H);

/// Arguments taken out in their order.
struct InOrder<Args>(Args);

impl<Args: Guarded + 'static> FromRequest for InOrder<Args> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let arguments = Args::extract(request.clone(), payload.take());
        Box::pin(async move { arguments.await.map(Self) })
    }
}

/// A route that is being described.
pub struct Entry<'a>(&'a mut RouteDoc);

impl Routes {
    /// Starts the group of routes that the description shows under `tag`.
    pub fn group(&mut self, tag: &'static str) -> &mut Self {
        self.tag = tag;
        self
    }

    /// Adds a route; `path` is below `/api`.
    pub fn add<F, Args>(&mut self, method: Method, path: &'static str, handler: F, summary: &'static str) -> Entry<'_>
    where
        F: Handler<Args>,
        Args: Guarded + 'static,
        F::Output: Responder + 'static,
    {
        let doc = RouteDoc {
            method: method.clone(),
            path,
            tag: self.tag,
            summary,
            needs: Args::needs(),
            takes: None,
            answers: None,
            schemas: Vec::new(),
        };
        let in_order = move |InOrder(arguments): InOrder<Args>| handler.call(arguments);
        self.entries.push((doc, web::method(method).to(in_order)));
        let last = self.entries.len() - 1;
        Entry(&mut self.entries[last].0)
    }

    /// Reads something.
    pub fn get<F, Args>(&mut self, path: &'static str, handler: F, summary: &'static str) -> Entry<'_>
    where
        F: Handler<Args>,
        Args: Guarded + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::GET, path, handler, summary)
    }

    /// Makes something, or does something.
    pub fn post<F, Args>(&mut self, path: &'static str, handler: F, summary: &'static str) -> Entry<'_>
    where
        F: Handler<Args>,
        Args: Guarded + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, path, handler, summary)
    }

    /// Changes something.
    pub fn put<F, Args>(&mut self, path: &'static str, handler: F, summary: &'static str) -> Entry<'_>
    where
        F: Handler<Args>,
        Args: Guarded + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::PUT, path, handler, summary)
    }

    /// Takes something away.
    pub fn delete<F, Args>(&mut self, path: &'static str, handler: F, summary: &'static str) -> Entry<'_>
    where
        F: Handler<Args>,
        Args: Guarded + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::DELETE, path, handler, summary)
    }

    /// What was added, for the description.
    pub fn docs(&self) -> Vec<RouteDoc> {
        self.entries.iter().map(|(doc, _)| doc.clone()).collect()
    }

    /// Hands the routes to actix.
    pub fn mount(self, config: &mut web::ServiceConfig) {
        let mut scope = web::scope("/api");
        for (doc, route) in self.entries {
            // One resource per path and method: actix tries them in turn, and a method that none has is 404.
            let guard = actix_web::guard::Method(doc.method);
            scope = scope.service(web::resource(narrow(doc.path)).guard(guard).route(route));
        }
        config.service(scope);
    }
}

/// The path with numbers as what may stand for `{id}`, any other ASCII besides: whatever a part of a path may be in any script
/// takes a hundred kilobytes to look for, with each route and each worker.
fn narrow(path: &str) -> String {
    path.replace("{id}", "{id:[ -.0-~]+}")
}

impl Entry<'_> {
    /// The body it takes.
    pub fn takes<T: ToSchema>(self) -> Self {
        T::schemas(&mut self.0.schemas);
        self.0.schemas.push((T::name().into_owned(), T::schema()));
        self.0.takes = Some(reference::<T>());
        self
    }

    /// The body it answers.
    pub fn answers<T: ToSchema>(self) -> Self {
        T::schemas(&mut self.0.schemas);
        self.0.schemas.push((T::name().into_owned(), T::schema()));
        self.0.answers = Some(reference::<T>());
        self
    }
}

fn reference<T: ToSchema + PartialSchema>() -> RefOr<Schema> {
    RefOr::Ref(utoipa::openapi::Ref::from_schema_name(T::name()))
}
