//! `sqlx::migrate!` embeds the migrations; a new file in the folder must compile them again.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
