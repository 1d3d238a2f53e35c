//! The entry point that the page loads.

fn main() {
    diwan_frontend::start();
}
