//! The invented people of twelve real agencies: names are put together from common ones and mean nobody.

use diwan_kernel::Named;

/// An agency of the demonstration.
pub(super) struct Agency {
    pub(super) code: &'static str,
    pub(super) kind: &'static str,
    pub(super) ar: &'static str,
    pub(super) en: &'static str,
    pub(super) addressee_ar: &'static str,
    pub(super) addressee_en: &'static str,
    /// The directorate that does the agency's own work.
    pub(super) directorate: (&'static str, &'static str),
    /// How often it writes and is written to.
    pub(super) weight: u64,
}

const fn agency(
    code: &'static str,
    kind: &'static str,
    (ar, en): (&'static str, &'static str),
    (addressee_ar, addressee_en): (&'static str, &'static str),
    directorate: (&'static str, &'static str),
    weight: u64,
) -> Agency {
    Agency { code, kind, ar, en, addressee_ar, addressee_en, directorate, weight }
}

impl Agency {
    /// Its posts.
    pub(super) fn posts(&self) -> impl Iterator<Item = &'static Post> {
        let more = MORE_POSTS.iter().filter(|(code, _)| *code == self.code).map(|(_, post)| post);
        POSTS.iter().chain(more)
    }

    /// The name that the holder of a post signs in with.
    pub(super) fn username(&self, post: &Post) -> String {
        format!("{}.{}", post.login, self.code.to_lowercase())
    }
}

/// Every post of every agency with the name of who holds it.
pub(super) fn everybody() -> impl Iterator<Item = (&'static Agency, &'static Post, Named)> {
    let posts = AGENCIES.iter().flat_map(|agency| agency.posts().map(move |post| (agency, post)));
    posts.enumerate().map(|(nth, (agency, post))| (agency, post, person(nth)))
}

pub(super) static AGENCIES: [Agency; 12] = [
    agency(
        "MODEE",
        "ministry",
        ("وزارة الاقتصاد الرقمي والريادة", "Ministry of Digital Economy and Entrepreneurship"),
        ("معالي وزير الاقتصاد الرقمي والريادة الأكرم", "H.E. the Minister of Digital Economy and Entrepreneurship"),
        ("مديرية الخدمات الرقمية", "Digital Services Directorate"),
        6,
    ),
    agency(
        "MOF",
        "ministry",
        ("وزارة المالية", "Ministry of Finance"),
        ("معالي وزير المالية الأكرم", "H.E. the Minister of Finance"),
        ("مديرية الخزينة العامة", "Treasury Directorate"),
        6,
    ),
    agency(
        "MOI",
        "ministry",
        ("وزارة الداخلية", "Ministry of Interior"),
        ("معالي وزير الداخلية الأكرم", "H.E. the Minister of Interior"),
        ("مديرية التنمية المحلية", "Local Development Directorate"),
        2,
    ),
    agency(
        "MOH",
        "ministry",
        ("وزارة الصحة", "Ministry of Health"),
        ("معالي وزير الصحة الأكرم", "H.E. the Minister of Health"),
        ("مديرية التخطيط الصحي", "Health Planning Directorate"),
        3,
    ),
    agency(
        "MOE",
        "ministry",
        ("وزارة التربية والتعليم", "Ministry of Education"),
        ("معالي وزير التربية والتعليم الأكرم", "H.E. the Minister of Education"),
        ("مديرية الأبنية المدرسية", "School Buildings Directorate"),
        3,
    ),
    agency(
        "MPWH",
        "ministry",
        ("وزارة الأشغال العامة والإسكان", "Ministry of Public Works and Housing"),
        ("معالي وزير الأشغال العامة والإسكان الأكرم", "H.E. the Minister of Public Works and Housing"),
        ("مديرية الطرق", "Roads Directorate"),
        3,
    ),
    agency(
        "MOPIC",
        "ministry",
        ("وزارة التخطيط والتعاون الدولي", "Ministry of Planning and International Cooperation"),
        ("معالي وزير التخطيط والتعاون الدولي الأكرم", "H.E. the Minister of Planning and International Cooperation"),
        ("مديرية المشاريع التنموية", "Development Projects Directorate"),
        2,
    ),
    agency(
        "MOJ",
        "ministry",
        ("وزارة العدل", "Ministry of Justice"),
        ("معالي وزير العدل الأكرم", "H.E. the Minister of Justice"),
        ("مديرية المحاكم", "Courts Directorate"),
        1,
    ),
    agency(
        "MOT",
        "ministry",
        ("وزارة النقل", "Ministry of Transport"),
        ("معالي وزير النقل الأكرم", "H.E. the Minister of Transport"),
        ("مديرية تنظيم النقل", "Transport Regulation Directorate"),
        1,
    ),
    agency(
        "GBD",
        "department",
        ("دائرة الموازنة العامة", "General Budget Department"),
        ("عطوفة مدير عام دائرة الموازنة العامة الأكرم", "The Director General, General Budget Department"),
        ("مديرية موازنات الوزارات", "Ministries Budgets Directorate"),
        3,
    ),
    agency(
        "SPAC",
        "commission",
        ("هيئة الخدمة والإدارة العامة", "Service and Public Administration Commission"),
        ("عطوفة رئيس هيئة الخدمة والإدارة العامة الأكرم", "The President, Service and Public Administration Commission"),
        ("مديرية الوظائف", "Posts Directorate"),
        2,
    ),
    agency(
        "AB",
        "institution",
        ("ديوان المحاسبة", "Audit Bureau"),
        ("معالي رئيس ديوان المحاسبة الأكرم", "H.E. the President of the Audit Bureau"),
        ("مديرية الرقابة المالية", "Financial Audit Directorate"),
        2,
    ),
];

