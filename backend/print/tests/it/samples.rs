//! Sample documents for tests, measurements and a look at the print.

use diwan_print::*;

/// An outgoing letter on one page, with a table, copies and a QR code.
pub fn arabic_letter() -> Document {
    Document {
        title: "طلب مناقلة مخصصات ضمن موازنة عام 2026".to_owned(),
        letterhead: Some(Letterhead {
            lines: ["المملكة الأردنية الهاشمية", "وزارة الأشغال العامة والإسكان", "مكتب الوزير"]
                .map(str::to_owned)
                .to_vec(),
            ..Letterhead::default()
        }),
        fields: vec![
            Field::new("الرقم", "4/12/4821"),
            Field::new("التاريخ", "8 جمادى الآخرة 1448 هـ"),
            Field::new("الموافق", "18 تشرين الثاني 2026 م"),
        ],
        marks: vec!["محدود".to_owned(), "عاجل".to_owned()],
        reference: "كتاب رقم 4/12/4821".to_owned(),
        blocks: vec![
            Block::Paragraph(Paragraph {
                keep_with_next: true,
                ..Paragraph::of(vec![Run::bold("معالي وزير المالية الأكرم")])
            }),
            Block::Paragraph(
                Paragraph::of(vec![Run::bold("الموضوع: طلب مناقلة مخصصات ضمن موازنة عام 2026").underlined()])
                    .aligned(Align::Center),
            ),
            Block::text("تحية طيبة وبعد،"),
            Block::text(
                "إشارةً إلى كتاب معاليكم رقم (18/4/8812) تاريخ 11/11/2026، وحيث إن مخصصات بند صيانة الطرق الثانوية لا تكفي لتغطية المطالبات المستحقة حتى نهاية العام، نتيجة الأضرار التي خلّفتها سيول شهر تشرين الأول في محافظتي الكرك والطفيلة،",
            ),
            Block::text(
                "أرجو معاليكم التكرم بالموافقة على مناقلة مبلغ 420,000.000 دينار (فقط أربعمئة وعشرون ألف دينار لا غير) وفق الجدول الآتي، علمًا بأن البند المنقول منه لا تترتب عليه التزامات حتى تاريخه:",
            ),
            Block::Table(budget_table()),
            Block::Paragraph(Paragraph::new("وتفضلوا معاليكم بقبول فائق الاحترام،")),
        ],
        signature: Some(Signature {
            above: vec!["وزير الأشغال العامة والإسكان".to_owned()],
            name: "المهندس سامي الحوراني".to_owned(),
            ..Signature::default()
        }),
        notes: vec![
            note("المرفقات:", "كشف الالتزامات (صفحتان)."),
            note("نسخة إلى:", "معالي وزير التخطيط والتعاون الدولي؛ عطوفة مدير عام دائرة الموازنة العامة؛ الملف 4/12."),
        ],
        verification: Some(Verification {
            payload: "https://diwan.example/v/7Q4M-K2XD-91TB".to_owned(),
            label: "التحقق من صحة الكتاب:".to_owned(),
            code: "7Q4M-K2XD-91TB".to_owned(),
        }),
        footer: Footer {
            text: "ص.ب (1220) عمان 11118 الأردن · هاتف +962 6 5550100 · www.example.gov.jo".to_owned(),
            ..Footer::default()
        },
        created_at: 1_795_000_000,
        ..Document::default()
    }
}

fn note(label: &str, text: &str) -> Block {
    Block::Paragraph(Paragraph::of(vec![Run::bold(format!("{label} ")), Run::plain(text)]))
}

fn budget_table() -> Table {
    Table {
        columns: vec![
            Column { width: ColumnWidth::Content, align: Align::Center },
            Column { width: ColumnWidth::Ratio(1.0), align: Align::Start },
            Column { width: ColumnWidth::Content, align: Align::Figures },
            Column { width: ColumnWidth::Content, align: Align::Figures },
        ],
        header: vec![Row::new(["رقم البند", "اسم البند", "من (دينار)", "إلى (دينار)"])],
        rows: vec![
            Row::new(["28-101-014", "الدراسات والتصاميم", "420,000.000", ""]),
            Row::new(["28-101-009", "صيانة الطرق الثانوية", "", "420,000.000"]),
            Row {
                cells: [Cell { span: 2, ..Cell::new("المجموع") }, Cell::new("420,000.000"), Cell::new("420,000.000")]
                    .to_vec(),
                strong: true,
            },
        ],
        ..Table::default()
    }
}

