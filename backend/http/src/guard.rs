//! Who may call a handler, said in its signature.

use std::{marker::PhantomData, ops::Deref};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Platform, Refusal, sessions};
use futures_util::future::LocalBoxFuture;

use crate::{ApiError, ClientInfo};

/// The session cookie: HttpOnly, SameSite=Strict.
pub const SESSION_COOKIE: &str = "diwan_session";
/// The cookie whose value unsafe requests repeat in `X-Diwan-CSRF`.
pub const CSRF_COOKIE: &str = "diwan_csrf";

/// An extractor that decides who may go on. Every handler takes one first.
pub trait Guard: FromRequest {
    /// Who may go on, for the description of the API.
    fn needs() -> Needs;
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody, without signing in.
    Nothing,
    /// Anybody signed in; what they see is decided record by record.
    SignIn,
    /// Those with the right.
    Right(Permission),
}

/// A permission as a type.
pub trait Right: 'static {
    /// The permission.
    const PERMISSION: Permission;
}

/// Anybody may call.
#[derive(Debug, Clone, Copy)]
pub struct Public;

impl Guard for Public {
    fn needs() -> Needs {
        Needs::Nothing
    }
}

impl FromRequest for Public {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self))
    }
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Actor);

impl Guard for SignedIn {
    fn needs() -> Needs {
        Needs::SignIn
    }
}

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(actor(&request).await?)) })
    }
}

impl Deref for SignedIn {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

/// Somebody signed in who has the right `R`.
#[derive(Debug, Clone)]
pub struct Require<R>(pub Actor, PhantomData<R>);

impl<R: Right> Guard for Require<R> {
    fn needs() -> Needs {
        Needs::Right(R::PERMISSION)
    }
}

impl<R: Right> FromRequest for Require<R> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let actor = actor(&request).await?;
            actor.require(R::PERMISSION)?;
            Ok(Self(actor, PhantomData))
        })
    }
}

impl<R> Deref for Require<R> {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

async fn actor(request: &HttpRequest) -> Result<Actor, ApiError> {
    let token = request.cookie(SESSION_COOKIE).map(|cookie| cookie.value().to_owned()).ok_or(Refusal::SignedOut)?;
    let platform = request
        .app_data::<web::Data<Platform>>()
        .ok_or_else(|| Refusal::Internal("no platform in the app".to_owned()))?
        .clone();
    let client = ClientInfo::of(request);
    let mut actor = sessions::actor(&platform, token).await?;
    actor.request_id = client.request_id;
    actor.ip = client.ip;
    Ok(actor)
}

/// The permissions as types, for [`Require`].
pub mod rights {
    use super::{Permission, Right};

    macro_rules! rights {
        ($($name:ident),+ $(,)?) => {
            $(
                #[doc = concat!("[`Permission::", stringify!($name), "`].")]
                #[derive(Debug, Clone, Copy)]
                pub struct $name;
                impl Right for $name {
                    const PERMISSION: Permission = Permission::$name;
                }
            )+
        };
    }

    rights!(
        OrgManage,
        AgenciesManage,
        UsersManage,
        RolesManage,
        RoutesManage,
        SettingsManage,
        JobsManage,
        AuditRead,
        LettersDraft,
        LettersSign,
        LettersRegister,
        LettersRefer,
        LettersVoid,
        RecordsReadAll,
        AccessGrant,
        ViewsRead,
        ArchiveFile,
        ArchivePlan,
        ArchiveDispose,
        ArchiveRead,
        FinanceRead,
        FinanceStructure,
        FinanceBudget,
        FinancePrepare,
        FinanceCertify,
        FinanceAuthorise,
        FinancePay,
        FinanceReconcile,
        FinanceClose,
        Export,
    );
}