/// What somebody does in every agency: login, unit, role, post; whether the post heads the unit and may sign.
pub(super) struct Post {
    pub(super) login: &'static str,
    pub(super) unit: &'static str,
    pub(super) role: &'static str,
    pub(super) ar: &'static str,
    pub(super) en: &'static str,
    pub(super) is_head: bool,
    pub(super) can_sign: bool,
}

const fn post(
    login: &'static str,
    unit: &'static str,
    role: &'static str,
    (ar, en): (&'static str, &'static str),
    is_head: bool,
    can_sign: bool,
) -> Post {
    Post { login, unit, role, ar, en, is_head, can_sign }
}

/// Posts that every agency has.
static POSTS: [Post; 5] = [
    post("sg", "office", "signatory", ("الأمين العام", "Secretary General"), true, true),
    post("registry.head", "registry", "head", ("رئيس قسم الديوان", "Head of Registry"), true, false),
    post("clerk", "registry", "registry_clerk", ("كاتب الديوان", "Registry Clerk"), false, false),
    post("studies.head", "studies", "head", ("رئيس قسم الدراسات", "Head of Studies"), true, false),
    post("followup.head", "followup", "head", ("رئيس قسم المتابعة", "Head of Follow-up"), true, false),
];

/// Posts that only some agencies have.
static MORE_POSTS: [(&str, Post); 8] = [
    ("MODEE", post("admin", "office", "agency_admin", ("مدير النظام", "System Administrator"), false, false)),
    ("MODEE", post("archivist", "registry", "archivist", ("أمين الأرشيف", "Archivist"), false, false)),
    ("MOF", post("archivist", "registry", "archivist", ("أمين الأرشيف", "Archivist"), false, false)),
    ("AB", post("auditor", "office", "auditor", ("مدقق", "Auditor"), false, false)),
    ("MODEE", post("finance", "finance", "finance_manager", ("مدير الشؤون المالية", "Finance Manager"), false, false)),
    ("MODEE", post("accountant", "finance", "accountant", ("محاسب", "Accountant"), false, false)),
    (
        "MODEE",
        post(
            "controller",
            "finance",
            "commitment_controller",
            ("مراقب الالتزام", "Commitment Controller"),
            false,
            false,
        ),
    ),
    ("MODEE", post("treasurer", "finance", "treasurer", ("أمين الصندوق", "Treasurer"), false, false)),
];

/// The members of a committee that destroys documents (لجنة الإتلاف): agency and login.
pub(super) static COMMITTEE: [(&str, &str); 4] = [("MODEE", "sg"), ("MODEE", "clerk"), ("MOF", "sg"), ("MOF", "clerk")];

