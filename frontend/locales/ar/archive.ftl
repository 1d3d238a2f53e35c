# الأرشيف.
document-new = حفظ وثيقة
document-edit = تعديل بيانات الوثيقة
document-file = حفظ في الأرشيف
document-open = فتح الوثيقة
document-filed = حُفظت الوثيقة في الأرشيف.
document-filed-partly = حُفظت الوثيقة، لكن بعض الملفات لم يصل. أعد المحاولة، أو افتح الوثيقة.
document-no-file = أضف ملفًا واحدًا على الأقل.
document-number = الرقم
document-subject = الموضوع
document-party = الجهة
document-party-hint = المرسل أو المرسل إليه
document-date = تاريخ الوثيقة
document-class = التصنيف
document-no-class = بلا تصنيف
document-secrecy = درجة السرية
document-content = قراءة النص
document-source = المصدر
document-agency = صاحبة الوثيقة
document-unit = الوحدة
document-filed-at = وقت الحفظ
document-filed-by = حفظها
document-to-letter = فتح الكتاب
document-unread = تعذرت قراءة نص ملف، فلا يُعثر عليه بكلماته. الملف نفسه محفوظ كما وصل.
document-pending = يُقرأ النص الآن؛ يصير قابلًا للبحث بعد لحظات.
archive-empty = لا وثائق في الأرشيف بعد. تُحفظ الكتب فيه عند إصدارها وتسجيلها.
archive-filtered = لا وثيقة تطابق المرشّحات.
any = الكل
drop-files = أفلت الملفات هنا أو اختر من الجهاز
files = الملفات
files-none = لا ملفات لهذه الوثيقة.
file-no-view = لا يُعرض هذا النوع من الملفات هنا. نزّله وافتحه ببرنامجه.
file-name-lies = اسم الملف يخالف نوعه؛ محتواه { $kind }.
pages = { $n ->
    [one] صفحة واحدة
    [two] صفحتان
    [few] { $n } صفحات
   *[other] { $n } صفحة
}
saved = حُفظ.
reload-newest = عرض أحدث نسخة
trail = السجل
trail-empty = لا شيء في السجل بعد.
trail-archive-document-file = حُفظت الوثيقة
trail-archive-document-edit = عُدّلت بيانات الوثيقة
trail-platform-file-attach = أضيفت ملفات
trail-platform-file-replace = وُضعت نسخة جديدة من ملف
trail-platform-file-remove = حُذف ملف
trail-platform-note-add = كُتبت ملاحظة
trail-platform-link-add = رُبطت بسجل آخر
check-desk = تدقيق النصوص
check-empty = لا صفحات تنتظر التدقيق. كلُّ صفحة ممسوحة فيها كلمات مشكوك فيها أو أرقام تظهر هنا.
check-doubtful = كلمات للتدقيق
scan-check = تدقيق ({ $n })
scan-hits = مواضع في هذه الصفحة: { $n }
scan-help = اقرأ كل كلمة من صورتها وصحّحها إن لزم، واترك الخانة فارغة إن لم تكن كلمة.
scan-checked = دُقّقت هذه الصفحة.
scan-word = الكلمة كما تقرؤها
scan-waiting = لم تُقرأ هذه الصفحة بعد، وستُقرأ تلقائيًا.
trail-archive-page-check = دُقّق نص صفحة ممسوحة
