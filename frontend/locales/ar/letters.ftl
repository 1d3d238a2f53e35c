# الكتب: القوائم، صفحة الكتاب، التحرير، النماذج والترويسات.
nav-memos = المذكرات الداخلية

## letters: القوائم
letters-incoming = الكتب الواردة
letters-outgoing = الكتب الصادرة
letters-drafts = المسودات
letters-memos = المذكرات الداخلية
letters-views = العروض
view-all = الكل
view-mine = محالة إليّ
view-to-register = بانتظار التسجيل
view-overdue = متأخرة
view-awaiting-reply = بانتظار رد
view-closed = مغلقة
letters-in-number = رقم الوارد
letters-out-number = رقم الصادر
letters-memo-number = رقم المذكرة
letters-their-number = رقم كتابهم
letters-agency = الجهة
letters-to = إلى
letters-from = من
letters-subject = الموضوع
letters-priority = الأولوية
letters-secrecy = السرية
letters-holder = عند
letters-assigned-to = المحال إليه
letters-due = الاستحقاق
letters-state = الحالة
letters-received-at = ورد في
letters-made-at = أُعد في
letters-no-number = بلا رقم
letters-any = الكل
letters-from-day = من تاريخ
letters-to-day = إلى تاريخ
letters-empty-incoming = لا كتب واردة بعد.
letters-empty-outgoing = لا كتب صادرة بعد.
letters-empty-drafts = لا مسودات.
letters-empty-memos = لا مذكرات داخلية بعد.
letters-empty-view = لا كتب في هذا العرض.
letters-empty-filter = لا كتاب يطابق التصفية.
letters-show-all = عرض الكل
letters-excerpt = من نص الكتاب
letters-last-note = آخر شرح
letters-files = المرفقات
letters-print-list = طباعة القائمة
letters-has-files = { $n ->
    [one] مرفق واحد
    [two] مرفقان
    [few] { $n } مرفقات
    [many] { $n } مرفقًا
   *[other] { $n } مرفق
}

