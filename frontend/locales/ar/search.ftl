# البحث في كل شيء.
search-words = كلمات، أو "عبارة كاملة"، أو رقم
search-found = { $n ->
    [zero] لا نتائج
    [one] نتيجة واحدة
    [two] نتيجتان
    [few] { $n } نتائج
    [many] { $n } نتيجة
   *[other] { $n } نتيجة
}
search-took = في { $ms } ملّي ثانية
search-relaxed = قليل ما فيه كل الكلمات؛ عُرض معه ما فيه بعضها.
search-cut = السؤال طويل؛ قُرئ أوله فقط.
search-start = اكتب ما تبحث عنه: كلمة من النص أو المرفقات، أو اسم جهة، أو رقم كتاب.
search-nothing = لا نتيجة لهذه الكلمات.
search-nothing-narrowed = لا نتيجة ضمن المرشّحات المختارة.
search-everywhere = البحث بلا مرشّحات
search-hint-fewer = جرّب كلمات أقل، أو كلمة واحدة مميزة.
search-hint-number = اكتب رقم الكتاب كما هو، بالأرقام العربية أو اللاتينية.
search-hint-begin = اكتب أول الكلمة ثم نجمة: استملاك*
search-sort-relevance = الأقرب أولًا
search-sort-newest = الأحدث أولًا
search-sort-oldest = الأقدم أولًا
sort-order = الترتيب
narrow-results = تضييق النتائج
facet-kind = النوع
facet-agency = الجهة
facet-date = التاريخ
facet-class = التصنيف
facet-secrecy = السرية
date-from = من تاريخ
date-to = إلى تاريخ
hit-page = ص { $page }
