//! The screens and their addresses. The server answers each of these with the page; `parse` and `path` are inverse.

use diwan_platform_api::records::RecordKind;

/// A screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// My work (أعمالي), the first screen.
    Home,
    /// The dashboard (لوحة المتابعة): figures of one's work and one's agency's letters.
    Dashboard,
    /// Sign in.
    Login,
    /// A list of letters.
    Letters(LetterBox),
    /// A new letter.
    LetterNew,
    /// One letter.
    Letter(i64),
    /// A draft being changed.
    LetterEdit(i64),
    /// The archive's list.
    Archive,
    /// Scanned pages that wait for somebody to look at doubtful words.
    CheckDesk,
    /// Imports of many files.
    Imports,
    /// One import.
    ImportItem(i64),
    /// A page of the archive's order: plan, kinds, schedules, files, what is due, holds, destruction.
    ArchivePart(String),
    /// One archived document.
    ArchiveItem(i64),
    /// Finance; which page, empty for the first.
    Finance(String),
    /// Search over everything.
    Search,
    /// Administration; which page, empty for the first.
    Admin(String),
    /// The signed-in person's own settings.
    Me,
    /// The public page that checks the seal of this code, empty before one is typed.
    Verify(String),
    /// Every kit part on one page (development builds).
    #[cfg(feature = "kit")]
    Kit,
    /// An address that names no screen.
    NotFound,
}

/// Which letters a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterBox {
    /// الوارد.
    Incoming,
    /// الصادر.
    Outgoing,
    /// المسودات.
    Drafts,
    /// المذكرات الداخلية.
    Memos,
}

impl LetterBox {
    /// The last part of the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
            Self::Drafts => "drafts",
            Self::Memos => "memos",
        }
    }
}

impl Route {
    /// The screen at an address without query.
    pub fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let id = |text: &str| text.parse::<i64>().ok().filter(|id| *id > 0);
        match parts.as_slice() {
            [] => Self::Home,
            ["dashboard"] => Self::Dashboard,
            ["login"] => Self::Login,
            ["letters"] | ["letters", "incoming"] => Self::Letters(LetterBox::Incoming),
            ["letters", "outgoing"] => Self::Letters(LetterBox::Outgoing),
            ["letters", "drafts"] => Self::Letters(LetterBox::Drafts),
            ["letters", "memos"] => Self::Letters(LetterBox::Memos),
            ["letters", "new"] => Self::LetterNew,
            ["letters", text] => id(text).map_or(Self::NotFound, Self::Letter),
            ["letters", text, "edit"] => id(text).map_or(Self::NotFound, Self::LetterEdit),
            ["archive"] => Self::Archive,
            ["archive", "check"] => Self::CheckDesk,
            ["archive", "imports"] => Self::Imports,
            ["archive", "imports", text] => id(text).map_or(Self::NotFound, Self::ImportItem),
            ["archive", "plan" | "types" | "schedules" | "files" | "due" | "holds" | "disposals", ..] => {
                Self::ArchivePart(parts.get(1..).unwrap_or_default().join("/"))
            }
            ["archive", text] => id(text).map_or(Self::NotFound, Self::ArchiveItem),
            ["finance", rest @ ..] => Self::Finance(rest.join("/")),
            ["search"] => Self::Search,
            ["admin"] => Self::Admin(String::new()),
            ["admin", rest @ ..] => Self::Admin(rest.join("/")),
            ["me"] => Self::Me,
            ["verify"] => Self::Verify(String::new()),
            ["verify", code] => Self::Verify((*code).to_owned()),
            #[cfg(feature = "kit")]
            ["kit"] => Self::Kit,
            _ => Self::NotFound,
        }
    }

    /// The address of the screen.
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::NotFound => "/".to_owned(),
            Self::Dashboard => "/dashboard".to_owned(),
            Self::Login => "/login".to_owned(),
            Self::Letters(letters) => format!("/letters/{}", letters.code()),
            Self::LetterNew => "/letters/new".to_owned(),
            Self::Letter(id) => format!("/letters/{id}"),
            Self::LetterEdit(id) => format!("/letters/{id}/edit"),
            Self::Archive => "/archive".to_owned(),
            Self::CheckDesk => "/archive/check".to_owned(),
            Self::Imports => "/archive/imports".to_owned(),
            Self::ImportItem(id) => format!("/archive/imports/{id}"),
            Self::ArchivePart(part) => format!("/archive/{part}"),
            Self::ArchiveItem(id) => format!("/archive/{id}"),
            Self::Finance(page) if page.is_empty() => "/finance".to_owned(),
            Self::Finance(page) => format!("/finance/{page}"),
            Self::Search => "/search".to_owned(),
            Self::Admin(page) if page.is_empty() => "/admin".to_owned(),
            Self::Admin(page) => format!("/admin/{page}"),
            Self::Me => "/me".to_owned(),
            Self::Verify(code) if code.is_empty() => "/verify".to_owned(),
            Self::Verify(code) => format!("/verify/{}", super::query::encode(code)),
            #[cfg(feature = "kit")]
            Self::Kit => "/kit".to_owned(),
        }
    }

    /// The screen of a record: its kind says which.
    pub fn of_record(kind: RecordKind, id: i64) -> Self {
        Self::parse(&kind.page(id))
    }

    /// Whether the screen is open to people who are not signed in.
    pub const fn is_public(&self) -> bool {
        match self {
            Self::Login | Self::Verify(_) => true,
            #[cfg(feature = "kit")]
            Self::Kit => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_there_and_back() {
        for route in [
            Route::Home,
            Route::Dashboard,
            Route::Login,
            Route::Letters(LetterBox::Drafts),
            Route::LetterNew,
            Route::Letters(LetterBox::Memos),
            Route::Letter(17),
            Route::LetterEdit(17),
            Route::CheckDesk,
            Route::Imports,
            Route::ImportItem(5),
            Route::ArchiveItem(3),
            Route::ArchivePart("files/7".to_owned()),
            Route::Finance(String::new()),
            Route::Finance("accounts".to_owned()),
            Route::Admin("units/4".to_owned()),
            Route::Verify("AB12-CD34".to_owned()),
        ] {
            assert_eq!(Route::parse(&route.path()), route);
        }
        assert_eq!(Route::parse("/letters/x"), Route::NotFound);
        assert_eq!(Route::parse("/letters/-1"), Route::NotFound);
        assert_eq!(Route::parse("/nowhere"), Route::NotFound);
    }

    #[test]
    fn every_kind_of_record_has_its_screen() {
        for kind in RecordKind::ALL {
            assert_eq!(Route::of_record(*kind, 7).path(), kind.page(7));
        }
        assert_eq!(Route::of_record(RecordKind::Document, 7), Route::ArchiveItem(7));
        assert_eq!(Route::of_record(RecordKind::InternalMemo, 7), Route::Letter(7));
    }
}
