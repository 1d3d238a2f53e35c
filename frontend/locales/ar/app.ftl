# الإطار: الدخول، القائمة، الرأس.
app-name = ديوان
sign-in = تسجيل الدخول
demo-users = الدخول إلى العرض التجريبي
demo-users-text = أشخاص مختلَقون. اختر واحدًا ليمتلئ النموذج، ثم سجّل الدخول.
sign-out = تسجيل الخروج
username = اسم المستخدم
password = كلمة المرور
one-time-code = رمز التحقق
one-time-code-hint = ستة أرقام من تطبيق المصادقة
password-change-due = يجب اختيار كلمة مرور جديدة قبل المتابعة.
password-current = كلمة المرور الحالية
password-new = كلمة المرور الجديدة
password-again = كلمة المرور الجديدة مرة أخرى
password-hint = عشرة أحرف على الأقل؛ جملة تذكرها خير من كلمة معقدة
passwords-differ = الكلمتان غير متطابقتين.
password-change = تغيير كلمة المرور
session-ended = انتهت الجلسة
session-ended-text = سجّل الدخول لتتابع من حيث كنت؛ لم يضع شيء مما كتبت.
language-and-look = اللغة والمظهر
digits-latin = الأرقام 123
digits-arabic = الأرقام ١٢٣
my-account = حسابي
user-menu = القائمة
menu = القائمة
skip-to-content = إلى المحتوى
search = بحث
search-everything = البحث في كل شيء
search-placeholder = ابحث في الكتب والأرشيف والأشخاص…
search-for = البحث عن «{ $text }»
results = النتائج
new-letter = كتاب جديد
offline-banner = لا اتصال بالخادم. ما تكتبه محفوظ في هذا الجهاز، ونعيد المحاولة عند عودة الاتصال.
notifications-unread = { $n ->
    [zero] الإشعارات
    [one] الإشعارات: واحد غير مقروء
    [two] الإشعارات: اثنان غير مقروءين
    [few] الإشعارات: { $n } غير مقروءة
   *[other] الإشعارات: { $n } غير مقروء
}
not-found = الصفحة غير موجودة
not-found-text = لا يوجد شيء على هذا العنوان، أو ليس ضمن صلاحيتك.
to-my-work = إلى أعمالي
nav-work = أعمالي
nav-dashboard = لوحة المتابعة
nav-letters = التراسل
nav-incoming = الوارد
nav-outgoing = الصادر
nav-drafts = المسودات
nav-archive = الأرشيف
nav-search = البحث
nav-admin = الإدارة
