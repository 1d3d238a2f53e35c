//! Several amounts that give one: those a reference holds together, those of a day, and a search that is bounded.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::{
    Explanation, Grouping, Settings, Unmatched,
    equal::near,
    references::Names,
    side::{Item, Side, Sides, Which},
};

/// Around one amount, so many others are looked at; where there are more, a sum would mean nothing.
const LOOKED_AT: usize = 200;

/// Several places, and the one that they give.
type Sum = (Vec<usize>, usize);

/// Sums of what references link: all entries that a line names, or all lines that name an entry.
pub(super) fn by_reference(sides: &mut Sides, names: &Names) {
    for several in [Which::Entries, Which::Lines] {
        let (many, one) = sides.of(several);
        let mut linked: BTreeMap<usize, HashSet<usize>> = BTreeMap::new();
        for name in &names.0 {
            let (of_many, of_one) = match several {
                Which::Entries => (&name.entries, &name.lines),
                Which::Lines => (&name.lines, &name.entries),
            };
            let mut free = of_one.iter().filter(|place| one.0.get(**place).is_some_and(|item| item.free));
            // A reference of several lines says of none that all of its entries are in it.
            if let (Some(only), None) = (free.next(), free.next()) {
                let of_many = of_many.iter().filter(|place| many.0.get(**place).is_some_and(|item| item.free));
                linked.entry(*only).or_default().extend(of_many);
            }
        }
        let sums: Vec<Sum> = linked.into_iter().map(|(one, places)| (sorted(places), one)).collect();
        let mut sums = undisputed(sums);
        sums.retain(|(places, target)| gives(many, one, places, *target));
        join(sides, several, sums, Grouping::Reference);
    }
}

fn sorted(places: HashSet<usize>) -> Vec<usize> {
    let mut places: Vec<usize> = places.into_iter().collect();
    places.sort_unstable();
    places
}

fn gives(many: &Side, one: &Side, places: &[usize], target: usize) -> bool {
    places.len() > 1 && one.0.get(target).is_some_and(|item| many.sum(places) == Some(item.amount))
}

/// The sums of which no part is in another one, and whose one is in no other.
fn undisputed(sums: Vec<Sum>) -> Vec<Sum> {
    let (mut parts, mut ones): (HashMap<usize, usize>, HashMap<usize, usize>) = Default::default();
    for (places, one) in &sums {
        places.iter().for_each(|place| *parts.entry(*place).or_default() += 1);
        *ones.entry(*one).or_default() += 1;
    }
    let alone =
        |(places, one): &Sum| ones.get(one) == Some(&1) && places.iter().all(|place| parts.get(place) == Some(&1));
    sums.into_iter().filter(alone).collect()
}

fn join(sides: &mut Sides, several: Which, sums: Vec<Sum>, by: Grouping) {
    for (places, one) in sums {
        sides.join_sum(several, &places, one, Explanation::ManyToOne { by });
    }
}

/// All of one day in one direction, with `party` also with one other side, that give the only amount of their sum.
pub(super) fn by_day(sides: &mut Sides, settings: &Settings, party: bool) {
    let by = if party { Grouping::PartyDay } else { Grouping::Day };
    for several in [Which::Entries, Which::Lines] {
        let (many, one) = sides.of(several);
        let wanted = |item: &Item| item.open() && (!party || item.party.is_some());
        let party_of = |item: &Item| item.party.clone().filter(|_| party);
        let mut targets: HashMap<(i64, Option<String>), Vec<usize>> = HashMap::new();
        for place in one.places(wanted) {
            if let Some(item) = one.0.get(place) {
                targets.entry((item.amount, party_of(item))).or_default().push(place);
            }
        }
        let mut days: BTreeMap<(NaiveDate, bool, Option<String>), Vec<usize>> = BTreeMap::new();
        for place in many.places(wanted) {
            if let Some(item) = many.0.get(place) {
                days.entry((item.date, item.amount > 0, party_of(item))).or_default().push(place);
            }
        }
        let mut sums = Vec::new();
        for ((date, _, party), places) in days.into_iter().filter(|(_, places)| places.len() > 1) {
            let Some(found) = many.sum(&places).and_then(|sum| targets.get(&(sum, party))) else { continue };
            let (from, to) = near(one, found, date, settings);
            if let [target] = found.get(from..to).unwrap_or_default() {
                sums.push((places, *target));
            }
        }
        join(sides, several, undisputed(sums), by);
    }
}

