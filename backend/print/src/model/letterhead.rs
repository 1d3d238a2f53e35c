//! What frames the body: letterhead, facts, signature, verification code, footer.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A PNG image; base64 in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Png(pub Vec<u8>);

impl Serialize for Png {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Png {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(D::Error::custom)
    }
}

/// The mark in the middle of the letterhead.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Logo {
    /// Diwan's eight-pointed star, drawn as lines.
    #[default]
    Star,
    /// The agency's own mark (الشعار).
    Png(Png),
    /// No mark.
    None,
}

/// Head of the first page (الترويسة).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Letterhead {
    /// Lines at the start edge: the kingdom (bold), the agency, its units.
    pub lines: Vec<String>,
    /// The same in the other language, at the end edge. When present, the facts move below the rule.
    pub other_lines: Vec<String>,
    /// The mark in the middle.
    pub logo: Logo,
}

/// A labelled fact in the head.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Field {
    /// Label, such as «الرقم».
    pub label: String,
    /// Value, such as «4/12/4821».
    pub value: String,
}

impl Field {
    /// A fact.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// Signature block (التوقيع): at the end edge, centred on itself, on one page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Signature {
    /// Lines above the signature: «عن / الوزير», the post.
    pub above: Vec<String>,
    /// Picture of the signature; blank space when absent.
    pub image: Option<Png>,
    /// Name of the signer, bold.
    pub name: String,
    /// Lines below the name.
    pub below: Vec<String>,
}

/// QR code with the short code people can type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Verification {
    /// Content of the QR code.
    pub payload: String,
    /// Words before the code, such as «التحقق من صحة الكتاب:».
    pub label: String,
    /// Short code, such as `7Q4M-K2XD-91TB`.
    pub code: String,
}

/// Running footer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Footer {
    /// Text at the start edge: address, telephone, web site.
    pub text: String,
    /// Prints «صفحة 1 من 2» / “Page 1 of 2” at the end edge.
    pub page_numbers: bool,
}

impl Default for Footer {
    fn default() -> Self {
        Self { text: String::new(), page_numbers: true }
    }
}
