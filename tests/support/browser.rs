//! A browser: keeps its cookies, signs in with a password, repeats the CSRF cookie.

use std::{cell::RefCell, collections::BTreeMap};

use actix_web::{cookie::Cookie, test::TestRequest};
use diwan_http::CSRF_COOKIE;
use diwan_platform_api::people::{LogIn, SessionState};
use serde::Serialize;

use crate::{Answer, TestApp};

/// A browser on the test app.
pub struct Browser<'a> {
    app: &'a TestApp,
    cookies: RefCell<BTreeMap<String, String>>,
    /// The address its requests come from.
    pub address: &'static str,
}

impl<'a> Browser<'a> {
    /// A browser that has opened Diwan's page.
    pub async fn open(app: &'a TestApp) -> Self {
        let browser = Self { app, cookies: RefCell::default(), address: "10.0.0.1:40000" };
        browser.get("/api/session").await.ok::<SessionState>();
        browser
    }

    /// Signs in.
    pub async fn log_in(&self, username: &str, password: &str) -> Answer {
        let who = LogIn { username: username.to_owned(), password: password.to_owned() };
        self.post("/api/session", &who).await
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Does something.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body)).await
    }

    /// Changes something.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(TestRequest::put().uri(path).set_json(body)).await
    }

    /// Takes something away.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(TestRequest::delete().uri(path)).await
    }

    /// Sends a request with the cookies, and keeps those that come back.
    pub async fn send(&self, mut request: TestRequest) -> Answer {
        for (name, value) in self.cookies.borrow().iter() {
            request = request.cookie(Cookie::new(name.clone(), value.clone()));
        }
        if let Some(csrf) = self.cookie(CSRF_COOKIE) {
            request = request.insert_header(("x-diwan-csrf", csrf));
        }
        let answer = self.app.call(request.peer_addr(self.address.parse().unwrap())).await;
        for header in answer.headers.get_all("set-cookie") {
            let cookie = Cookie::parse(header.to_str().unwrap().to_owned()).unwrap();
            let (name, value) = (cookie.name().to_owned(), cookie.value().to_owned());
            let gone = value.is_empty() || cookie.max_age().is_some_and(|age| age.is_zero());
            let mut cookies = self.cookies.borrow_mut();
            if gone {
                cookies.remove(&name)
            } else {
                cookies.insert(name, value)
            };
        }
        answer
    }
}
