//! Invented rows and texts for the kit page.

use chrono::{Days, NaiveDate};
use diwan_kernel::{Lang, Named, Page, Priority, Secrecy};
use diwan_platform_api::people::{Me, MyPosition, Ref, Theme};

use crate::i18n::{self, format};
use crate::ui::{Row, StateTone};

/// A row that looks like an incoming letter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub(super) id: i64,
    pub(super) theirs: String,
    pub(super) agency: String,
    pub(super) subject: String,
    pub(super) priority: Priority,
    pub(super) secrecy: Secrecy,
    pub(super) to: String,
    pub(super) due: NaiveDate,
    pub(super) state: (StateTone, String),
    pub(super) unread: bool,
}

impl Row for Sample {
    fn key(&self) -> i64 {
        self.id
    }

    fn is_unread(&self) -> bool {
        self.unread
    }
}

pub(super) fn pick(ar: &str, en: &str) -> String {
    if i18n::lang() == Lang::Ar { ar.to_owned() } else { en.to_owned() }
}

fn named(ar: &str, en: &str) -> Named {
    Named { ar: ar.to_owned(), en: en.to_owned() }
}

const SUBJECTS: [(&str, &str); 8] = [
    (
        "كشف الالتزامات غير المسددة على مشاريع الطرق للربع الثالث",
        "Statement of unpaid commitments on road projects, third quarter",
    ),
    (
        "استيضاح بشأن فروقات عطاء صيانة طريق إربد – المفرق",
        "Query on variances in the Irbid–Mafraq road maintenance tender",
    ),
    (
        "طلب تزويد مخططات تصريف مياه الأمطار لبلديات الأغوار",
        "Request for storm-water drainage plans of the Jordan Valley",
    ),
    ("تحديث تقدم المشاريع الممولة من المنح لعام 2026", "Progress update on grant-funded projects for 2026"),
    (
        "تنسيق إغلاق جزئي لطريق الملك عبد الله الثاني أثناء الصيانة",
        "Partial closure of King Abdullah II road during maintenance",
    ),
    ("توسعة مستشفى معان الحكومي – تسليم الموقع للمقاول", "Maan hospital extension: site hand-over to the contractor"),
    ("سقوف موازنة 2027 – ملاحظات على مشروع الخطة الرأسمالية", "2027 ceilings: remarks on the draft capital plan"),
    ("دراسة الأحمال المحورية على الطريق الصحراوي", "Axle-load study on the Desert Highway"),
];
const AGENCIES: [(&str, &str); 4] = [
    ("وزارة المالية", "Ministry of Finance"),
    ("ديوان المحاسبة", "Audit Bureau"),
    ("وزارة التخطيط والتعاون الدولي", "Ministry of Planning and International Cooperation"),
    ("وزارة الصحة", "Ministry of Health"),
];

fn row(index: usize) -> Sample {
    let (ar, en) = SUBJECTS[index % SUBJECTS.len()];
    let agency = AGENCIES[index % AGENCIES.len()];
    let days = [-4, -2, -1, 0, 1, 6, 9, 14][index % 8];
    let today = format::today();
    let due = if days < 0 {
        today.checked_sub_days(Days::new(-days as u64))
    } else {
        today.checked_add_days(Days::new(days as u64))
    };
    let states = [
        (StateTone::Work, pick("قيد الإجراء", "In progress")),
        (StateTone::New, pick("جديد", "New")),
        (StateTone::Wait, pick("بانتظار رد", "Awaiting reply")),
        (StateTone::Done, pick("منجز", "Done")),
    ];
    Sample {
        id: 14873 + index as i64 * 7,
        theirs: format!("{}/{}/{}", index + 3, index * 4 % 30, 3000 + index * 431),
        agency: pick(agency.0, agency.1),
        subject: pick(ar, en),
        priority: Priority::ALL[index % 3],
        secrecy: Secrecy::ALL[[0, 2, 0, 0, 1, 0, 3, 0][index % 8]],
        to: pick("مديرية الدراسات", "Studies Directorate"),
        due: due.unwrap_or(today),
        state: states[index % 4].clone(),
        unread: index.is_multiple_of(3),
    }
}

pub(super) fn page() -> Page<Sample> {
    Page { items: (0..14).map(row).collect(), next: Some("x".to_owned()), total: Some(38) }
}

pub(super) fn me() -> Me {
    Me {
        user_id: 1,
        username: "rana".to_owned(),
        name: named("رنا العبداللات", "Rana Abdallat"),
        email: None,
        agency: Ref {
            id: 1, name: named("وزارة الأشغال العامة والإسكان", "Ministry of Public Works and Housing")
        },
        positions: vec![MyPosition {
            position_id: 1,
            title: named("رئيسة قسم المراسلات", "Head of Correspondence"),
            unit: Ref { id: 1, name: named("قسم المراسلات", "Correspondence") },
            is_head: true,
            can_sign: false,
        }],
        permissions: diwan_kernel::Permission::ALL.to_vec(),
        clearance: Secrecy::Secret,
        caveats: Vec::new(),
        lang: Lang::Ar,
        theme: Theme::System,
        must_change: false,
        totp_enabled: false,
        acts_for: Vec::new(),
    }
}

pub(super) const LETTER: &str = r#"{"type":"doc","content":[
{"type":"paragraph","content":[{"type":"text","text":"تحية طيبة وبعد،"}]},
{"type":"paragraph","attrs":{"align":"justify"},"content":[{"type":"text","text":"إشارةً إلى كتاب معاليكم رقم 18/4/8812 تاريخ 11/11/2026، وحيث إن مخصصات بند "},{"type":"text","marks":[{"type":"strong"}],"text":"صيانة الطرق الثانوية"},{"type":"text","text":" لا تكفي لتغطية المطالبات المستحقة حتى نهاية العام، نتيجة الأضرار التي خلّفتها سيول شهر تشرين الأول في محافظتي الكرك والطفيلة، أرجو التكرم بالموافقة على ما يلي:"}]},
{"type":"ordered_list","content":[
{"type":"list_item","content":[{"type":"paragraph","content":[{"type":"text","text":"مناقلة مبلغ 420,000.000 دينار من بند الدراسات."}]}]},
{"type":"list_item","content":[{"type":"paragraph","content":[{"type":"text","text":"إعلام دائرة الموازنة العامة."}]}]}]},
{"type":"table","content":[
{"type":"table_row","content":[{"type":"table_header","content":[{"type":"paragraph","content":[{"type":"text","text":"البند"}]}]},{"type":"table_header","content":[{"type":"paragraph","content":[{"type":"text","text":"من"}]}]},{"type":"table_header","content":[{"type":"paragraph","content":[{"type":"text","text":"إلى"}]}]}]},
{"type":"table_row","content":[{"type":"table_cell","content":[{"type":"paragraph","content":[{"type":"text","text":"28-101-014"}]}]},{"type":"table_cell","content":[{"type":"paragraph","content":[{"type":"text","text":"الدراسات والتصاميم"}]}]},{"type":"table_cell","content":[{"type":"paragraph","content":[{"type":"text","text":"صيانة الطرق"}]}]}]}]},
{"type":"paragraph","content":[{"type":"text","text":"وتفضلوا معاليكم بقبول فائق الاحترام،"}]}]}"#;
