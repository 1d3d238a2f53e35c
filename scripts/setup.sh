#!/usr/bin/env bash
# Installs what Diwan's build needs and the machine lacks, on Debian 12; does nothing, quickly, where all is there.
#
#   scripts/setup.sh run    what `make run` needs: compiler, libraries, Rust with WebAssembly, Node
#   scripts/setup.sh test   the same and what the tests need: PostgreSQL, a browser, the linters
#
# The chosen compilers are written as variables to $CACHE/server-tools.sh and $CACHE/ui-tools.sh, which the Makefile reads.
# CACHE is ~/.cache/diwan unless set.
set -euo pipefail

purpose=${1:-run}
cache=${CACHE:-$HOME/.cache/diwan}
rust_needed=1.95
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$cache"

say() { echo "setup: $*"; }
has() { command -v "$1" >/dev/null 2>&1; }
fail() { say "$*" >&2; exit 1; }

# --- Debian packages -------------------------------------------------------------------------------------------------

missing=()
# need PROBE PACKAGE...: notes the packages unless the probe (a program, or a path pattern) is there.
need() {
  local probe=$1; shift
  case $probe in
    */*) compgen -G "$probe" >/dev/null || missing+=("$@") ;;
    *) has "$probe" || missing+=("$@") ;;
  esac
}

install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing Debian packages: ${missing[*]}"
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || fail "not root and no sudo; run as root: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  missing=()
}

need gcc gcc libc6-dev
need make make
need pkg-config pkg-config
need '/usr/lib/*/libpq.so' libpq-dev
need node nodejs
need npm npm
# Text of PDFs: poppler's pdftotext, and mutool for files that poppler cannot read.
need pdftotext poppler-utils
need mutool mupdf-tools
# Words of scanned pages: tesseract with Arabic and English; zbarimg reads QR codes and barcodes.
need tesseract tesseract-ocr
need '/usr/share/tesseract-ocr/*/tessdata/ara.traineddata' tesseract-ocr-ara
need zbarimg zbar-tools
# DOC, PPT and PDF views of office files: LibreOffice without its windows (102 MB to fetch, 320 MB installed).
need '/usr/lib/libreoffice/program/libswlo.so' libreoffice-writer-nogui
need '/usr/lib/libreoffice/program/libsdlo.so' libreoffice-impress-nogui
need '/usr/lib/libreoffice/program/libsclo.so' libreoffice-calc-nogui
if [ "$purpose" = test ]; then
  need '/usr/lib/postgresql/*/bin/initdb' postgresql
  need chromium chromium
fi
install_missing

# --- Rust ------------------------------------------------------------------------------------------------------------

# new_enough RUSTC: whether that compiler is there and at least $rust_needed.
new_enough() {
  local version
  version=$("$1" --version 2>/dev/null | cut -d' ' -f2) || return 1
  [ -n "$version" ] && [ "$(printf '%s\n%s\n' "$rust_needed" "$version" | sort -V | head -1)" = "$rust_needed" ]
}

debian_rust() {
  need /usr/bin/rustc rustc-web
  need /usr/bin/cargo cargo-web
  if [ "$purpose" = test ]; then
    need /usr/bin/cargo-clippy rust-web-clippy
    need /usr/bin/rustfmt rustfmt-web
  fi
  install_missing
  new_enough /usr/bin/rustc || fail "Debian's rustc is older than $rust_needed; install a newer one with rustup"
}

server=("# Written by scripts/setup.sh.")
rustc=rustc
if new_enough rustc; then
  route="the installed $(rustc --version | cut -d' ' -f1,2)"
elif has rustup && rustup toolchain install stable --profile minimal --component clippy --component rustfmt >/dev/null 2>&1 &&
  RUSTUP_TOOLCHAIN=stable new_enough rustc; then
  route="rustup's stable toolchain"
  server+=("export RUSTUP_TOOLCHAIN=stable")
  export RUSTUP_TOOLCHAIN=stable
else
  debian_rust
  route="Debian's rustc-web"
  server+=('export PATH="/usr/bin:$PATH"' 'export RUSTC=/usr/bin/rustc')
  rustc=/usr/bin/rustc
fi

# --- WebAssembly -----------------------------------------------------------------------------------------------------

ui=("${server[@]}")
target=wasm32-unknown-unknown
if [ -d "$("$rustc" --print sysroot)/lib/rustlib/$target/lib" ]; then
  wasm="its own standard library"
elif [ "$rustc" = rustc ] && has rustup && rustup target add "$target" >/dev/null 2>&1; then
  wasm="the standard library from rustup"
else
  need /usr/bin/rustc rustc-web
  need /usr/bin/cargo cargo-web
  need '/usr/src/rustc-*/library/std/Cargo.toml' rust-web-src
  need wasm-ld-22 lld-22
  [ "$purpose" = run ] || need /usr/bin/cargo-clippy rust-web-clippy
  install_missing
  sysroot=$("$here/wasm-std.sh" "$cache")
  ui=("# Written by scripts/setup.sh." 'export PATH="/usr/bin:$PATH"' 'export CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc'
    'export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22'
    "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS='-Clinker-flavor=wasm-ld --sysroot=$sysroot'")
  wasm="Debian's rustc-web with a standard library built from Debian's sources"
fi
# keep FILE LINE...: writes the file if that changes it; tells whether it did.
keep() {
  local file=$1; shift
  printf '%s\n' "$@" >"$file.new"
  if cmp -s "$file.new" "$file"; then rm "$file.new"; return 1; fi
  mv "$file.new" "$file"
}

changed=
keep "$cache/server-tools.sh" "${server[@]}" && changed=1
keep "$cache/ui-tools.sh" "${ui[@]}" && changed=1
[ -z "$changed" ] || say "compiling the server with $route, the UI with $wasm"
