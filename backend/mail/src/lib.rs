//! Sends e-mail over SMTP.
