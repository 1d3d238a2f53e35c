# رسائل الخطأ؛ المفتاح err- ثم رمز الخادم، بالشرطة بدل الشرطة السفلية.
err-unknown-code = رفض الخادم الطلب بالرمز «{ $code }». أبلغ الدعم برقم الطلب { $id }.
err-offline = لا يمكن الوصول إلى الخادم. تحقق من الاتصال ثم أعد المحاولة.
err-unreadable = أجاب الخادم بما لا تفهمه هذه النسخة من الواجهة (الحالة { $status }). أعد تحميل الصفحة.
err-file-too-large = الملف «{ $name }» أكبر من الحد المسموح وهو { $max }.
err-required = هذا الحقل مطلوب.
err-too-long = النص أطول من الحد المسموح وهو { $max } حرفًا.
err-control-characters = في النص محارف خفية تغيّر اتجاه القراءة. اكتبه من جديد.
err-signed-out = لم تسجّل الدخول أو انتهت الجلسة.
err-bad-credentials = اسم المستخدم أو كلمة المرور غير صحيح.
err-bad-code = الرمز غير صحيح.
err-must-change-password = يجب تغيير كلمة المرور أولًا.
err-forbidden = تحتاج إلى صلاحية «{ $permission }». اطلبها من مدير النظام في جهتك.
err-not-found = غير موجود، أو ليس ضمن صلاحيتك.
err-stale = { $by ->
    [none] غيّره شخص آخر بعد أن فتحته. حدّث الصفحة ثم أعد تعديلك.
   *[other] غيّره { $by } في { $at } بعد أن فتحته. حدّث الصفحة ثم أعد تعديلك.
}
err-stale-renewed = { $by ->
    [none] غيّره شخص آخر بعد أن فتحته. راجع ما صار إليه ثم أكّد مرة أخرى؛ ما كتبته باقٍ.
   *[other] غيّره { $by } في { $at } بعد أن فتحته. راجع ما صار إليه ثم أكّد مرة أخرى؛ ما كتبته باقٍ.
}
err-invalid = صحح الحقول المشار إليها.
err-wrong-state = لا يمكن تنفيذ «{ $action }» والحالة «{ $state }».
err-already-exists = يوجد مثله من قبل.
err-internal = حدث خلل في الخادم. أعد المحاولة، وإن تكرر فأبلغ الدعم برقم الطلب.
err-too-large = أكبر من الحد المسموح وهو { $limit }.
err-storage-full = امتلأت مساحة التخزين في الخادم، ولم يُحفظ شيء. أبلغ مدير النظام.
err-not-json = صيغة الطلب غير مقبولة.
err-bad-json = صيغة الطلب غير صحيحة.
err-bad-query = عنوان الصفحة أو المرشّح غير صحيح.
err-bad-form = صيغة الملف المرسل غير صحيحة.
err-csrf = انتهت صلاحية الصفحة. أعد تحميلها.
err-if-match-required = لم تُذكر نسخة السجل المراد تعديله.
err-wrong-type = صيغة القيمة غير صحيحة.
err-unknown-field = هذا الحقل غير معروف هنا.
err-unknown = القيمة غير معروفة أو ليست ضمن صلاحيتك.
err-above-clearance = أعلى من درجة اطلاعك.
err-caveat-not-held = قيد التداول ليس ضمن صلاحيتك.
err-twice = مكرر.
err-own-agency = لا يُرسل الكتاب إلى الجهة نفسها.
err-cannot-sign = صاحب هذا المركز غير مخوّل بالتوقيع.
err-no-signatory = لم يُحدد من يوقّع الكتاب.
err-no-position = لا تشغل مركزًا وظيفيًا اليوم.
err-not-your-task = هذه المهمة ليست لديك.
err-not-your-draft = هذه مسودة شخص آخر.
err-own-work = لا يعتمد أحد ما أعدّه بنفسه.
err-task-done-already = أُنجزت هذه المهمة من قبل.
err-letter-fixed = صدر الكتاب ولا يُعدَّل. اكتب كتابًا لاحقًا بالتصحيح.
err-no-number-to-void = لا رقم لهذا الكتاب ليُلغى.
err-nothing-to-recall = سجّلت جميع الجهات الكتاب ولا يمكن سحبه.
err-registered-elsewhere = سُجّل الكتاب لدى جهات أخرى: { $numbers }.
err-in-the-past = التاريخ مضى.
err-in-future = التاريخ لم يأت بعد.
err-type-refused = الملف «{ $name }» من نوع غير مقبول ({ $type }).
err-attachment-replaced = للملف «{ $name }» نسخة أحدث.
err-unknown-unit = الوحدة غير معروفة.
err-unknown-class = رمز التصنيف غير معروف.
err-username-form = من 3 إلى 64 من الأحرف اللاتينية الصغيرة والأرقام والنقطة والشرطة.
err-password-too-short = أقصر من { $min } أحرف.
err-password-common = يسهل تخمينها. اختر جملة تخصك.
err-password-has-username = تحتوي على اسم المستخدم.
err-password-same = هي كلمة المرور الحالية.
err-totp-enabled = رمز التحقق مفعّل من قبل.
err-too-deep = القوائم أو الجداول متداخلة أكثر من المسموح.
err-out-of-range = { $max ->
    [none] أقل من المسموح وهو { $min }.
   *[other] خارج المدى المسموح: { $min } – { $max }.
}
err-too-many = { $max ->
    [none] محاولات كثيرة. أعد المحاولة بعد { $retry_after_s } ثانية.
   *[other] أكثر من المسموح وهو { $max }.
}
err-bad-id = المعرّف غير صحيح.
err-direction-fixed = لا يتغيّر نوع الكتاب بين صادر ومذكرة داخلية بعد حفظه. أنشئ كتابًا جديدًا.
err-made-by-letters = الرد والتسليم تسجّلهما الكتب نفسها، ولا يُضافان يدويًا.
err-own-rights = لا يغيّر أحد صلاحيات حسابه. اطلب ذلك من مسؤول آخر.
err-holding-begun = بدأ شغل المركز في { $from } فيبقى في السجل. أنهِه بتاريخ بدلًا من حذفه.
err-idempotency-mismatch = أُرسل هذا الطلب من قبل بمحتوى آخر. حدّث الصفحة وأعد المحاولة.
err-job-is-running = المهمة قيد التنفيذ الآن. انتظر انتهاءها ثم أعد المحاولة.
err-position-held = المركز مشغول اعتبارًا من { $from }. أنهِ شغله أولًا أو اختر تاريخًا آخر.
err-word-not-on-page = لا كلمة بهذا الرقم في الصفحة. أعد تحميل الصفحة.
err-one-word = أدخل كلمة واحدة بلا فراغات.
err-amount-form = المبلغ غير مقروء: اكتبه أرقامًا بفاصلة عشرية واحدة، مثل ١٬٢٣٤٫٥٠٠.
err-decimals = لهذه العملة { $max } منازل عشرية على الأكثر.
