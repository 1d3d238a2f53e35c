//! Yew as Diwan uses it: everything of Yew, with one component type at run time instead of one per component.
//!
//! Yew compiles what creates, updates, compares and ends a component once per component, which for Diwan's 265 was a
//! sixth of the whole application over the wire. Here every `#[component]` function is carried by the same component,
//! [`Shell`], which calls the function it is given. The frontend names this crate `yew`, so that `html!` finds the
//! [`virtual_dom::VChild`] below where it looks for Yew's own; nothing else differs, and screens are written as in any
//! Yew application. What is not a function has no place in `html!`: contexts are given with [`provide`].

use std::any::Any;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

pub use yew::*;

use yew::context::ContextProviderProps;
use yew::virtual_dom::{Key, VComp, VList, VNode};

/// Yew's own, with another `VChild`.
pub mod virtual_dom {
    pub use yew::virtual_dom::*;

    pub use super::VChild;
}

/// What `html!` makes of `<Component …/>`. It only has the constructor, which gives the node itself.
pub struct VChild<C>(std::marker::PhantomData<C>);

impl<C> VChild<C>
where
    C: BaseComponent + FunctionProvider<Properties = <C as BaseComponent>::Properties>,
{
    /// The node of a component with these properties.
    #[expect(clippy::new_ret_no_self, reason = "the name and the arguments are those that `html!` calls")]
    pub fn new(props: <C as BaseComponent>::Properties, key: Option<Key>) -> VNode {
        place(Rc::new(Filled::<C>(props)), key)
    }
}

/// Gives `context` to everything in `children`: what `<ContextProvider<T> …>` does in Yew.
pub fn provide<T: Clone + PartialEq + 'static>(context: T, children: Html) -> Html {
    VComp::new::<ContextProvider<T>>(Rc::new(ContextProviderProps { context, children }), None).into()
}

/// A component function with its properties; all that is compiled per component.
trait Draw: Any {
    fn draw(&self, context: &mut HookContext) -> HtmlResult;
    /// Whether it is the same component with equal properties.
    fn same(&self, other: &dyn Any) -> bool;
}

struct Filled<C: BaseComponent>(<C as BaseComponent>::Properties);

impl<C> Draw for Filled<C>
where
    C: BaseComponent + FunctionProvider<Properties = <C as BaseComponent>::Properties>,
{
    fn draw(&self, context: &mut HookContext) -> HtmlResult {
        C::run(context, &self.0)
    }

    fn same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<Self>().is_some_and(|other| self.0 == other.0)
    }
}

/// As a hook it runs inside the state of the component that carries it.
impl Hook for &dyn Draw {
    type Output = HtmlResult;

    fn run(self, context: &mut HookContext) -> HtmlResult {
        self.draw(context)
    }
}

fn use_drawing(drawing: &dyn Draw) -> impl Hook<Output = HtmlResult> + '_ {
    drawing
}

#[derive(Properties)]
struct ShellProps {
    drawing: Rc<dyn Draw>,
}

impl PartialEq for ShellProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.drawing, &other.drawing) || self.drawing.same(&*other.drawing)
    }
}

/// Carries any component function.
#[component]
fn Shell(props: &ShellProps) -> HtmlResult {
    use_drawing(&*props.drawing)
}

/// The node of a shell. Yew keeps what is mounted while type and key stay, and the type is always the same one; the key
/// therefore tells also which component it is.
fn place(drawing: Rc<dyn Draw>, key: Option<Key>) -> VNode {
    let component: &dyn Any = &*drawing;
    let mut hasher = DefaultHasher::new();
    component.type_id().hash(&mut hasher);
    let component = hasher.finish();
    let identity = match &key {
        Some(key) => Key::from(format!("{component}/{key}")),
        None => Key::from(component),
    };
    let node = VNode::from(VComp::new::<Shell>(Rc::new(ShellProps { drawing }), Some(identity)));
    match key {
        Some(_) => node,
        // Beside others it must count as one without key, as several of one component may stand there.
        None => VList::with_children(vec![node], None).into(),
    }
}
