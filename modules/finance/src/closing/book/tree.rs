//! The tree hash of RFC 6962, section 2.1: one root over all lines, by which each of them can be proved to be in it.

use sha2::{Digest, Sha256};

type Hash = [u8; 32];

/// The root over the leaves that come in, one after the other.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Roots of whole subtrees from left to right, each with how many leaves it has: powers of two that become smaller.
    whole: Vec<(Hash, u64)>,
}

impl Tree {
    /// Adds a leaf: SHA-256 of a 0 and the bytes.
    pub(super) fn push(&mut self, leaf: &[u8]) {
        let mut node: Hash = Sha256::new().chain_update([0]).chain_update(leaf).finalize().into();
        let mut leaves = 1;
        while let Some((left, _)) = self.whole.pop_if(|(_, count)| *count == leaves) {
            node = joined(&left, &node);
            leaves *= 2;
        }
        self.whole.push((node, leaves));
    }

    /// The root; that of no leaves is the hash of nothing.
    pub(super) fn root(&self) -> Hash {
        let mut subtrees = self.whole.iter().rev().map(|(node, _)| *node);
        match subtrees.next() {
            Some(last) => subtrees.fold(last, |right, left| joined(&left, &right)),
            None => Sha256::digest([]).into(),
        }
    }
}

/// SHA-256 of a 1 and both children.
fn joined(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closing::book::hex;

    /// As the RFC defines it, from the whole list.
    fn defined(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => Sha256::new().chain_update([0]).chain_update(one).finalize().into(),
            more => {
                let half = more.len().next_power_of_two() / 2;
                joined(&defined(&more[..half]), &defined(&more[half..]))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_rfc() {
        // Vectors of the reference implementation (certificate-transparency, merkletree tests).
        let leaves: Vec<Vec<u8>> = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
            .iter()
            .map(|text| {
                (0..text.len() / 2)
                    .map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2).unwrap(), 16).unwrap())
                    .collect()
            })
            .collect();
        let mut tree = Tree::default();
        assert_eq!(hex(&tree.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        tree.push(&leaves[0]);
        assert_eq!(hex(&tree.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        tree.push(&leaves[1]);
        assert_eq!(hex(&tree.root()), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        for count in 0..50_u8 {
            let leaves: Vec<Vec<u8>> = (0..count).map(|one| vec![one; usize::from(one)]).collect();
            let mut tree = Tree::default();
            leaves.iter().for_each(|leaf| tree.push(leaf));
            assert_eq!(tree.root(), defined(&leaves), "{count}");
        }
    }
}
