//! The packages of the workspace and what they depend on, as cargo sees it.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    sync::OnceLock,
};

use serde::Deserialize;

use crate::tree::root;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    workspace_root: String,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// A package of Diwan.
pub struct Member {
    pub name: String,
    /// Its folder, from the top of the repository.
    pub folder: String,
    /// What its own code uses, by name: Diwan's and others'.
    pub uses: BTreeSet<String>,
    /// What comes with it, however far away.
    pub brings: BTreeSet<String>,
}

/// Dependencies of the built crate: not of its tests, not of its build script.
fn normal(node: &Node) -> impl Iterator<Item = &str> {
    let built = |dependency: &&Dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
    node.deps.iter().filter(built).map(|dependency| dependency.pkg.as_str())
}

/// All packages of the workspace.
pub fn members() -> &'static [Member] {
    static MEMBERS: OnceLock<Vec<Member>> = OnceLock::new();
    MEMBERS.get_or_init(read)
}

fn read() -> Vec<Member> {
    let mut command = Command::new(env!("CARGO"));
    let output = command.args(["metadata", "--format-version", "1"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).unwrap();
    let names: BTreeMap<&str, &str> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
    let nodes: BTreeMap<&str, &Node> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let ours = metadata.packages.iter().filter(|package| metadata.workspace_members.contains(&package.id));
    ours.map(|package| {
        let mut reached = BTreeSet::new();
        let mut open = vec![package.id.as_str()];
        while let Some(id) = open.pop() {
            open.extend(normal(nodes[id]).filter(|next| reached.insert(*next)));
        }
        let folder = package
            .manifest_path
            .strip_prefix(&metadata.workspace_root)
            .and_then(|path| path.strip_suffix("/Cargo.toml"));
        Member {
            name: package.name.clone(),
            folder: folder.unwrap().trim_start_matches('/').to_owned(),
            uses: normal(nodes[package.id.as_str()]).map(|id| names[id].to_owned()).collect(),
            brings: reached.into_iter().map(|id| names[id].to_owned()).collect(),
        }
    })
    .collect()
}
