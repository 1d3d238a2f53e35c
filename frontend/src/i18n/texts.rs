//! The locale files, embedded.

use diwan_kernel::Lang;
use fluent_bundle::{FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::format;

/// Declares the locale files of both languages once: `(name, Arabic source, English source)`.
macro_rules! locale_files {
    ($($name:literal),+ $(,)?) => {
        /// Name, Arabic source and English source of each file.
        pub(super) const FILES: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../../locales/ar/", $name, ".ftl")),
            include_str!(concat!("../../locales/en/", $name, ".ftl")),
        )),+];
    };
}

locale_files![
    "app", "codes", "errors", "kit", "letters", "verify", "search", "find", "archive", "admin", "work", "ops",
    "import", "imports", "safety", "access", "order", "finance", "setup", "vouchers", "bank", "reports"
];

/// The texts of one language. A file with a mistake still gives its other texts; a test forbids mistakes.
pub(super) fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    // The language itself, without region: the plural rules are the same everywhere.
    let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![id]);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(format::decimal(number.value)),
        _ => None,
    }));
    for (_, ar, en) in FILES {
        let source = if lang == Lang::Ar { ar } else { en };
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partly, _)| partly);
        bundle.add_resource_overriding(resource);
    }
    bundle
}