/// Sums that are searched for: few amounts among few, and only where there is one solution and nobody else could have it.
pub(super) fn by_search(sides: &mut Sides, settings: &Settings, party: bool) {
    let by = if party { Grouping::PartySearch } else { Grouping::Search };
    for several in [Which::Entries, Which::Lines] {
        let (many, one) = sides.of(several);
        let pools = pools(many, party);
        let mut claims: HashMap<usize, usize> = HashMap::new();
        let mut found = Vec::new();
        for target in one.places(|item| item.open() && (!party || item.party.is_some())) {
            let Some(item) = one.0.get(target) else { continue };
            let pool = pools.get(&(item.amount > 0, item.party.clone().filter(|_| party)));
            let Some(pool) = pool else { continue };
            let solutions = solutions(many, pool, item, settings);
            if let Ok(solutions) = &solutions {
                let parts: HashSet<usize> = solutions.iter().flatten().copied().collect();
                parts.into_iter().for_each(|place| *claims.entry(place).or_default() += 1);
            }
            found.push((target, solutions));
        }
        for (target, solutions) in found {
            let why = match solutions {
                Err(too_many) => too_many,
                Ok(solutions) => match solutions.as_slice() {
                    [] => continue,
                    [only] if only.iter().all(|place| claims.get(place) == Some(&1)) => {
                        sides.join_sum(several, only, target, Explanation::ManyToOne { by });
                        continue;
                    }
                    several => Unmatched::SeveralSums { count: several.len() },
                },
            };
            // What a search among the same party says is not the last word.
            if let Some(item) = sides.one(several).0.get_mut(target).filter(|_| !party) {
                item.left(why);
            }
        }
    }
}

/// The open items by direction, and with `party` by their other side.
fn pools(many: &Side, party: bool) -> HashMap<(bool, Option<String>), Vec<usize>> {
    let mut pools: HashMap<_, Vec<usize>> = HashMap::new();
    for place in many.places(|item| item.open() && (!party || item.party.is_some())) {
        if let Some(item) = many.0.get(place) {
            pools.entry((item.amount > 0, item.party.clone().filter(|_| party))).or_default().push(place);
        }
    }
    pools
}

/// All sums of the pool that give the amount, or that there are too many amounts to look for any.
fn solutions(many: &Side, pool: &[usize], target: &Item, settings: &Settings) -> Result<Vec<Vec<usize>>, Unmatched> {
    let (from, to) = near(many, pool, target.date, settings);
    let around = pool.get(from..to).unwrap_or_default();
    let wanted = target.amount.unsigned_abs();
    if around.len() > LOOKED_AT {
        return Err(Unmatched::TooMany);
    }
    let amounts = around.iter().filter_map(|place| Some((*place, many.0.get(*place)?.amount.unsigned_abs())));
    let smaller: Vec<(usize, u64)> = amounts.filter(|(_, amount)| *amount < wanted).collect();
    if smaller.len() > settings.sum_candidates.min(Settings::CANDIDATES_MAX) {
        return Err(Unmatched::TooMany);
    }
    let mut found = Vec::new();
    let size = settings.sum_size.min(Settings::SIZE_MAX);
    search(&smaller, wanted, size, &mut Vec::new(), &mut found);
    Ok(found)
}

/// Adds amounts from the front of the rest until they give what is wanted.
fn search(rest: &[(usize, u64)], wanted: u64, size: usize, chosen: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    if wanted == 0 {
        found.push(chosen.clone());
        return;
    }
    if size == 0 {
        return;
    }
    let mut rest = rest;
    while let Some(((place, amount), next)) = rest.split_first() {
        if let Some(left) = wanted.checked_sub(*amount) {
            chosen.push(*place);
            search(next, left, size - 1, chosen, found);
            chosen.pop();
        }
        rest = next;
    }
}
