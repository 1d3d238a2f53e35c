//! The PDF viewer: pdf.js in a lazy module, its tool row drawn by the kit.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Object;
use serde::Deserialize;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::button::IconButton;
use super::icon::Icon;
use super::page_strip::PageStrip;
use super::{Alert, Num, Tone, lazy};
use crate::client::{download, json};
use crate::i18n::format;

/// What the tool row shows; told by the module.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
struct Look {
    page: u32,
    pages: u32,
    zoom: f64,
    hits: u32,
    hit: u32,
}

/// The PDF viewer.
#[derive(Properties, PartialEq)]
pub struct PdfViewerProps {
    /// Address of the file.
    pub url: AttrValue,
    /// The page shown first.
    #[prop_or(1)]
    pub page: u32,
    /// Words to find and to mark.
    #[prop_or_default]
    pub find: AttrValue,
    /// Address for saving the file; without it there is no button.
    #[prop_or_default]
    pub download: Option<AttrValue>,
    /// What stands over a page.
    #[prop_or_default]
    pub over: Option<Callback<u32, Html>>,
    /// Further buttons of the tool row.
    #[prop_or_default]
    pub tools: Html,
    /// The address of a page's small picture; without it there is no strip of pages.
    #[prop_or_default]
    pub picture: Option<Callback<u32, String>>,
}

struct Mounted {
    handle: Object,
    _callbacks: [Closure<dyn Fn(String)>; 2],
}

impl Drop for Mounted {
    fn drop(&mut self) {
        lazy::call(&self.handle, "destroy", &[]);
    }
}

fn mount(
    module: &Object,
    place: &Element,
    props: &(AttrValue, u32, AttrValue),
    on_look: Callback<String>,
    on_error: Callback<String>,
) -> Option<Mounted> {
    let look = Closure::<dyn Fn(String)>::new(move |json| on_look.emit(json));
    let error = Closure::<dyn Fn(String)>::new(move |why| on_error.emit(why));
    let (url, page, find) = props;
    let options = lazy::object(&[
        ("url", url.as_str().into()),
        ("page", (*page).into()),
        ("find", find.as_str().into()),
        ("pageLabel", t!("page").into()),
        ("onState", look.as_ref().clone()),
        ("onError", error.as_ref().clone()),
    ]);
    let handle = lazy::call(module, "mount", &[place.into(), options.into()])?.dyn_into().ok()?;
    Some(Mounted { handle, _callbacks: [look, error] })
}

/// The PDF viewer.
#[component]
pub fn PdfViewer(props: &PdfViewerProps) -> Html {
    let place = use_node_ref();
    let look = use_state_eq(|| None::<Look>);
    let error = use_state_eq(|| None::<String>);
    let mounted = use_mut_ref(|| None::<Mounted>);
    {
        let (place, mounted) = (place.clone(), Rc::clone(&mounted));
        let (look, error) = (look.setter(), error.setter());
        let opening = (props.url.clone(), props.page, props.find.clone());
        use_effect_with(props.url.clone(), move |_| {
            error.set(None);
            look.set(None);
            let keep = Rc::clone(&mounted);
            let alive = Rc::new(std::cell::Cell::new(true));
            let still = Rc::clone(&alive);
            spawn_local(async move {
                let module = lazy::module("pdf").await;
                let Some(place) = place.cast::<Element>().filter(|_| still.get()) else { return };
                let on_look = Callback::from(move |json: String| look.set(json::read(&json)));
                let on_error = {
                    let error = error.clone();
                    Callback::from(move |why| error.set(Some(why)))
                };
                let viewer = module.and_then(|module| mount(&module, &place, &opening, on_look, on_error));
                if viewer.is_none() {
                    error.set(Some("broken".to_owned()));
                }
                *mounted.borrow_mut() = viewer;
            });
            move || {
                alive.set(false);
                drop(keep.borrow_mut().take());
            }
        });
    }
    let call = {
        let mounted = Rc::clone(&mounted);
        Callback::from(move |(method, arg): (&'static str, f64)| {
            if let Some(viewer) = &*mounted.borrow() {
                lazy::call(&viewer.handle, method, &[arg.into()]);
            }
        })
    };
    {
        let (page, mounted) = (props.page, Rc::clone(&mounted));
        let call = call.clone();
        use_effect_with(props.page, move |_| call.emit(("goTo", f64::from(page))));
        use_effect_with(props.find.clone(), move |find| {
            if let Some(viewer) = &*mounted.borrow() {
                lazy::call(&viewer.handle, "find", &[find.as_str().into()]);
            }
        });
    }
    let on_go = call.reform(|page: u32| ("goTo", f64::from(page)));
    let strip = match (&props.picture, *look) {
        (Some(picture), Some(look)) if look.pages > 1 => {
            html! { <PageStrip pages={look.pages} at={look.page} picture={picture.clone()} {on_go} /> }
        }
        _ => Html::default(),
    };
    html! {
        <div class="dw-pdf">
            <ToolRow look={*look} {call} download={props.download.clone()} tools={props.tools.clone()} />
            if let Some(why) = &*error {
                <div class="dw-pad"><Alert tone={Tone::Danger} title={if why == "password" { t!("pdf-password") } else { t!("pdf-broken") }} /></div>
            }
            <div class="dw-pdf__body">
                { strip }
                <div ref={place} class="dw-pdf__desk" tabindex="0" role="document" aria-label={t!("pdf-pages")} aria-busy={(look.is_none() && error.is_none()).then_some("true")} />
            </div>
            { overs(&mounted, props.over.as_ref(), *look) }
        </div>
    }
}

