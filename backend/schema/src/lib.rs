//! The common Diesel schema: one file per module, all tables of the product.
