//! Builds the UI: wasm, styles and scripts into one folder of hashed, compressed files.