/// What stands over the pages that are near: one node, so that the desk beside it keeps its place among its siblings.
fn overs(mounted: &RefCell<Option<Mounted>>, over: Option<&Callback<u32, Html>>, look: Option<Look>) -> Html {
    let (Some(over), Some(look)) = (over, look) else { return Html::default() };
    let place = |page: u32| -> Option<Element> {
        lazy::call(&mounted.borrow().as_ref()?.handle, "overlay", &[page.into()])?.dyn_into().ok()
    };
    let near = look.page.saturating_sub(2).max(1)..=look.page.saturating_add(3).min(look.pages);
    let one = |page| Some(html! { <PageOver key={page} host={place(page)?} content={over.emit(page)} /> });
    near.filter_map(one).collect()
}

#[derive(Properties, PartialEq)]
struct PageOverProps {
    host: Element,
    content: Html,
}

/// Puts something into an element that the module made.
#[component]
fn PageOver(props: &PageOverProps) -> Html {
    create_portal(props.content.clone(), props.host.clone())
}

#[derive(Properties, PartialEq)]
struct ToolRowProps {
    look: Option<Look>,
    call: Callback<(&'static str, f64)>,
    download: Option<AttrValue>,
    tools: Html,
}

#[component]
fn ToolRow(props: &ToolRowProps) -> Html {
    let Some(look) = props.look else { return html! { <div class="dw-pdf__tools dw-muted">{ t!("loading") }</div> } };
    let press = |method: &'static str, arg: f64, icon: Icon, label: String, possible: bool| {
        let onclick = props.call.reform(move |_: MouseEvent| (method, arg));
        html! { <IconButton small=true {icon} {label} {onclick} disabled={!possible} /> }
    };
    let onchange = {
        let call = props.call.clone();
        Callback::from(move |event: Event| {
            let page = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
            if page.is_finite() {
                call.emit(("goTo", page));
            }
        })
    };
    let number = |value: u32| format::number(i64::from(value));
    html! {
        <div class="dw-pdf__tools" role="toolbar" aria-label={t!("pdf-tools")}>
            if look.hits > 0 {
                <span class="dw-sm dw-muted dw-nowrap" aria-live="polite">{ t!("pdf-hit", hit = look.hit, hits = look.hits) }</span>
                { press("step", -1.0, Icon::ChevronUp, t!("pdf-previous-hit"), true) }
                { press("step", 1.0, Icon::ChevronDown, t!("pdf-next-hit"), true) }
            }
            <span class="dw-push" />
            { props.tools.clone() }
            { press("goTo", f64::from(look.page) - 1.0, Icon::Previous, t!("previous-page"), look.page > 1) }
            <input class="dw-input" type="number" min="1" max={look.pages.to_string()} value={look.page.to_string()} {onchange}
                aria-label={t!("page")} />
            <span class="dw-muted dw-nowrap">{ t!("of-total") }{ " " }<Num value={number(look.pages)} /></span>
            { press("goTo", f64::from(look.page) + 1.0, Icon::Next, t!("next-page"), look.page < look.pages) }
            <span class="dw-push" />
            { press("setZoom", look.zoom / 1.25, Icon::ZoomOut, t!("zoom-out"), look.zoom > 0.25) }
            { press("setZoom", look.zoom * 1.25, Icon::ZoomIn, t!("zoom-in"), look.zoom < 4.0) }
            { press("rotate", 0.0, Icon::Rotate, t!("rotate"), true) }
            { press("print", 0.0, Icon::Print, t!("print"), true) }
            if let Some(url) = props.download.clone() {
                <IconButton small=true icon={Icon::Download} label={t!("download")} onclick={Callback::from(move |_| download::save(&url))} />
            }
        </div>
    }
}
