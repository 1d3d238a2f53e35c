//! Diwan's mark: two squares that make an eight-pointed star, and a ring in it.

use std::f32::consts::TAU;

use crate::{mark::Mark, pdf::BRAND};

/// The star in a box of `size` points with its centre at `(x, y)`.
pub(crate) fn star(x: f32, y: f32, size: f32) -> Vec<Mark> {
    // In a 40-unit drawing: squares with half diagonal 12·√2, ring with radius 7, lines 1.4 wide.
    let unit = size / 34.0;
    let ring = |points: u16, radius: f32, turn: f32| Mark::Outline {
        points: (0..points)
            .map(|at| {
                let angle = TAU * (f32::from(at) / f32::from(points) + turn);
                (x + radius * unit * angle.cos(), y + radius * unit * angle.sin())
            })
            .collect(),
        width: 1.4 * unit,
        color: BRAND,
    };
    let corner = 12.0 * std::f32::consts::SQRT_2;
    vec![ring(4, corner, 0.0), ring(4, corner, 0.125), ring(48, 7.0, 0.0)]
}
