//! A tree that opens and closes: agencies and units, classification. Arrow keys as in a file manager.

use std::collections::BTreeSet;
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::dom;
use super::icon::Icon;

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeNode {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub label: AttrValue,
    /// A quiet word after it: a code, a count.
    pub note: Option<AttrValue>,
    /// What is below it.
    pub children: Vec<TreeNode>,
}

/// Builds the nodes of a tree from rows that name their parent; rows whose parent is missing become roots.
pub fn grow<R>(
    rows: &[R],
    id: impl Fn(&R) -> i64,
    parent: impl Fn(&R) -> Option<i64>,
    node: impl Fn(&R) -> TreeNode,
) -> Vec<TreeNode> {
    let known: BTreeSet<i64> = rows.iter().map(&id).collect();
    fn below<R>(
        rows: &[R],
        of: Option<i64>,
        depth: usize,
        id: &dyn Fn(&R) -> i64,
        parent: &dyn Fn(&R) -> Option<i64>,
        node: &dyn Fn(&R) -> TreeNode,
    ) -> Vec<TreeNode> {
        // A broken row that is its own ancestor must not hang the page.
        if depth > 32 {
            return Vec::new();
        }
        let own = rows.iter().filter(|row| parent(row) == of);
        own.map(|row| TreeNode { children: below(rows, Some(id(row)), depth + 1, id, parent, node), ..node(row) })
            .collect()
    }
    let parent = |row: &R| parent(row).filter(|parent| known.contains(parent));
    below(rows, None, 0, &id, &parent, &node)
}

/// A tree.
#[derive(Properties, PartialEq)]
pub struct TreeProps {
    /// Name of the tree.
    pub label: AttrValue,
    /// The roots.
    pub roots: Rc<Vec<TreeNode>>,
    /// The chosen node.
    #[prop_or_default]
    pub chosen: Option<i64>,
    /// Told which node is wanted.
    #[prop_or_default]
    pub on_choose: Callback<i64>,
    /// How many levels are open at first.
    #[prop_or(1)]
    pub open_levels: usize,
}

/// A tree.
#[component]
pub fn Tree(props: &TreeProps) -> Html {
    let root = use_node_ref();
    let open = use_state_eq(|| {
        let mut ids = BTreeSet::new();
        collect(&props.roots, props.open_levels, &mut ids);
        ids
    });
    let toggle = {
        let open = open.clone();
        Callback::from(move |(id, want): (i64, bool)| {
            let mut next = (*open).clone();
            if want {
                next.insert(id)
            } else {
                next.remove(&id)
            };
            open.set(next);
        })
    };
    let onkeydown = {
        let root = root.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                _ => return,
            };
            if let Some(root) = root.cast::<Element>() {
                event.prevent_default();
                dom::focus_step(&dom::all(&root, "[role=treeitem]"), step);
            }
        })
    };
    html! {
        <ul ref={root} class="dw-nodes" role="tree" aria-label={props.label.clone()} {onkeydown}>
            { for props.roots.iter().enumerate().map(|(index, node)| draw(node, index == 0, props, &open, &toggle)) }
        </ul>
    }
}

fn collect(nodes: &[TreeNode], levels: usize, ids: &mut BTreeSet<i64>) {
    if levels > 0 {
        for node in nodes {
            ids.insert(node.id);
            collect(&node.children, levels - 1, ids);
        }
    }
}

fn draw(node: &TreeNode, first: bool, props: &TreeProps, open: &BTreeSet<i64>, toggle: &Callback<(i64, bool)>) -> Html {
    let (id, is_open, is_leaf) = (node.id, open.contains(&node.id), node.children.is_empty());
    let chosen = props.chosen == Some(id);
    let stop = chosen || (props.chosen.is_none() && first);
    let onkeydown = {
        let (toggle, on_choose) = (toggle.clone(), props.on_choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            match (event.key().as_str(), dom::reading_step(&event.key())) {
                (_, 1) if !is_leaf => toggle.emit((id, true)),
                (_, -1) if !is_leaf => toggle.emit((id, false)),
                ("Enter" | " ", _) => on_choose.emit(id),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let onclick = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            on_choose.emit(id);
        })
    };
    let on_twist = {
        let toggle = toggle.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            toggle.emit((id, !is_open));
        })
    };
    html! {
        <li role="none" key={id}>
            <div role="treeitem" class={classes!("dw-node", chosen.then_some("is-current"))} tabindex={if stop { "0" } else { "-1" }}
                aria-expanded={(!is_leaf).then_some(if is_open { "true" } else { "false" })} aria-selected={chosen.then_some("true")}
                {onkeydown} {onclick}>
                <span class="twist" aria-hidden="true" onclick={on_twist}>
                    if !is_leaf { { if is_open { Icon::ChevronDown } else { Icon::Next } } }
                </span>
                <span>{ &node.label }</span>
                if let Some(note) = &node.note { <span class="dw-muted">{ note }</span> }
            </div>
            if is_open && !is_leaf {
                <ul role="group">{ for node.children.iter().map(|child| draw(child, false, props, open, toggle)) }</ul>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_grows_from_rows_even_broken_ones() {
        let rows = [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(99)), (5, Some(5))];
        let node = |row: &(i64, Option<i64>)| TreeNode {
            id: row.0,
            label: row.0.to_string().into(),
            note: None,
            children: Vec::new(),
        };
        let tree = grow(&rows, |row| row.0, |row| row.1, node);
        assert_eq!(tree.iter().map(|node| node.id).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(tree[0].children[0].children[0].id, 3);
    }
}
