//! A bar chart over time with its values as a table beside it. In Arabic time runs from right to left.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::Element;
use yew::prelude::*;

use crate::i18n::{self, format};

/// At most this many series stay readable.
pub const SERIES_MAX: usize = 3;

const HEIGHT: f64 = 200.0;
const BASE: f64 = 176.0;
const TOP: f64 = 12.0;
/// The least width of the axis of values.
const AXIS: f64 = 36.0;
/// The width of a digit on it.
const FIGURE: f64 = 6.5;
/// Half the width of a label.
const EDGE: f64 = 16.0;

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: AttrValue,
    /// One value per label.
    pub values: Vec<i64>,
}

/// A bar chart.
#[derive(Properties, PartialEq)]
pub struct BarChartProps {
    /// What it shows.
    pub label: AttrValue,
    /// The name of what the labels are, such as "day".
    pub axis: AttrValue,
    /// The points of time, in their order.
    pub labels: Vec<AttrValue>,
    /// The series, at most [`SERIES_MAX`].
    pub series: Vec<Series>,
}

/// The next round number at or above `max`, as the top of the value axis: 1, 2 or 5 times a power of ten.
pub fn round_up(max: i64) -> i64 {
    let mut power = 1;
    while power * 10 <= max {
        power *= 10;
    }
    [1, 2, 4, 5, 8, 10].into_iter().map(|step| step * power).find(|top| *top >= max).unwrap_or(max).max(4)
}

/// The width of the node in CSS pixels, so that a drawing's letters keep their size.
#[hook]
fn use_width() -> (NodeRef, f64) {
    let node = use_node_ref();
    let width = use_state_eq(|| 480.0);
    {
        let (node, width) = (node.clone(), width.setter());
        use_effect_with((), move |()| {
            let measure = Rc::new(move || {
                if let Some(element) = node.cast::<Element>() {
                    width.set(f64::from(element.client_width()).max(240.0));
                }
            });
            measure();
            let listen = Closure::<dyn Fn()>::new(move || measure());
            let window = web_sys::window();
            if let Some(window) = &window {
                let _ = window.add_event_listener_with_callback("resize", listen.as_ref().unchecked_ref());
            }
            move || {
                if let Some(window) = window {
                    let _ = window.remove_event_listener_with_callback("resize", listen.as_ref().unchecked_ref());
                }
            }
        });
    }
    (node, *width)
}

/// A bar chart.
#[component]
pub fn BarChart(props: &BarChartProps) -> Html {
    let as_table = use_state_eq(|| false);
    let (node, width) = use_width();
    let flip = {
        let as_table = as_table.clone();
        Callback::from(move |_: MouseEvent| as_table.set(!*as_table))
    };
    html! {
        <div ref={node}>
            if *as_table { { table(props) } } else { { drawing(props, width) } }
            <div class="dw-row">
                <div class="dw-legend" aria-hidden="true">
                    { for props.series.iter().enumerate().map(|(index, series)| html! {
                        <span style={format!("--c:{}", colour(index))}>{ &series.name }</span>
                    }) }
                </div>
                <button type="button" class="pf-v6-c-button pf-m-link dw-push" onclick={flip} aria-pressed={if *as_table { "true" } else { "false" }}>
                    <span class="pf-v6-c-button__text">{ if *as_table { t!("show-chart") } else { t!("show-table") } }</span>
                </button>
            </div>
        </div>
    }
}

