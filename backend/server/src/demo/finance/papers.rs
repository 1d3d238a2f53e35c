//! The papers of the year: contracts, vouchers, receipts, advances, deposits, and what became of each.

use diwan_finance_api::DocumentKind::{
    Advance, AdvanceSettlement, BankNotice, Commitment, Deposit, DepositRefund, Freeze, JournalVoucher, PaymentVoucher,
    Receipt, Virement,
};

use super::paper::{
    Fate::{Certified, Closed, Draft, Returned, Reversed, Submitted, Void},
    PaidBy::{Cheque, OpenCheque},
    Paper,
    When::{Ago, On},
    paper,
};

/// Keys of the budget without chapter, fund and location: programme, activity and item.
const RENT: &str = "4401-4401001/2211";
const PHONE: &str = "4401-4401001/2212";
const POWER: &str = "4401-4401001/2214";
const FUEL: &str = "4401-4401001/2215";
const PAPER: &str = "4401-4401001/2219";
const CLEAN: &str = "4401-4401001/2220";
const TRAVEL: &str = "4401-4401001/2222";
const COURSES: &str = "4401-4401001/2223";
const OTHER: &str = "4401-4401001/2229";
const REPAIR: &str = "4402-4402001/2217";
const LICENCES: &str = "4402-4402001/2225";
const MACHINES: &str = "4402-4402001/6112";
const STUDIES: &str = "4402-4402002/2224";
const HOSTING: &str = "4402-4402002/2225";

