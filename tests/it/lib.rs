//! API, story, rule and browser tests of the whole product.