/// Units of every agency: code, the one above, kind, name; `directorate` takes the agency's own name for it.
pub(super) const UNITS: [(&str, Option<&str>, &str, &str, &str); 6] = [
    ("office", None, "office", "مكتب الأمين العام", "Secretary General's Office"),
    ("registry", Some("office"), "section", "قسم الديوان", "Registry Section"),
    (
        "finance",
        Some("office"),
        "directorate",
        "مديرية الشؤون المالية والإدارية",
        "Finance and Administration Directorate",
    ),
    ("directorate", Some("office"), "directorate", "", ""),
    ("studies", Some("directorate"), "section", "قسم الدراسات", "Studies Section"),
    ("followup", Some("directorate"), "section", "قسم المتابعة", "Follow-up Section"),
];

const MEN: [(&str, &str); 20] = [
    ("أحمد", "Ahmad"),
    ("محمد", "Mohammad"),
    ("خالد", "Khaled"),
    ("سامي", "Sami"),
    ("عمر", "Omar"),
    ("يوسف", "Yousef"),
    ("طارق", "Tareq"),
    ("زيد", "Zaid"),
    ("فراس", "Firas"),
    ("ماهر", "Maher"),
    ("نبيل", "Nabil"),
    ("رائد", "Raed"),
    ("باسل", "Basel"),
    ("هاني", "Hani"),
    ("معاذ", "Muath"),
    ("ليث", "Laith"),
    ("عدنان", "Adnan"),
    ("إبراهيم", "Ibrahim"),
    ("صالح", "Saleh"),
    ("قيس", "Qais"),
];

const WOMEN: [(&str, &str); 16] = [
    ("رنا", "Rana"),
    ("لينا", "Lina"),
    ("هبة", "Heba"),
    ("سارة", "Sarah"),
    ("دعاء", "Duaa"),
    ("منى", "Muna"),
    ("ريم", "Reem"),
    ("نور", "Nour"),
    ("هدى", "Huda"),
    ("عبير", "Abeer"),
    ("سمر", "Samar"),
    ("رانيا", "Rania"),
    ("آلاء", "Alaa"),
    ("فرح", "Farah"),
    ("أمل", "Amal"),
    ("ديما", "Dima"),
];

const FAMILIES: [(&str, &str); 24] = [
    ("العبداللات", "Al-Abdallat"),
    ("الزعبي", "Al-Zoubi"),
    ("الحوراني", "Al-Hourani"),
    ("الطراونة", "Al-Tarawneh"),
    ("الخطيب", "Al-Khatib"),
    ("النعيمات", "Al-Nuaimat"),
    ("العموش", "Al-Amoush"),
    ("القضاة", "Al-Qudah"),
    ("الشوابكة", "Al-Shawabkeh"),
    ("المجالي", "Al-Majali"),
    ("الرواشدة", "Al-Rawashdeh"),
    ("بني هاني", "Bani Hani"),
    ("الحياري", "Al-Hiyari"),
    ("العدوان", "Al-Adwan"),
    ("الفايز", "Al-Fayez"),
    ("السرحان", "Al-Sarhan"),
    ("الصمادي", "Al-Smadi"),
    ("عبيدات", "Obeidat"),
    ("ملكاوي", "Malkawi"),
    ("الكيلاني", "Al-Kilani"),
    ("حداد", "Haddad"),
    ("الجراح", "Al-Jarrah"),
    ("الدباس", "Al-Dabbas"),
    ("مساعدة", "Masaadeh"),
];

/// The name of the `n`-th person.
fn person(n: usize) -> Named {
    let (given_ar, given_en) = if n % 5 < 3 { MEN[n * 7 % MEN.len()] } else { WOMEN[n * 5 % WOMEN.len()] };
    let (family_ar, family_en) = FAMILIES[n * 11 % FAMILIES.len()];
    Named { ar: format!("{given_ar} {family_ar}"), en: format!("{given_en} {family_en}") }
}

/// The public holidays of the demonstration's two years with a fixed day; the others are entered by the agency.
pub(super) const HOLIDAYS: [(&str, &str, &str); 8] = [
    ("2026-01-01", "رأس السنة الميلادية", "New Year's Day"),
    ("2026-05-01", "عيد العمال", "Labour Day"),
    ("2026-05-25", "عيد الاستقلال", "Independence Day"),
    ("2026-12-25", "عيد الميلاد المجيد", "Christmas Day"),
    ("2027-01-01", "رأس السنة الميلادية", "New Year's Day"),
    ("2027-05-01", "عيد العمال", "Labour Day"),
    ("2027-05-25", "عيد الاستقلال", "Independence Day"),
    ("2027-12-25", "عيد الميلاد المجيد", "Christmas Day"),
];
