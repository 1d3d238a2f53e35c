# المالية: قانون الموازنة من ملف، والصرف قبل القانون، ونداءات الوحدات الأخرى.
law-import = قانون الموازنة من ملف
law-import-hint = صف لكل بند: عناصر المفتاح الستة أو المفتاح كاملًا، ثم المبلغ والملاحظة، بعناوين عربية أو إنجليزية.
law-reference = رقم القانون
law-template-get = تنزيل جدول للتعبئة
law-draft = إنشاء مسودة القانون
law-control = مجموع القانون للمطابقة
law-total = المجموع
law-rows-shown = تظهر { $n } صف على الأكثر، والخاطئ منها أولًا.
law-column-key = مفتاح الموازنة
law-column-chapter = الفصل
law-column-programme = البرنامج
law-column-activity = النشاط أو المشروع
law-column-fund = مصدر التمويل
law-column-location = الموقع
law-column-item = البند
law-column-amount = المبلغ
law-column-note = ملاحظة
law-column-file = الملف
provisional = اعتماد مؤقت قبل القانون
provisional-hint = إذا تأخر قانون الموازنة صُرف كل شهر بجزء من اثني عشر من مخصصات السنة السابقة. تُنشأ مسودة ملحق بحصة كل بند حتى نهاية الشهر، ويليها الأمر المالي. وعند ترحيل القانون تحل مخصصاته محلها ويبقى ما صُرف.
provisional-month = حتى نهاية شهر
provisional-last = المخصص النهائي للسنة السابقة
provisional-share = حصة الشهر
provisional-documents = الاعتمادات المؤقتة
provisional-replaced = حل القانون محله
provisional-law-there = قانون الموازنة لهذه السنة مرحّل: { $document }.
provisional-not-allowed = لا قاعدة نافذة تجيز الصرف قبل القانون في سنة { $year }. أضفها في السنوات والدليل، قواعد الصرف قبل القانون.
provisional-rules = قواعد الصرف قبل القانون
import-column-parts = جزء من
provisional-parts-hint = 12 للصرف على أساس 1/12
op-finance-budget-law = استيراد قانون الموازنة من ملف
op-finance-budget-provisional = إعداد اعتماد مؤقت قبل القانون
op-finance-budget-template = تنزيل جدول قانون الموازنة
err-law-row-twice = البند مذكور في السطر { $line } أيضًا.
err-law-total = مجموع الصفوف { $sum } ومجموع القانون { $total }.
err-law-twice = خُصص للبند { $key } في { $document } لهذه السنة من قبل، وما يُزاد عليه يكون بملحق موازنة.
err-segment-unknown = لا { $part ->
    [chapter] فصل
    [programme] برنامج
    [activity] نشاط أو مشروع
    [fund] مصدر تمويل
    [location] موقع
   *[item] بند
} برمز { $code }. راجع عناصر التصنيف.
err-provisional-off = لا قاعدة نافذة تجيز الصرف قبل القانون في سنة { $year }.
err-law-is-there = قانون الموازنة لهذه السنة مرحّل: { $document }، فلا اعتماد مؤقت بعده.
err-provisional-nothing = لم يبق من مخصصات سنة { $year } ما يُعتمد حتى نهاية الشهر { $month }.
err-provisional-over-share = حصة { $key } حتى نهاية الشهر { $share }، واعتُمد منها { $given }، والمطلوب { $asked }.
err-cut-before-law = على البند { $key } اعتماد مؤقت يحل القانون محله، فلا يُخفَّض قبله.
err-hold-of-other-year = الحجز أو الالتزام من سنة { $year }. أعد تاريخ العملية إليها أو احجز من جديد.
err-hold-lapsed = الحجز أو الالتزام من سنة { $year }، وقد أُقفلت هذه السنة وأُلغي ما تبقى منه. احجز من جديد.
err-spends-budget = القيد يصرف من { $key } مبلغ { $amount }. الصرف من الموازنة يكون بالاستحقاق.
