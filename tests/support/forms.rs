//! Requests that are not JSON.

use actix_web::test::TestRequest;

/// A multipart form.
#[derive(Default)]
pub struct Form(Vec<u8>);

impl Form {
    /// Adds a field.
    pub fn text(mut self, name: &str, text: &str) -> Self {
        self.0.extend(format!("--XXX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes());
        self
    }

    /// Adds a file.
    pub fn file(mut self, name: &str, bytes: &[u8]) -> Self {
        let head = format!("--XXX\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
        self.0.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        self
    }

    /// The request that carries it.
    pub fn on(mut self, request: TestRequest) -> TestRequest {
        self.0.extend(b"--XXX--\r\n");
        request.insert_header(("content-type", "multipart/form-data; boundary=XXX")).set_payload(self.0)
    }
}

/// Percent-encodes a value of a query string.
pub fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
