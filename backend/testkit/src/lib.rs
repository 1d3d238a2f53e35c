//! Databases, apps, users and builders for tests.
