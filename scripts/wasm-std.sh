#!/usr/bin/env bash
# Builds the standard library for wasm32-unknown-unknown from Debian's Rust sources, for machines where rustup cannot
# download it, and prints the folder to give rustc as --sysroot. Takes about 70 s on two cores, once per compiler.
#
#   scripts/wasm-std.sh CACHE
set -euo pipefail

cache=$1
target=wasm32-unknown-unknown
version=$(/usr/bin/rustc --version | cut -d' ' -f2)
sysroot=$cache/wasm-std-$version
lib=$sysroot/lib/rustlib/$target/lib
if [ ! -e "$lib/.ready" ]; then
  echo "setup: building the standard library for WebAssembly with Debian's rustc $version" >&2
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/src" "$lib"
  : >"$work/src/lib.rs"
  printf '[package]\nname = "stub"\nversion = "0.0.0"\nedition = "2021"\n' >"$work/Cargo.toml"
  # Debian's compiler is a release; the option to build the standard library has to be unlocked. Bitcode lets release
  # builds optimise across crates.
  (cd "$work" && env -u CARGO_TARGET_DIR PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
    RUSTFLAGS=-Cembed-bitcode=yes /usr/bin/cargo build --quiet --release --target "$target" \
    -Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro >&2)
  rm -f "$work/target/$target/release/deps/"libstub*
  cp "$work/target/$target/release/deps/"*.rlib "$lib/"
  touch "$lib/.ready"
fi
echo "$sysroot"