## letters: صفحة الكتاب
letter-from = من
letter-to = إلى
letter-dated = تاريخ
letter-from-to = من { $from } إلى { $to }
letter-view = عرض الكتاب
letter-paper = الكتاب
letter-pdf = PDF
letter-text = نص الكتاب
letter-tasks = المهام
letter-comma = { "، " }
letter-notes = الشروحات
letter-links = الروابط
letter-files = المرفقات
letter-thread = سلسلة المراسلة
letter-log = السجل
letter-no-notes = لا شروحات بعد.
letter-no-links = لا روابط.
letter-no-thread = لم يصدر كتاب في هذه السلسلة بعد.
letter-no-log = لا أحداث بعد.
letter-no-files = لا مرفقات.
letter-write-direction = اكتب شرحًا
letter-write-comment = اكتب ملاحظة
letter-add-note = إضافة
letter-written-direction = أضيف الشرح.
letter-written-comment = أضيفت الملاحظة.
letter-on-behalf = عن { $name }
letter-system = ديوان
letter-returned-by = أعاده { $name } للتصويب
letter-lies-with = عند { $name }
letter-lies-with-registry = عند الديوان
letter-lies-with-you = عندك
letter-waits-at = بانتظار التسجيل لدى { $name }
letter-since = { $days ->
    [0] منذ اليوم
    [one] منذ يوم
    [two] منذ يومين
    [few] منذ { $days } أيام
    [many] منذ { $days } يومًا
   *[other] منذ { $days } يوم
}
letter-task-opened = اطّلع
letter-task-unopened = لم يطّلع بعد
letter-wrote = أعدّ المسودة
letter-sent-it = أرسل الكتاب
letter-sent-to = { $n ->
    [one] أُرسل إلى جهة واحدة
    [two] أُرسل إلى جهتين
    [few] أُرسل إلى { $n } جهات
   *[other] أُرسل إلى { $n } جهة
}
letter-original = الأصل
letter-copy = نسخة
letter-drop-files = أفلت الملفات هنا أو اختر
letter-remove-file = حذف المرفق؟
letter-remove-file-text = يُحذف «{ $name }» من الكتاب.
letter-remove = حذف
letter-pages = { $n ->
    [one] صفحة واحدة
    [two] صفحتان
    [few] { $n } صفحات
   *[other] { $n } صفحة
}
letter-file-mismatch = محتوى الملف لا يطابق اسمه: { $kind }
letter-file-not-shown = لا يُعرض هذا النوع من الملفات في المتصفح.
letter-reason = السبب
letter-step-gone = تغيّرت حالة الكتاب ولم يعد هذا الإجراء متاحًا. أغلق النافذة لترى ما استجد؛ ما كتبته محفوظ.
link-answered-by = رد عليه
link-came-from = ورد من
link-reminded-by = عليه تأكيد
link-cancelled-by = ألغاه
step-draft = مسودة
step-review = مراجعة
step-signature = توقيع
step-issued = مُصدَر
step-delivered = مُسلَّم
step-received = وارد
step-registered = مسجّل
step-referred = محال
step-answered = تم الرد
step-closed = محفوظ
action-finish = إنجاز
ask-pass-up = يُرفع الكتاب إلى الخطوة التالية، ويظهر ما تكتبه شرحًا عليه.
ask-return = يعود الكتاب إلى كاتبه للتصويب.
ask-sign = يأخذ الكتاب رقمه ويُختم ويُرسل إلى الجهات. لا يُعدَّل بعد ذلك.
ask-register = يأخذ الكتاب رقم الوارد التالي.
ask-refuse = يعود الكتاب إلى الجهة المرسلة مع السبب.
ask-recall = يُسحب الكتاب من الجهات التي لم تسجله بعد.
ask-close = يُحفظ الكتاب ويُغلق.
ask-reopen = يُفتح الكتاب من جديد.
ask-void = يُلغى الكتاب. يبقى الرقم في السجل مع السبب إن كان قد صدر.
ask-finish = تنتهي إحالتك، ويُعلم من أحالها.
note-for-pass-up = شرح
note-for-sign = شرح
note-for-register = ملاحظة
note-for-close = ملاحظة
note-for-finish = ما تم
done-submit = رُفع الكتاب.
done-withdraw = سُحب الكتاب من المسار.
done-pass-up = رُفع الكتاب.
done-return = أُعيد الكتاب للتصويب.
done-sign = صدر الكتاب برقم { $number }.
done-register = سُجّل الكتاب برقم { $number }.
done-refuse = أُعيد الكتاب إلى مرسله.
done-recall = سُحب الكتاب.
done-close = حُفظ الكتاب وأُغلق.
done-reopen = فُتح الكتاب من جديد.
done-void = أُلغي الكتاب.
done-finish = أُنجزت الإحالة.
done-refer = { $n ->
    [one] أُحيل الكتاب.
    [two] أُحيل الكتابان.
    [few] أُحيلت { $n } كتب.
   *[other] أُحيل { $n } كتابًا.
}
refer-title = { $n ->
    [one] إحالة الكتاب
    [two] إحالة كتابين
    [few] إحالة { $n } كتب
   *[other] إحالة { $n } كتابًا
}
refer-target = المحال إليه { $n }
refer-kind = النوع
refer-to = إلى
refer-instruction = التوجيه
refer-add = إضافة جهة أخرى
refer-remove = إزالة هذا السطر
refer-note = شرح
refer-due-hint = إن لم تختر يومًا فالاستحقاق { $day }

## letters: ألفاظ الورقة، بلغة الكتاب لا بلغة الشاشة
paper-kingdom-ar = المملكة الأردنية الهاشمية
paper-kingdom-en = The Hashemite Kingdom of Jordan
paper-number-ar = الرقم
paper-number-en = No.
paper-hijri-ar = التاريخ
paper-hijri-en = Hijri
paper-date-ar = الموافق
paper-date-en = Date
paper-subject-ar = الموضوع
paper-subject-en = Subject
paper-files-ar = المرفقات
paper-files-en = Attachments
paper-copies-ar = نسخة إلى
paper-copies-en = Copy to
paper-verify-ar = التحقق من صحة الكتاب
paper-verify-en = Verify this letter
paper-for-ar = عن /
paper-for-en = For