pub(super) static PAPERS: &[Paper] = &[
    // From the treasury, and over the counter.
    paper("تحويل 1", Receipt, On(1, 8), "تحويل من الخزينة العامة – الدفعة الأولى", &[("1331", "", "", "900000", "")]),
    paper("تحويل 2", Receipt, On(4, 7), "تحويل من الخزينة العامة – الدفعة الثانية", &[("1331", "", "", "900000", "")]),
    paper("تحويل 3", Receipt, On(7, 8), "تحويل من الخزينة العامة – الدفعة الثالثة", &[("1331", "", "", "900000", "")]),
    paper("تحويل 4", Receipt, On(10, 6), "تحويل من الخزينة العامة – الدفعة الرابعة", &[("1331", "", "", "900000", "")]),
    paper("رسوم 1", Receipt, On(4, 2), "رسوم خدمات الترخيص – الربع الأول", &[("1421", "", "", "12450", "")]),
    paper("رسوم 2", Receipt, On(7, 2), "رسوم خدمات الترخيص – الربع الثاني", &[("1421", "", "", "14120.500", "")]),
    paper("رسوم 3", Receipt, On(10, 4), "رسوم خدمات الترخيص – الربع الثالث", &[("1421", "", "", "13760.250", "")]),
    paper("نسخ العطاءات", Receipt, On(5, 4), "أثمان نسخ العطاءات", &[("1422", "", "", "3600", "")]),
    paper("غرامة", Receipt, On(9, 6), "غرامة تأخير توريد", &[("1431", "", "", "850", "")]),
    // Contracts and what was paid on them.
    paper("نظافة", Commitment, On(1, 18), "عقد تنظيف مبنى الوزارة", &[("", CLEAN, "54000", "", "")])
        .of("S-102", "عقد 7/1"),
    paper("استضافة", Commitment, On(2, 8), "عقد استضافة الأنظمة والمنصات", &[("", HOSTING, "180000", "", "")])
        .of("S-101", "عقد 12/2")
        .going_on("60000"),
    paper("برمجيات", Commitment, On(2, 22), "تجديد رخص البرمجيات", &[("", LICENCES, "96000", "", "")])
        .of("S-101", "أمر شراء 31")
        .ends(Closed(9, "أنجز التوريد بأقل من قيمة أمر الشراء")),
    paper("شبكات", Commitment, On(3, 10), "عطاء تحديث أجهزة الشبكات والخوادم", &[("", MACHINES, "420000", "", "")])
        .of("S-103", "عطاء مركزي 4"),
    paper("دراسة", Commitment, On(5, 12), "اتفاقية دراسة التحول الرقمي", &[("", STUDIES, "85000", "", "")])
        .of("S-104", "اتفاقية 9"),
    paper(
        "نظافة 1",
        PaymentVoucher,
        On(4, 5),
        "تنظيف مبنى الوزارة – الربع الأول",
        &[("2220", CLEAN, "13500", "", "خدمات التنظيف"), ("630811", "", "", "675", "ضريبة دخل مقتطعة")],
    )
    .of("S-102", "فاتورة 1041")
    .on("نظافة")
    .at("C-20"),
    paper(
        "نظافة 2",
        PaymentVoucher,
        On(7, 5),
        "تنظيف مبنى الوزارة – الربع الثاني",
        &[("2220", CLEAN, "13500", "", "خدمات التنظيف"), ("630811", "", "", "675", "ضريبة دخل مقتطعة")],
    )
    .of("S-102", "فاتورة 1077")
    .on("نظافة")
    .at("C-20"),
    paper(
        "نظافة 3",
        PaymentVoucher,
        On(10, 11),
        "تنظيف مبنى الوزارة – الربع الثالث",
        &[("2220", CLEAN, "13500", "", "خدمات التنظيف"), ("630811", "", "", "675", "ضريبة دخل مقتطعة")],
    )
    .of("S-102", "فاتورة 1120")
    .on("نظافة")
    .at("C-20"),
    paper(
        "استضافة 1",
        PaymentVoucher,
        On(5, 17),
        "استضافة الأنظمة – الدفعة الأولى",
        &[("2225", HOSTING, "60000", "", "استضافة أربعة أشهر"), ("630811", "", "", "3000", "ضريبة دخل مقتطعة")],
    )
    .of("S-101", "INV-2207")
    .on("استضافة")
    .at("C-30"),
    paper(
        "استضافة 2",
        PaymentVoucher,
        On(9, 20),
        "استضافة الأنظمة – الدفعة الثانية",
        &[("2225", HOSTING, "60000", "", "استضافة أربعة أشهر"), ("630811", "", "", "3000", "ضريبة دخل مقتطعة")],
    )
    .of("S-101", "INV-2391")
    .on("استضافة")
    .at("C-30"),
    paper(
        "برمجيات 1",
        PaymentVoucher,
        On(6, 14),
        "رخص البرمجيات السنوية",
        &[("2225", LICENCES, "88500", "", "رخص سنوية"), ("630811", "", "", "4425", "ضريبة دخل مقتطعة")],
    )
    .of("S-101", "INV-2260")
    .on("برمجيات")
    .at("C-40"),
    paper(
        "شبكات 1",
        PaymentVoucher,
        On(7, 14),
        "أجهزة الشبكات – المطالبة الأولى",
        &[
            ("6112", MACHINES, "210000", "", "خوادم ومبدلات"),
            ("630811", "", "", "10500", "ضريبة دخل مقتطعة"),
            ("630814", "", "", "21000", "محتجز ضمان الأعمال 10%"),
        ],
    )
    .of("S-103", "مطالبة 1")
    .on("شبكات")
    .at("C-40"),
    paper(
        "شبكات 2",
        PaymentVoucher,
        On(10, 13),
        "أجهزة الشبكات – المطالبة الثانية",
        &[
            ("6112", MACHINES, "168000", "", "خوادم ومبدلات"),
            ("630811", "", "", "8400", "ضريبة دخل مقتطعة"),
            ("630814", "", "", "16800", "محتجز ضمان الأعمال 10%"),
        ],
    )
    .of("S-103", "مطالبة 2")
    .on("شبكات")
    .at("C-40"),
    paper(
        "دراسة 1",
        PaymentVoucher,
        On(10, 18),
        "دراسة التحول الرقمي – المرحلة الأولى",
        &[("2224", STUDIES, "34000", "", "تقرير المرحلة الأولى"), ("630811", "", "", "1700", "ضريبة دخل مقتطعة")],
    )
    .of("S-104", "فاتورة 58")
    .on("دراسة")
    .at("C-30"),
    // What comes without a contract.
    paper("إيجار 1", PaymentVoucher, On(2, 3), "إيجار مبنى الوزارة – النصف الأول", &[("2211", RENT, "48000", "", "")])
        .of("P-202", "عقد إيجار 15")
        .at("C-20")
        .paid(Cheque),
    paper("إيجار 2", PaymentVoucher, On(8, 3), "إيجار مبنى الوزارة – النصف الثاني", &[("2211", RENT, "48000", "", "")])
        .of("P-202", "عقد إيجار 15/2")
        .at("C-20")
        .paid(Cheque),
    paper(
        "كهرباء 1",
        PaymentVoucher,
        On(3, 8),
        "استهلاك الكهرباء – كانون الثاني وشباط",
        &[("2214", POWER, "5840.250", "", "")],
    )
    .of("S-106", "9912034")
    .at("C-20"),
    paper(
        "كهرباء 2",
        PaymentVoucher,
        On(5, 10),
        "استهلاك الكهرباء – آذار ونيسان",
        &[("2214", POWER, "6115.500", "", "")],
    )
    .of("S-106", "9958810")
    .at("C-20"),
    paper(
        "كهرباء 3",
        PaymentVoucher,
        On(7, 12),
        "استهلاك الكهرباء – أيار وحزيران",
        &[("2214", POWER, "7902.750", "", "")],
    )
    .of("S-106", "10004471")
    .at("C-20"),
    paper("كهرباء 4", PaymentVoucher, On(9, 13), "استهلاك الكهرباء – تموز وآب", &[("2214", POWER, "7340", "", "")])
        .of("S-106", "10050212")
        .at("C-20"),
    paper("محروقات", PaymentVoucher, On(4, 19), "محروقات آليات الوزارة", &[("2215", FUEL, "3275", "", "")])
        .of("S-108", "20418")
        .at("C-20"),
    paper(
        "اتصالات 1",
        PaymentVoucher,
        On(4, 21),
        "خطوط الهاتف والإنترنت – الربع الأول",
        &[("2212", PHONE, "4420.600", "", "")],
    )
    .of("S-107", "77120")
    .at("C-20"),
    paper(
        "اتصالات 2",
        PaymentVoucher,
        On(8, 23),
        "خطوط الهاتف والإنترنت – الربع الثاني",
        &[("2212", PHONE, "4310.200", "", "")],
    )
    .of("S-107", "77498")
    .at("C-20")
    .paid(OpenCheque),
    paper("قرطاسية 1", PaymentVoucher, On(3, 17), "قرطاسية ومطبوعات", &[("2219", PAPER, "2890.400", "", "")])
        .of("S-105", "ف 3301")
        .at("C-20")
        .ends(Reversed("قيمة الفاتورة أدخلت خطأ")),
    paper("قرطاسية 2", PaymentVoucher, On(3, 24), "قرطاسية ومطبوعات", &[("2219", PAPER, "2980.400", "", "")])
        .of("S-105", "ف 3301-ب")
        .at("C-20"),
    paper("ملغى", PaymentVoucher, On(9, 15), "صيانة مكيفات", &[("2217", REPAIR, "1150", "", "")])
        .of("S-103", "م 77")
        .ends(Void("سجلت المطالبة على عقد آخر")),
    paper(
        "توريد الضريبة",
        PaymentVoucher,
        On(4, 12),
        "توريد ضريبة الدخل المقتطعة – الربع الأول",
        &[("630811", "", "12540", "", "")],
    )
    .of("G-301", "إقرار 1"),
    // Advances, deposits, notices, corrections, the budget.
    paper("سلفة 1", Advance, On(3, 2), "سلفة لتغطية نفقات مؤتمر الحكومة الرقمية", &[("620801", "", "1500", "", "")])
        .of("E-401", "كتاب 118")
        .due(4, 15),
    paper(
        "تسديد السلفة",
        AdvanceSettlement,
        On(4, 6),
        "تسديد سلفة مؤتمر الحكومة الرقمية",
        &[
            ("2222", TRAVEL, "1180", "", "تذاكر وإقامة"),
            ("2219", PAPER, "140", "", "مطبوعات المؤتمر"),
            ("620202", "", "180", "", "المبلغ المردود نقدًا"),
        ],
    )
    .on("سلفة 1"),
    paper("سلفة 2", Advance, On(10, 11), "سلفة لنفقات الزيارات الميدانية", &[("620801", "", "2000", "", "")])
        .of("E-402", "كتاب 402")
        .due(12, 15),
    paper("تأمين 1", Deposit, On(4, 14), "تأمين دخول عطاء الشبكات", &[("630815", "", "", "5000", "")])
        .of("S-103", "كفالة 4471"),
    paper("رد التأمين", DepositRefund, On(6, 24), "رد تأمين دخول عطاء الشبكات", &[("630815", "", "5000", "", "")])
        .of("S-103", "كتاب 260")
        .on("تأمين 1"),
    paper("تأمين 2", Deposit, On(9, 8), "تأمين حسن تنفيذ اتفاقية الدراسة", &[("630815", "", "", "3000", "")])
        .of("S-104", "كفالة 5120"),
    paper("عمولات", BankNotice, On(6, 30), "عمولات بنكية – الربع الثاني", &[("2229", OTHER, "12.500", "", "")])
        .of("", "إشعار 6/2"),
    paper(
        "تصويب",
        JournalVoucher,
        On(7, 6),
        "تصويب بند نفقات المؤتمر",
        &[("2222", TRAVEL, "60", "", "حسب كتاب التدقيق"), ("2219", PAPER, "", "60", "حسب كتاب التدقيق")],
    ),
    paper(
        "مناقلة",
        Virement,
        On(5, 19),
        "مناقلة من بند المحروقات إلى بند الكهرباء",
        &[("", FUEL, "", "5000", ""), ("", POWER, "5000", "", "")],
    ),
    paper("تجميد", Freeze, On(9, 1), "تجميد جزء من مخصصات التدريب", &[("", COURSES, "2000", "", "")]),
    // Under way.
    paper("تدريب", Commitment, Ago(2), "دورة إدارة المشاريع لموظفي المديرية", &[("", COURSES, "6500", "", "")])
        .of("S-104", "عرض 19")
        .ends(Draft),
    paper(
        "إنترنت",
        PaymentVoucher,
        Ago(1),
        "خطوط الهاتف والإنترنت – الربع الثالث",
        &[("2212", PHONE, "4388.900", "", "")],
    )
    .of("S-107", "77902")
    .ends(Draft),
    paper("صيانة", Commitment, Ago(3), "صيانة أجهزة مركز البيانات", &[("", REPAIR, "18000", "", "")])
        .of("S-103", "أمر شراء 88")
        .ends(Submitted),
    paper("قرطاسية 3", PaymentVoucher, Ago(2), "أحبار طابعات", &[("2219", PAPER, "1245.300", "", "")])
        .of("S-105", "ف 3477")
        .ends(Submitted),
    paper(
        "كهرباء 5",
        PaymentVoucher,
        Ago(4),
        "استهلاك الكهرباء – أيلول وتشرين الأول",
        &[("2214", POWER, "6980.750", "", "")],
    )
    .of("S-106", "10096533")
    .ends(Certified),
    paper("حواسيب", Commitment, Ago(6), "توريد أجهزة حاسوب", &[("", MACHINES, "75000", "", "")])
        .of("S-101", "عطاء 21")
        .ends(Certified),
    paper("محروقات 2", PaymentVoucher, Ago(5), "محروقات آليات الوزارة", &[("2215", FUEL, "2150", "", "")])
        .of("S-108", "20977")
        .ends(Returned("يرجى إرفاق كشف عدادات الآليات")),
];

#[cfg(test)]
mod tests {
    use super::{super::paper::Fate, *};

    #[test]
    fn papers_draw_on_papers_before_them_and_every_state_is_there() {
        for (at, paper) in PAPERS.iter().enumerate() {
            let before = PAPERS.iter().find(|one| one.name == paper.source);
            assert_eq!(before.is_none(), paper.source.is_empty(), "{} draws on nothing", paper.name);
            if let (Some(Paper { when: On(month, day), .. }), On(own_month, own_day)) = (before, paper.when) {
                assert!((*month, *day + 3) < (own_month, own_day) || *month < own_month, "{}", paper.name);
            }
            assert!(PAPERS.iter().skip(at + 1).all(|one| one.name != paper.name), "{} twice", paper.name);
        }
        let fates = [Draft, Submitted, Certified, Fate::Posted];
        assert!(fates.iter().all(|fate| PAPERS.iter().any(|paper| paper.fate == *fate)));
    }
}
