# الحفظ والاسترجاع: سلامة الملفات وتجارب استرجاع النسخ الاحتياطية.
admin-safety = الحفظ والاسترجاع
fixity = سلامة الملفات
fixity-what = يُقرأ كل ملف محفوظ على فترات ويُقارن ببصمته، فيُكتشف التلف قبل الحاجة إلى الملف.
fixity-run = فحص جميع الملفات الآن
fixity-running = الفحص جارٍ
fixity-never = لم تُفحص الملفات بعد
fixity-good = جميع الملفات سليمة
fixity-not-good = يوجد ملفات غير سليمة
fixity-bad = { $n ->
    [one] ملف واحد غير سليم
    [two] ملفان غير سليمين
    [few] { $n } ملفات غير سليمة
   *[other] { $n } ملفًا غير سليم
}
fixity-bad-cure = يُستعاد الملف من النسخة الاحتياطية على الخادم بالأمر diwan restore --blob مع بصمته المبينة أدناه.
fixity-bad-list = الملفات غير السليمة
fixity-blobs = الملفات المحفوظة
fixity-checked = ما فُحص منها
fixity-now = الفحص الجاري
fixity-last = آخر فحص
fixity-read = { $n ->
    [one] ملف واحد
    [two] ملفان
    [few] { $n } ملفات
   *[other] { $n } ملفًا
}
fixity-orphans = ملفات لا تعود إلى معاملة
fixity-orphans-what = عرض الملفات التي لا تعود إلى أي معاملة
fixity-since = منذ
fixity-records = المعاملات
fixity-size = الحجم
fixity-hash = البصمة
fixity-written = تاريخ الكتابة
blob-state-whole = سليم
blob-state-damaged = تالف
blob-state-missing = مفقود
document-damaged = ملف من ملفات هذه الوثيقة تالف أو مفقود في المخزن. أُبلغ مدير النظام، ويُستعاد الملف من النسخة الاحتياطية.
drills = تجارب الاسترجاع
drill-what = تُعاد نسخة احتياطية إلى مكان منفصل، وتُفحص سلاسل سجل التدقيق والأعداد ووثائق عشوائية، ثم تُصدر شهادة بالنتيجة. العمل على النظام يستمر في أثناء ذلك.
drill-none = لم تُجرَ تجربة استرجاع بعد. النسخة التي لم تُجرَّب لا يُعتمد عليها: ابدأ تجربة من الزر أعلاه.
drill-begin = بدء تجربة استرجاع
drill-asked = طُلبت
drill-found = النتيجة
drill-by-itself = حسب الجدول
drill-certificate = الشهادة
drill-step = الخطوة { $n } من { $of }
drill-figures = صفوف { $rows }، ملفات { $files }، حلقات تدقيق { $links }
drill-documents = عُثر على { $found } من { $of } من الوثائق العشوائية
drill-lost = { $n ->
    [one] ملف واحد لم يعد سليمًا
    [two] ملفان لم يعودا سليمين
    [few] { $n } ملفات لم تعد سليمة
   *[other] { $n } ملفًا لم يعد سليمًا
}
drill-broken = سلسلة سجل التدقيق غير متصلة
drill-state-waiting = بالانتظار
drill-state-running = جارية
drill-state-passed = ناجحة
drill-state-failed = فاشلة
drill-step-backup = أخذ النسخة
drill-step-database = استرجاع قاعدة البيانات
drill-step-files = استرجاع الملفات
drill-step-chains = فحص سلاسل التدقيق
drill-step-index = بناء فهرس البحث
drill-step-documents = فتح وثائق والبحث عنها
drill-step-done = انتهت
op-platform-fixity-run = طُلب فحص الملفات
op-platform-blob-state = تغيرت حالة ملف محفوظ
op-platform-blob-restore = استُعيد ملف من نسخة احتياطية
op-platform-backup-take = أُخذت نسخة احتياطية
op-archive-drill-begin = بدأت تجربة استرجاع
op-archive-drill-end = انتهت تجربة استرجاع
