//! Inline pictures: drawn with the text's colour, hidden from screen readers (the word beside them speaks).

use yew::prelude::*;

use super::icon_paths::paths;

/// Declares the icons once.
macro_rules! icons {
    ($($name:ident),+ $(,)?) => {
        /// A picture of the kit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names say what they show")]
        pub enum Icon { $($name),+ }

        impl Icon {
            /// All of them, for the kit page.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }
    };
}

icons![
    AlignCenter,
    AlignEnd,
    AlignJustify,
    AlignStart,
    Archive,
    Back,
    Bell,
    Bold,
    Bolt,
    Bookmark,
    Building,
    Calendar,
    CaretDown,
    Chart,
    Check,
    ChevronDown,
    ChevronUp,
    CircleAlert,
    Clock,
    Close,
    ColumnAdd,
    ColumnDelete,
    Columns,
    Copy,
    Download,
    Edit,
    Expand,
    Eye,
    File,
    FileImage,
    FilePdf,
    FileSheet,
    FileText,
    Filter,
    Folder,
    Forward,
    Gear,
    Globe,
    Heading,
    HeaderRow,
    Help,
    History,
    Home,
    Hourglass,
    Inbox,
    Info,
    Key,
    Kebab,
    Letter,
    Link,
    ListNumbers,
    ListPoints,
    Lock,
    Logout,
    Ltr,
    Mail,
    Menu,
    Monitor,
    Moon,
    Next,
    Paperclip,
    Person,
    Pin,
    Plus,
    Previous,
    Print,
    Qr,
    Redo,
    Refer,
    Refresh,
    Reply,
    Rotate,
    RowAdd,
    RowDelete,
    Rtl,
    Save,
    Seal,
    Search,
    Send,
    Sign,
    SortDown,
    SortUp,
    Sun,
    Table,
    Task,
    Trash,
    Underline,
    Undo,
    Upload,
    Users,
    Warning,
    ZoomIn,
    ZoomOut,
];

impl Icon {
    /// Pictures that point along the line and so turn round in a right-to-left page.
    const fn mirrors(self) -> bool {
        use Icon::*;
        matches!(
            self,
            Back | Forward
                | Next
                | Previous
                | Reply
                | Refer
                | Send
                | Logout
                | Undo
                | Redo
                | ListPoints
                | ListNumbers
                | AlignStart
                | AlignEnd
        )
    }

    /// The picture as an SVG element.
    pub fn html(self) -> Html {
        let (lines, filled) = paths(self);
        let class = classes!("dw-i", self.mirrors().then_some("dw-flip"));
        html! {
            <svg {class} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                if !lines.is_empty() { <path d={lines} /> }
                if !filled.is_empty() { <path class="fill" stroke="none" d={filled} /> }
            </svg>
        }
    }
}

impl From<Icon> for Html {
    fn from(icon: Icon) -> Self {
        icon.html()
    }
}

impl yew::html::IntoPropValue<Html> for Icon {
    fn into_prop_value(self) -> Html {
        self.html()
    }
}