/// The same kind of letter in English, with a bilingual head.
pub fn english_letter() -> Document {
    Document {
        title: "Supply of bridge bearings".to_owned(),
        language: Language::En,
        letterhead: Some(Letterhead {
            lines: [
                "The Hashemite Kingdom of Jordan",
                "Ministry of Public Works and Housing",
                "Office of the Secretary General",
            ]
            .map(str::to_owned)
            .to_vec(),
            other_lines: ["المملكة الأردنية الهاشمية", "وزارة الأشغال العامة والإسكان", "مكتب الأمين العام"]
                .map(str::to_owned)
                .to_vec(),
            ..Letterhead::default()
        }),
        fields: vec![
            Field::new("Ref.", "4/12/4822"),
            Field::new("Date", "18 November 2026"),
            Field::new("Priority", "Urgent"),
        ],
        reference: "Letter No. 4/12/4822".to_owned(),
        blocks: vec![
            Block::Paragraph(Paragraph::of(vec![Run::bold("Messrs. Northern Bridges Ltd.")])),
            Block::Paragraph(
                Paragraph::of(vec![Run::bold("Subject: Supply of bridge bearings, tender No. 28/2026").underlined()])
                    .aligned(Align::Center),
            ),
            Block::text("Dear Sirs,"),
            Block::text(
                "With reference to your offer No. NB-2026/117 (dated 11/11/2026), we are pleased to inform you that the Central Tenders Committee has awarded you the supply of elastomeric bearings at a total of JOD 1,250.500, within the specifications and the following conditions:",
            ),
            Block::OrderedList {
                start: 1,
                items: [
                    "Delivery to the Ministry's stores in Marka within 45 days of this letter.",
                    "A performance bond of 10% of the value, valid for 12 months.",
                    "Efficient after-sales service: two visits, free of charge.",
                ]
                .map(ListItem::new)
                .to_vec(),
            },
            Block::text("Kindly confirm in writing within five working days."),
            Block::text("Yours faithfully,"),
        ],
        signature: Some(Signature {
            above: vec!["Secretary General".to_owned()],
            name: "Eng. Lina Haddad".to_owned(),
            ..Signature::default()
        }),
        notes: vec![Block::Paragraph(Paragraph::new("Copy to: Government Tenders Department; file 4/12."))],
        verification: Some(Verification {
            payload: "https://diwan.example/v/3R8P-AA1C-77QK".to_owned(),
            label: "Verify this letter:".to_owned(),
            code: "3R8P-AA1C-77QK".to_owned(),
        }),
        footer: Footer { text: "P.O. Box 1220, Amman 11118, Jordan".to_owned(), ..Footer::default() },
        created_at: 1_795_000_000,
        ..Document::default()
    }
}

/// A circular that runs over to a second page: lists, headings, a long table, tashkeel.
pub fn two_page_circular() -> Document {
    let base = arabic_letter();
    let rows = (1..=14).map(|at| {
        Row::new([
            at.to_string(),
            format!("مديرية أشغال محافظة رقم {at}"),
            format!("٢٠٢٦/{at}"),
            format!("{}.500", at * 1250),
        ])
    });
    Document {
        title: "تعميم بشأن ترشيد استهلاك المحروقات".to_owned(),
        marks: Vec::new(),
        reference: "تعميم رقم 7/1/2026".to_owned(),
        blocks: vec![
            Block::Heading { level: 1, text: "تعميم رقم (7) لسنة 2026".to_owned(), align: Align::Center },
            Block::text("بِسْمِ اللَّهِ الرَّحْمٰنِ الرَّحِيمِ، السَّلَامُ عَلَيْكُمْ وَرَحْمَةُ اللهِ وَبَرَكَاتُهُ، وبعد؛"),
            Block::text(
                "استنادًا إلى أحكام المادة (5/ب) من نظام اللوازم رقم (32) لسنة 1993 وتعديلاته، وإلى بلاغ رئاسة الوزراء رقم 12/2026 (المؤرخ 1/10/2026)، يُعمَّم على جميع المديريات ما يلي:",
            ),
            Block::Heading {
                level: 2, text: "أولًا: الأحكام العامة".to_owned(), align: Align::Start
            },
            Block::OrderedList {
                start: 1,
                items: vec![
                    ListItem::new(
                        "لا تُصرف المحروقات إلا بموجب أمر حركة مستوفٍ لبيانات المركبة والسائق والوجهة، ولا يُقبل أي أمر بأثر رجعي.",
                    ),
                    ListItem {
                        blocks: vec![
                            Block::Paragraph(Paragraph::new("تُستثنى من ذلك الحالات الآتية:")),
                            Block::BulletList {
                                items: [
                                    "حالات الطوارئ المعلنة (الثلوج، السيول).",
                                    "مركبات الإسعاف والدفاع المدني.",
                                    "نظام Fleet Card إصدار 2.1 أثناء الأعطال.",
                                ]
                                .map(ListItem::new)
                                .to_vec(),
                            },
                        ],
                    },
                    ListItem::new("تُرفع التقارير إلى fleet@example.gov.jo قبل الساعة 10:30 من يوم الخميس."),
                ],
            },
            Block::Rule,
            Block::KeyValues {
                pairs: [
                    ("السنة المالية", "2026"),
                    ("رقم البند", "28-101-022"),
                    ("المبلغ", "96,250.750 دينار"),
                    ("نسبة الخفض", "15%"),
                ]
                .map(|(key, value)| KeyValue { key: key.to_owned(), value: vec![Run::plain(value)] })
                .to_vec(),
                columns: 2,
            },
            Block::Heading {
                level: 2, text: "ثانيًا: الحصص الشهرية".to_owned(), align: Align::Start
            },
            Block::Table(Table {
                columns: vec![
                    Column { width: ColumnWidth::Content, align: Align::Center },
                    Column::default(),
                    Column { width: ColumnWidth::Content, align: Align::Center },
                    Column { width: ColumnWidth::Content, align: Align::Figures },
                ],
                header: vec![Row::new(["الرقم", "المديرية", "رقم الأمر", "الحصة (لتر)"])],
                rows: rows.collect(),
                ..Table::default()
            }),
            Block::text(
                "يُعمل بهذا التعميم اعتبارًا من تاريخه، ويُلغى كل ما يتعارض معه من تعليمات سابقة، وعلى الأمناء العامين والمديرين متابعة التنفيذ وموافاتنا بأية ملاحظات.",
            ),
        ],
        ..base
    }
}
