//! What a node prints with.

use std::sync::Arc;

use crate::{Document, Fonts, PrintError, Verification, render};

/// The faces, and where a printed code can be checked.
#[derive(Clone)]
pub struct Press {
    /// The faces.
    pub fonts: Arc<Fonts>,
    /// Where the public verify page is: `https://diwan.gov.jo`.
    pub public_url: Arc<str>,
}

impl Press {
    /// The PDF of a document: work for the processor, to be done outside of transactions.
    ///
    /// # Errors
    /// The fonts cannot be embedded.
    pub fn pdf(&self, document: &Document) -> Result<Vec<u8>, PrintError> {
        Ok(render(document, &self.fonts)?.bytes)
    }

    /// The code of a seal. Beside the address it carries what an offline verifier needs: the hash and the signature over it.
    pub fn verification(&self, label: &str, code: String, (hash, signature): (&str, &str)) -> Verification {
        let payload = format!("{}/verify/{code}#{hash}.{signature}", self.public_url);
        Verification { payload, label: label.to_owned(), code }
    }
}