const fn colour(series: usize) -> &'static str {
    match series {
        0 => "var(--dw-bar-commit)",
        1 => "var(--dw-bar-spent)",
        _ => "var(--dw-bar-avail)",
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "chart coordinates"
)]
fn drawing(props: &BarChartProps, width: f64) -> Html {
    let max = props.series.iter().flat_map(|series| series.values.iter().copied()).max().unwrap_or(0);
    let top = round_up(max);
    let y = |value: i64| BASE - (BASE - TOP) * value as f64 / top as f64;
    let rtl = i18n::is_rtl();
    let axis = (format::number(top).chars().count() as f64 * FIGURE + 10.0).max(AXIS);
    let slot = (width - axis) / props.labels.len().max(1) as f64;
    // The axis stands where time begins.
    let slot_x =
        |index: usize| if rtl { width - axis - slot * (index as f64 + 1.0) } else { axis + slot * index as f64 };
    let series = props.series.iter().take(SERIES_MAX).collect::<Vec<_>>();
    let bar = (slot * 0.72 / series.len().max(1) as f64).min(26.0);
    let every = (42.0 / slot).ceil().max(1.0) as usize;
    let (axis_x, anchor) = if rtl { (width - axis + 6.0, "start") } else { (axis - 6.0, "end") };
    html! {
        <svg class="dw-chart" viewBox={format!("0 0 {width} {HEIGHT}")} role="img" aria-label={props.label.clone()} direction="ltr">
            { for [0, top / 4, top / 2, top - top / 4, top].iter().map(|value| html! {
                <>
                    <line x1={if rtl { "0".to_owned() } else { axis.to_string() }} x2={if rtl { (width - axis).to_string() } else { width.to_string() }}
                        y1={y(*value).to_string()} y2={y(*value).to_string()} stroke="var(--dw-bar-free)" />
                    <text x={axis_x.to_string()} y={(y(*value) + 4.0).to_string()} text-anchor={anchor}>{ format::number(*value) }</text>
                </>
            }) }
            { for props.labels.iter().enumerate().map(|(index, label)| {
                let middle = slot_x(index) + slot / 2.0;
                let group = bar * series.len() as f64;
                html! {
                    <g>
                        <title>{ describe(props, index) }</title>
                        <rect x={slot_x(index).to_string()} y={TOP.to_string()} width={slot.to_string()} height={(BASE - TOP).to_string()} fill="transparent" />
                        { for series.iter().enumerate().map(|(place, series)| {
                            let value = series.values.get(index).copied().unwrap_or(0);
                            let place = if rtl { group - bar * (place as f64 + 1.0) } else { bar * place as f64 };
                            let number = props.series.iter().position(|other| other.name == series.name).unwrap_or(0);
                            html! {
                                <rect x={(middle - group / 2.0 + place + 0.5).to_string()} width={(bar - 1.0).max(1.0).to_string()} rx="1.5"
                                    y={y(value).to_string()} height={(BASE - y(value)).max(0.0).to_string()} style={format!("fill:{}", colour(number))} />
                            }
                        }) }
                        if index % every == 0 {
                            // The outermost labels stay inside the drawing.
                            <text x={middle.clamp(EDGE, width - EDGE).to_string()} y={(HEIGHT - 6.0).to_string()} text-anchor="middle">{ label }</text>
                        }
                    </g>
                }
            }) }
        </svg>
    }
}

fn describe(props: &BarChartProps, index: usize) -> String {
    let values = props
        .series
        .iter()
        .map(|series| format!("{}: {}", series.name, format::number(series.values.get(index).copied().unwrap_or(0))));
    let label = props.labels.get(index).map_or("", |label| label.as_str());
    std::iter::once(label.to_owned()).chain(values).collect::<Vec<_>>().join(" · ")
}

fn table(props: &BarChartProps) -> Html {
    html! {
        <div class="dw-scroll" style="max-block-size:14rem" tabindex="0" role="region" aria-label={props.label.clone()}>
            <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={props.label.clone()}>
                <thead><tr><th scope="col">{ &props.axis }</th>{ for props.series.iter().map(|series| html! { <th scope="col">{ &series.name }</th> }) }</tr></thead>
                <tbody>
                    { for props.labels.iter().enumerate().map(|(index, label)| html! {
                        <tr><th scope="row">{ label }</th>
                            { for props.series.iter().map(|series| html! {
                                <td>{ format::number(series.values.get(index).copied().unwrap_or(0)) }</td>
                            }) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_number() {
        assert_eq!([0, 3, 7, 12, 41, 99, 450].map(round_up), [4, 4, 8, 20, 50, 100, 500]);
    }
}
