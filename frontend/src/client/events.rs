//! Live events of the server (SSE on `/api/events`): the inbox and the bell follow them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};
use yew::prelude::*;

/// Waits before the next try to connect, milliseconds; the last one is repeated.
const RETRY_AFTER: [u32; 5] = [1_000, 2_000, 5_000, 15_000, 30_000];
/// `EventSource.readyState` of a connection that the browser has given up.
const CLOSED: u16 = 2;

type Handler = Rc<dyn Fn(String)>;

struct Listener {
    id: usize,
    event: String,
    handler: Handler,
}

#[derive(Default)]
struct Stream {
    source: Option<EventSource>,
    listeners: Vec<Listener>,
    /// Names the source already has a closure for.
    attached: Vec<String>,
    wanted: bool,
    tries: usize,
}

thread_local! {
    static STREAM: RefCell<Stream> = RefCell::new(Stream::default());
    static NEXT: Cell<usize> = const { Cell::new(0) };
}

/// Connects after sign-in, disconnects after sign-out.
pub fn want(wanted: bool) {
    STREAM.with(|stream| {
        let mut stream = stream.borrow_mut();
        stream.wanted = wanted;
        if !wanted && let Some(source) = stream.source.take() {
            source.close();
        }
    });
    if wanted {
        connect();
    }
}

fn connect() {
    STREAM.with(|stream| {
        let mut stream = stream.borrow_mut();
        if !stream.wanted || stream.source.is_some() {
            return;
        }
        let Ok(source) = EventSource::new("/api/events") else { return };
        let on_open = Closure::<dyn Fn()>::new(opened);
        let on_error = Closure::<dyn Fn()>::new(reconnect_if_closed);
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // The closures must live as long as the source, which the browser owns.
        on_open.forget();
        on_error.forget();
        stream.attached.clear();
        let names: Vec<String> = stream.listeners.iter().map(|listener| listener.event.clone()).collect();
        stream.source = Some(source);
        for name in names {
            attach(&mut stream, &name);
        }
    });
}

/// What happened between the loading of a screen and the opening of the stream was told to nobody: screens load again.
fn opened() {
    STREAM.with(|stream| stream.borrow_mut().tries = 0);
    dispatch("reset", "");
}

/// Calls those who listen to an event.
fn dispatch(event: &str, data: &str) {
    let handlers: Vec<Handler> = STREAM.with(|stream| {
        let stream = stream.borrow();
        stream.listeners.iter().filter(|l| l.event == event).map(|l| Rc::clone(&l.handler)).collect()
    });
    for handler in handlers {
        handler(data.to_owned());
    }
}

/// The browser reconnects by itself after a break, but gives up when the server answers with an error.
fn reconnect_if_closed() {
    let pause = STREAM.with(|stream| {
        let mut stream = stream.borrow_mut();
        if stream.source.as_ref().is_none_or(|source| source.ready_state() != CLOSED) {
            return None;
        }
        stream.source = None;
        let pause = RETRY_AFTER.get(stream.tries).or(RETRY_AFTER.last()).copied();
        stream.tries += 1;
        pause
    });
    if let Some(pause) = pause {
        Timeout::new(pause, connect).forget();
    }
}

fn attach(stream: &mut Stream, name: &str) {
    let Some(source) = &stream.source else { return };
    if stream.attached.iter().any(|known| known == name) {
        return;
    }
    let event = name.to_owned();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        dispatch(&event, &message.data().as_string().unwrap_or_default());
    });
    let _ = source.add_event_listener_with_callback(name, on_message.as_ref().unchecked_ref());
    on_message.forget();
    stream.attached.push(name.to_owned());
}

/// Calls `handler` with the data of every event of that name while the component stands.
#[hook]
pub fn use_event(event: &'static str, handler: Callback<String>) {
    use_effect_with(handler, move |handler| {
        let id = NEXT.with(|next| next.replace(next.get() + 1));
        let handler = handler.clone();
        STREAM.with(|stream| {
            let mut stream = stream.borrow_mut();
            let handler: Handler = Rc::new(move |data| handler.emit(data));
            stream.listeners.push(Listener { id, event: event.to_owned(), handler });
            attach(&mut stream, event);
        });
        move || STREAM.with(|stream| stream.borrow_mut().listeners.retain(|listener| listener.id != id))
    });
}

/// How long live events are gathered before what is shown is asked for again, milliseconds.
const GATHER: u32 = 400;

/// Asks again a moment after work, records or notifications changed somewhere.
#[hook]
pub fn use_gathered(reload: Callback<()>) {
    let waiting = use_mut_ref(|| None::<Timeout>);
    // Always the newest callback, however often the screen is drawn meanwhile.
    let newest = use_mut_ref(|| reload.clone());
    *newest.borrow_mut() = reload;
    let on_event = use_callback((), move |_: String, ()| {
        // What is waited for is not put off by later events: in a busy agency they never stop.
        if waiting.borrow().is_some() {
            return;
        }
        let (newest, done) = (Rc::clone(&newest), Rc::clone(&waiting));
        let timeout = Timeout::new(GATHER, move || {
            drop(done.borrow_mut().take());
            let reload = newest.borrow().clone();
            reload.emit(());
        });
        *waiting.borrow_mut() = Some(timeout);
    });
    use_event("work", on_event.clone());
    use_event("record", on_event.clone());
    use_event("notification", on_event.clone());
    use_event("reset", on_event);
}
