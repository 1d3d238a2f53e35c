//! Documents of finance (المستندات المالية).
