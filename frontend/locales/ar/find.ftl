# لغة البحث، والبحث المحفوظ، وما يُقترح، والبحث داخل السجل.
find-help = كيف أبحث؟
find-help-intro = اكتب كما تتكلم؛ لا شيء مما يُكتب خطأ. اضغط مثالًا لتجرّبه.
find-help-words = كلمات، بأي رسم وأي تصريف
find-help-phrase = عبارة كما هي
find-help-begin = أول الكلمة
find-help-fuzzy = كلمة قد تختلف بحرف أو حرفين
find-help-without = بلا كلمة
find-help-or = هذا أو ذاك
find-help-number = رقم كتاب، بأي أرقام
find-help-subject = في الموضوع وحده
find-help-party = اسم جهة أو شخص
find-help-class = رمز التصنيف وما تحته
find-help-kind = نوع السجل
find-help-dates = بين تاريخين
find-example-words = اجازات الموظفين
find-example-phrase = "مجلس الوزراء"
find-example-begin = استملاك*
find-example-fuzzy = كفاله~
find-example-without = عطاء -صيانة
find-example-or = مذكرة أو تعميم
find-example-number = الرقم:18/4/7765
find-example-subject = الموضوع:"الموازنة العامة"
find-example-party = الجهة:المالية
find-example-class = الرمز:3000
find-example-kind = النوع:وارد
find-example-dates = من:2025 إلى:6/2026
find-advanced = بحث مفصّل
find-all-words = كل هذه الكلمات
find-exact-phrase = هذه العبارة كما هي
find-any-words = أيّ هذه الكلمات
find-no-words = بلا هذه الكلمات
find-in-subject = الموضوع
find-own-number = الرقم
find-party = الجهة أو الشخص
find-class = رمز التصنيف
find-kind = النوع
find-any-kind = أيّ نوع
find-saved = المحفوظة
find-saved-empty = لا بحث محفوظ بعد. ابحث، ثم احفظ البحث لتعود إليه بضغطة.
find-save = حفظ هذا البحث
find-save-again = حفظ البحث الحالي بهذا الاسم
find-saved-done = حُفظ البحث «{ $name }».
find-saved-gone = حُذف البحث المحفوظ.
find-name = اسم البحث
find-rename = تغيير الاسم
find-forget = حذف البحث المحفوظ
find-proposals = ما قد يفيد
find-proposal-word = «{ $instead }» بدل «{ $word }»
find-proposal-without = بلا «{ $word }»
find-proposal-unfiltered = بلا مرشّحات
find-proposal-count = { $n ->
    [zero] لا نتائج
    [one] نتيجة واحدة
    [two] نتيجتان
    [few] { $n } نتائج
    [many] { $n } نتيجة
   *[other] { $n } نتيجة
}
find-within = بحث داخل السجل
find-within-start = اكتب كلمة لترى كل مواضعها في الملفات، مع رقم الصفحة. اضغط موضعًا لينفتح.
find-within-nothing = لا موضع لهذه الكلمات في هذا السجل.
find-within-relaxed = لا موضع فيه معظم الكلمات؛ عُرض ما فيه بعضها.
find-within-count = { $n ->
    [zero] لا مواضع
    [one] موضع واحد
    [two] موضعان
    [few] { $n } مواضع
    [many] { $n } موضعًا
   *[other] { $n } موضع
}
find-within-own-text = نص السجل
op-archive-search-save = حُفظ بحث
op-archive-search-forget = حُذف بحث محفوظ
op-archive-search-export = صُدّرت نتائج بحث
index-segments = الأجزاء
index-size = الحجم
index-behind = تغييرات تنتظر
index-sweep = مقارنة الفهرس بالسجلات
index-sweep-begun = بدأت المقارنة؛ تظهر نتيجتها هنا حين تنتهي.
index-sweeping = قُورن حتى الآن
index-swept = آخر مقارنة
index-swept-never = لم تُجرَ بعد؛ تجري كل ليلة من نفسها.
index-swept-well = { $n } سجلًّا، ولا فرق
index-swept-mended = { $n } سجلًّا؛ أُضيف { $missing }، وصُحّح { $changed }، وحُذف { $gone }
index-swept-damaged = ملفات تالفة: { $n }؛ بُني الفهرس من جديد