## letters: السجل الزمني
op-tarasol-letter-create = أُعدّت المسودة
op-tarasol-letter-update = عُدّل الكتاب
op-tarasol-letter-submit = رُفع للمراجعة
op-tarasol-letter-approve = أُقرّت المراجعة
op-tarasol-letter-return = أُعيد للتصويب
op-tarasol-letter-withdraw = سُحب من المسار
op-tarasol-letter-sign = وُقّع الكتاب وصدر برقم { $number }
op-tarasol-letter-sign-there = ورد من { $agency }
op-tarasol-letter-open = فُتح الكتاب
op-tarasol-letter-open-there = فتحته { $agency }
op-tarasol-letter-register = سُجّل برقم { $number }
op-tarasol-letter-register-there = سجّلته { $agency } برقم { $their_number }
op-tarasol-letter-refuse = أُعيد إلى مرسله
op-tarasol-letter-refuse-there = أعادته { $agency }
op-tarasol-letter-refer = أُحيل إلى { $to }
op-tarasol-letter-close = حُفظ وأُغلق
op-tarasol-letter-reopen = فُتح من جديد
op-tarasol-letter-recall = سُحب
op-tarasol-letter-recall-there = سحبته { $agency }
op-tarasol-letter-void = أُلغي
op-tarasol-letter-void-there = ألغته { $agency }
op-tarasol-letter-print = طُبع الكتاب
op-tarasol-letter-import = استُورد
op-platform-file-attach = أُضيف المرفق «{ $file }»
op-platform-file-replace = نسخة جديدة من المرفق «{ $file }»
op-platform-file-remove = حُذف المرفق «{ $file }»
op-platform-note-add = كُتبت ملاحظة
op-platform-link-add = رُبط بالكتاب { $to }
op-platform-task-finish = أُنجزت الإحالة: { $outcome }
op-archive-document-file = حُفظ في الأرشيف
op-archive-document-edit = عُدّلت بيانات الحفظ

## letters: التحرير
compose-edit = تعديل المسودة
compose-reply = رد على كتاب
compose-new-memo = مذكرة داخلية جديدة
compose-fixed = لا يُعدَّل هذا الكتاب في حالته الحالية، أو ليس لديك صلاحية تعديله.
compose-template = النموذج
compose-no-template = بلا نموذج
compose-replace = استبدال النص؟
compose-replace-text = يحل نص النموذج «{ $name }» محل ما كتبته.
compose-replace-do = استبدال
compose-form = الشكل
compose-lang = لغة الكتاب
compose-to = إلى
compose-to-units = إلى الوحدات
compose-copies = نسخة إلى
compose-copy-for = غرض النسخة إلى { $name }
compose-no-purpose = بلا غرض محدد
compose-addressee = المخاطَب
compose-addressee-hint = السطر فوق التحية، مثل: معالي وزير المالية الأكرم
compose-placeholder = اكتب نص الكتاب…
compose-reply-days = الرد خلال (أيام عمل)
compose-reply-days-hint = فارغ إن كان لا يُنتظر رد
compose-signatory = الموقّع
compose-signatory-hint = فارغ ليحدده مسار الاعتماد
compose-save-submit = حفظ ورفع
compose-saved = حُفظت المسودة.
compose-saved-at = حُفظت
compose-files-later = تُرسل الملفات مع أول حفظ.
compose-stale = حفظ شخص آخر تعديلًا على هذه المسودة بعد أن فتحتها. ما كتبته باقٍ أمامك.
compose-keep-mine = اعتماد ما كتبته
compose-load-theirs = طرح ما كتبته وعرض المحفوظ
compose-restored = هذا ما كتبته في زيارة سابقة ولم يُحفظ بعد.
compose-restored-old = هذا ما كتبته في زيارة سابقة ولم يُحفظ، وقد عُدّلت المسودة بعد ذلك.
compose-drop = طرحه
compose-found = لك كتابة غير محفوظة من جهاز آخر، آخرها { $at }.
compose-take = متابعتها
compose-leave = تجاهل

## letters: النماذج والترويسات
admin-templates = نماذج الكتب
admin-letterheads = الترويسات
template-new = نموذج جديد
template-edit = تعديل النموذج
template-none = لا نماذج بعد.
template-name = الاسم
template-shared = مشترك بين الجهات
template-active = متاح
template-inactive = موقوف
template-body = نص النموذج
template-fields = يُستبدل ما بين الأقواس المزدوجة عند الكتابة:
letterhead-new = ترويسة وحدة
letterhead-edit = تعديل الترويسة
letterhead-none = لا ترويسة بعد؛ تُطبع الكتب باسم الجهة.
letterhead-of-agency = ترويسة الجهة
letterhead-unit = الوحدة
letterhead-unit-hint = فارغ لترويسة الجهة كلها
letterhead-lines-ar = سطور الترويسة بالعربية
letterhead-lines-en = سطور الترويسة بالإنجليزية
letterhead-footer-ar = التذييل بالعربية
letterhead-footer-en = التذييل بالإنجليزية
letterhead-lines-hint = كل سطر من الترويسة في سطر
