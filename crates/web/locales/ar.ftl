brand = عنقود
skip = انتقل إلى المحتوى
nav-services = الخدمات
nav-plan = الخطة
nav-registers = السجلات
nav-desk = المكتب
nav-my-cases = طلباتي
other-language = English
sign-in = تسجيل الدخول
sign-out = تسجيل الخروج
footer = كل رقم هنا يفتح السجلات التي وراءه
demo = عرض تجريبي
demo-strip = عرض تجريبي: أشخاص وطلبات متخيلة. تاريخ اليوم هنا { $a }.
home-title = ماذا تريد أن تنجز اليوم؟
home-lead = خدمات الحكومة في مكان واحد: تعرف الكلفة والمدة قبل أن تبدأ، وتتابع طلبك خطوة بخطوة.
search = بحث
search-hint = رخصة، شهادة، تدريب ...
most-used = الخدمات
all-services = كل الخدمات
promised = ما وعدنا به، وما تحقق
whole-plan = الخطة كاملة
services-title = الخدمات
services-none = لا توجد خدمة بهذه الكلمات. جرّب كلمات أقل، أو تصفح كل الخدمات.
services-found = { $n ->
    [zero] لا خدمات
    [one] خدمة واحدة
    [two] خدمتان
    [few] { $n } خدمات
    [many] { $n } خدمة
   *[other] { $n } خدمة
 }
free = مجاناً
takes = المدة
costs = الكلفة
between-fees = { $a } إلى { $b }
working-days = { $n ->
    [zero] في اليوم نفسه
    [one] يوم عمل واحد
    [two] يوما عمل
    [few] { $n } أيام عمل
    [many] { $n } يوم عمل
   *[other] { $n } يوم عمل
 }
calendar-days = { $n ->
    [zero] في اليوم نفسه
    [one] يوم واحد
    [two] يومان
    [few] { $n } أيام
    [many] { $n } يوماً
   *[other] { $n } يوم
 }
start-before = قبل أن تبدأ
start-have = ما تحتاج إليه
start-law = الأساس القانوني
start-by = الجهة المقدمة
start-now = ابدأ الآن
start-sign-in = سجّل الدخول لتبدأ
start-steps = ماذا يحدث بعد ذلك
start-saved = تُحفظ إجاباتك بعد كل صفحة. تستطيع المغادرة والعودة متى شئت.
form-step = خطوة { $a } من { $b }
form-save = حفظ ومتابعة
form-later = أكمل لاحقاً
form-perhaps = مطلوب فقط مع بعض الإجابات أعلاه. اتركه فارغاً إن كان لا ينطبق عليك.
form-problem = هناك مشكلة
form-optional = اختياري
form-back = رجوع
form-tasks = طلبك
form-tasks-lead = أجب صفحة بعد صفحة. تستطيع المغادرة والعودة، فكل شيء محفوظ.
form-done = مكتمل
form-open = لم يكتمل
form-check = راجع إجاباتك
form-check-lead = اقرأ إجاباتك مرة أخرى. بعد إرسالها تبدأ الدائرة عملها.
form-change = تعديل
form-send = أرسل الطلب
form-continue = متابعة
form-not-yet = ما زالت بعض الإجابات ناقصة.
form-fee = الرسوم
form-fee-why = ينطبق السطر { $a } من جدول الرسوم على إجاباتك.
form-day = اليوم
form-month = الشهر
form-year = السنة
form-choose = اختر
form-file-hint = الأنواع المقبولة: { $a }، وبحد أقصى { $b }.
form-file-any-hint = بحد أقصى { $a }.
form-currency = العملة
size-kb = { $a } كيلوبايت
size-mb = { $a } ميغابايت
form-file-kept = محفوظ: { $a }
yes = نعم
no = لا
not-answered = لم تُجب
confirm-title = أُرسل طلبك
confirm-reference = رقم طلبك
confirm-next = ماذا يحدث الآن
confirm-due = يصلك القرار في موعد أقصاه { $a }.
confirm-follow = تابع طلبك
cases-title = طلباتي
cases-none = لم تقدّم أي طلب بعد.
cases-drafts = لم تُرسل بعد
case-title = الطلب { $a }
case-filed = قُدّم في
case-state = وضع الطلب
case-due = الموعد
case-turn-applicant = الدور عليك
case-turn-office = الدور على الدائرة
case-closed = أُغلق في
case-history = ما حدث
case-answers = الإجابات
case-actions = ما العمل
case-note = رسالة
case-reason = السبب
case-applicant = مقدم الطلب
case-service = الخدمة
case-assignee = يتابعه
case-fee = الرسوم
case-moved-on = تغيّر الطلب منذ أن فتحته: تصرف فيه { $a }، ووضعه الآن «{ $b }».
case-needs-note = اكتب الرسالة التي ترافق هذا الإجراء.
case-not-possible = لم يعد هذا الإجراء ممكناً.
case-certificate = الشهادة
case-record = السجل الذي نتج عنه
action-file = أُرسل
action-assign = أُسند إلى موظف
action-lapse = انتهت المهلة
desk-title = المكتب
desk-lead = { $n ->
    [zero] لا طلبات بانتظار أدوارك
    [one] طلب واحد بانتظار أدوارك
    [two] طلبان بانتظار أدوارك
    [few] { $n } طلبات بانتظار أدوارك
    [many] { $n } طلباً بانتظار أدوارك
   *[other] { $n } طلب بانتظار أدوارك
 }
desk-all = الكل
desk-mine = طلباتي
desk-nobodys = غير مسندة
desk-none = لا شيء ينتظر هنا. عمل جيد.
desk-take = تسلّم الطلبات المختارة
desk-keys = j و k للتنقل · Enter للفتح · x للاختيار
desk-choose = اختر { $a }
due-late = { $n ->
    [zero] اليوم
    [one] متأخر يوماً واحداً
    [two] متأخر يومين
    [few] متأخر { $n } أيام
    [many] متأخر { $n } يوماً
   *[other] متأخر { $n } يوم
 }
due-today = اليوم
due-in = { $n ->
    [zero] اليوم
    [one] يوم واحد
    [two] يومان
    [few] { $n } أيام
    [many] { $n } يوماً
   *[other] { $n } يوم
 }
due-none = —
plan-clusters = العناقيد
nav-clusters = العناقيد
nav-stories = قصص
clusters-title = العناقيد
clusters-lead = أماكن يُخطَّط لها معاً لأنها تشترك في نقطة قوة.
clusters-all = كل العناقيد
cluster-map = أين يقع { $a }
cluster-open-plan = افتح خارطة الطريق
cluster-no-plan = ليس لهذا العنقود خارطة طريق هنا بعد.
cluster-measured = ما يُقاس هنا
cluster-here = هنا
cluster-everywhere = في كل مكان
cluster-places = الأماكن
cluster-others = عناقيد أخرى
stories-title = قصص نجاح
stories-lead = ما جرّبه غيرنا، وما نتج عنه، وما يمكن أن يستفيده الآخرون.
stories-all = كل القصص
stories-none = لم تُروَ أي قصة بعد.
story-figures = هل ما زال الأمر مستمراً؟ أرقام اليوم
plan-budget-lead = مجموع ما خُطّط له؛ وما الذي التُزم به وأُنفق، وكم كلّفت كل نتيجة
plan-target-assumed = الهدف قيمة مفترضة
plan-others = خرائط طريق أخرى
plan-interventions = ما يُنفَّذ من أجله
plan-no-indicator = لا يُقاس شيء لهذا الهدف بعد.
plan-other-objectives = أهداف أخرى
activity-legend = الشريط الداكن على المسار الحرج: أي تأخير فيه يؤخر الهدف كله. والخط هو اليوم.
activity-days = من { $a } إلى { $b }
activity-over = كان مقرراً أن ينتهي
activity-now = مقرر الآن
activity-to-come = لاحقاً
activity-critical = حرج
activity-slack = { $n ->
    [zero] بلا فسحة
    [one] فسحة يوم واحد
    [two] فسحة يومين
    [few] فسحة { $n } أيام
    [many] فسحة { $n } يوماً
   *[other] فسحة { $n } يوم
 }
plan-lead = { $a } أهداف، و{ $b } تدخلاً، و{ $c } مؤشراً. تُحسب الأرقام من الخدمات والسجلات كما هي الآن.
plan-measured = ما نقيسه
plan-mark = العلامة تبيّن أين يجب أن يكون المسار اليوم
plan-indicator = المؤشر
plan-trend = 12 شهراً
plan-now = الآن
plan-path = مقارنة بالمسار
plan-target = الهدف
plan-status = الوضع
plan-objectives = الأهداف والتدخلات
plan-budget = الموازنة
plan-responsible = المسؤول
plan-partners = الشركاء
plan-of-path = { $a }٪ من مساره
plan-assumption = قيمة مفترضة
plan-activities = الأنشطة
status-ahead = أفضل من المسار
status-on-track = على المسار
status-at-risk = معرّض للتأخر
status-off-track = خارج المسار
status-no-data = لا رقم
indicator-today = في { $a }
indicator-against = مقارنة بالمسار
indicator-target = هدف { $a }
indicator-table = اعرضه جدولاً
indicator-by = حسب { $a }
indicator-as-of = كما كان في
indicator-as-of-show = اعرض
indicator-as-of-note = هذا هو الرقم كما كان في { $a }.
indicator-records = السجلات التي وراءه
indicator-adds-up = { $n ->
    [zero] لا سجلات
    [one] سجل واحد، مجموعه { $a }
    [two] سجلان، مجموعهما { $a }
    [few] { $n } سجلات، مجموعها { $a }
    [many] { $n } سجلاً، مجموعها { $a }
   *[other] { $n } سجل، مجموعها { $a }
 }
indicator-record = السجل
indicator-where = المكان
indicator-when = التاريخ
indicator-adds = يُحسب
indicator-none = لا سجل وراء هذا الرقم بعد.
indicator-observations = القيم المرصودة
indicator-source = المصدر
indicator-value = القيمة
indicator-period = الشهر
indicator-numerator = { $a } من { $b }
indicator-path = المسار المستهدف
indicator-by-region = حسب المحافظة
indicator-map-hint = اختر مكاناً لترى السجلات التي وراء رقمه.
indicator-all-records = اعرض الكل
indicator-forecast = بهذه الوتيرة، 80 ٪
indicator-at-this-pace = بهذه الوتيرة سيبلغ الرقم نحو { $a } في { $b }، وباحتمال 80 ٪ سيكون بين { $c } و{ $d }.
indicator-needed = لبلوغ الهدف بحلول { $b } يلزم { $a } شهرياً من الآن.
indicator-better-less = الأقل أفضل
chart-trajectory = { $a }: الرقم والمسار المستهدف
chart-trend = { $a }: آخر اثني عشر شهراً
chart-bullet = { $a }: الرقم مقارنة بالهدف
chart-map = { $a } حسب المحافظة
chart-grapes = { $a } من 6
registers-title = السجلات
registers-lead = ما تعرفه الدوائر، يُحفظ مرة واحدة ويُتشارك. والبيانات المفتوحة متاحة للتنزيل.
register-search = ابحث في هذا السجل
register-found = { $n ->
    [zero] لا سجلات
    [one] سجل واحد
    [two] سجلان
    [few] { $n } سجلات
    [many] { $n } سجلاً
   *[other] { $n } سجل
 }
register-none = لا يوجد سجل بهذه الكلمات.
register-download = تنزيل
record-made = أُدخل
record-changed = عُدّل
record-removed = أُزيل
record-gone = أُزيل هذا السجل، ويظهر هنا آخر ما كان فيه.
register-next = الصفحة التالية
register-history = كل النسخ
record-by = بواسطة
sign-in-title = تسجيل الدخول
sign-in-email = البريد الإلكتروني
sign-in-password = كلمة المرور
sign-in-wrong = البريد الإلكتروني أو كلمة المرور غير صحيحة.
sign-in-throttled = محاولات كثيرة. حاول مرة أخرى بعد ربع ساعة.
sign-in-lead = سجّل الدخول لتقدّم طلباً أو تتابع طلباتك أو تعمل في المكتب.
error-title = حدث خطأ
error-404 = لا شيء في هذا العنوان
error-404-help = ربما كُتب العنوان خطأ، أو أن ما كان هنا غير متاح لك. ابحث عن خدمة أو ابدأ من الصفحة الأولى.
error-403 = هذه الصفحة غير متاحة لك
error-403-help = ليس لحسابك دور يفتح هذه الصفحة. اسأل من يدير الأدوار في دائرتك.
error-400 = تعذرت قراءة النموذج
error-400-help = ارجع وحدّث الصفحة ثم أرسلها مرة أخرى. لم يتغير شيء.
error-413 = ما أُرسل كبير جداً
error-413-help = حجم الملف 10 ميغابايت على الأكثر، وحجم ملفات الصفحة كلها 20 ميغابايت. أرسل ملفات أصغر.
error-500-help = سُجّل الخطأ. لم يُحفظ شيء ناقص؛ حاول مرة أخرى.
error-home = إلى الصفحة الأولى
not-eligible = لا يمكنك التقدم لهذه الخدمة
full = لم يبق مكان في هذا الخيار. اختر غيره.
fault-required = أجب عن هذا السؤال
fault-integer = اكتب عدداً صحيحاً بالأرقام، مثل 12 أو ١٢
fault-decimal = اكتب رقماً، مثل 3.5
fault-min = يجب أن يكون العدد { $a } أو أكثر
fault-max = يجب أن يكون العدد { $a } أو أقل
fault-money = اكتب المبلغ بالأرقام، مثل 1500 أو 1500.50
fault-money-decimals = اكتب { $a } منازل بعد الفاصلة العشرية على الأكثر
fault-money-currency = اختر إحدى هذه العملات: { $a }
fault-date = اكتب تاريخاً صحيحاً باليوم والشهر والسنة، مثل 27 3 2021
fault-choice = اختر إحدى الإجابات
fault-phone = اكتب رقم هاتف، مثل 0599123456
fault-email = اكتب بريداً إلكترونياً، مثل name@example.com
fault-person-id-digits = اكتب أرقام الهوية التسعة كلها
fault-person-id-check = في رقم الهوية خطأ. قارنه ببطاقتك
fault-too-long = اكتب { $a } حرفاً على الأكثر
fault-control = في النص رموز لا يمكن حفظها. اكتبه مرة أخرى
fault-file = اختر الملف وأرسله مع هذه الصفحة
fault-file-type = اختر ملفاً ينتهي بـ: { $a }
fault-file-size = حجم الملف أكبر من { $a }. اختر ملفاً أصغر أو صوّره بدقة أقل
fault-unknown = لا يوجد سؤال كهذا

# ما يجيب به الواجهة البرمجية عند وقوع خطأ
problem-not-found = لا يوجد شيء هنا
problem-not-found-help = قد يكون العنوان مكتوباً بشكل خاطئ، أو أن ما فيه غير متاح لك.
problem-method = هذا العنوان لا يقبل هذه الطريقة
problem-internal = حدث خطأ لدينا
problem-internal-help = سُجّل الخطأ ولم يُحفظ شيء غير مكتمل. أعد المحاولة بنفس المفتاح Idempotency-Key.
problem-sign-in = سجّل الدخول أولاً
problem-sign-in-help = أرسل البريد الإلكتروني وكلمة المرور إلى ‎/api/v1/session ثم أرسل الرمز في «Authorization: Bearer».
problem-token = لم يعد هذا الرمز صالحاً
problem-token-help = سجّل الدخول من جديد عبر ‎/api/v1/session.
problem-forbidden = هذا غير متاح لك
problem-foreign = هذا الطلب قادم من موقع آخر
problem-foreign-help = أرسل رمز الدخول بدلاً من ملف تعريف الارتباط.
problem-wrong-credentials = البريد الإلكتروني أو كلمة المرور غير صحيحة
problem-throttled = محاولات كثيرة جداً
problem-until = أعد المحاولة بعد { $a }.
problem-malformed = محتوى الطلب ليس كما هو مطلوب
problem-too-large = محتوى الطلب كبير جداً
problem-too-large-help = الحد الأقصى للمحتوى ميغابايت واحد.
problem-file-too-large = الملف كبير جداً
problem-file-too-large-help = الحد الأقصى للملف 10 ميغابايت.
problem-media-type = محتوى الطلب ليس JSON
problem-media-type-help = أرسل «Content-Type: application/json».
problem-key = هذا ليس مفتاح Idempotency-Key صالحاً
problem-key-help = يتكون المفتاح من 1 إلى 200 حرف.
problem-key-reused = استُخدم هذا المفتاح Idempotency-Key لطلب آخر
problem-key-reused-help = استخدم مفتاحاً جديداً لكل طلب جديد، والمفتاح نفسه فقط لإعادة إرسال الطلب نفسه.
problem-cursor = مؤشر الصفحة غير صالح
problem-cursor-help = خذ قيمة «next» من الصفحة السابقة.
problem-day = هذا ليس تاريخاً
problem-day-help = اكتبه على شكل 2021-03-27.
problem-period = هذه ليست فترة زمنية
problem-dimension = لا يوجد هذا البعد في المؤشر
problem-number = لا يمكن حفظ هذه القيمة
problem-source = اذكر مصدر القيمة
problem-computed = هذا المؤشر محسوب
problem-computed-help = قيمته ناتجة عن السجلات ولا يمكن كتابتها يدوياً. عدّل السجلات نفسها.
problem-observed = هذا المؤشر مرصود
problem-observed-help = قيمته من مصدر خارجي، فلا سجلات وراءها. صفحته تذكر المصادر.
problem-faults = بعض الإجابات لا تناسب أسئلتها
problem-faults-help = صحّح ما ورد في «errors» ثم أعد الإرسال.
problem-not-eligible = شروط هذه الخدمة غير متوفرة
problem-full = لم يبق مكان شاغر
problem-needs-note = هذا الإجراء يحتاج إلى ملاحظة
problem-needs-note-help = أرسل السبب أو الرسالة في «note».
problem-not-possible = هذا الإجراء غير ممكن الآن
problem-not-possible-help = الطلب في الحالة «state» وآخر من حرّكه «by». ما يمكن فعله مذكور في «actions».
problem-moved-on = تغيّرت حالة الطلب
problem-moved-on-help = غيّره «by» وهو الآن في الحالة «state». اقرأه من جديد قبل أن تقرر.
problem-taken = هذه القيمة مسجلة في سجل آخر
problem-taken-by = { $a }: { $b }
problem-changed = تغيّر منذ أن قرأته
problem-changed-help = هو الآن في النسخة { $a }. اقرأه من جديد قبل التعديل.
problem-if-match = حدد النسخة التي تعدّلها
problem-if-match-help = أرسل قيمة ETag لما قرأته في «If-Match».

nav-till = الصندوق
nav-finance = المالية
case-turn-pay = الدور عليك: الرسم بانتظار الدفع
action-paid = دُفع الرسم
action-waived = أُعفي مقدم الطلب من الرسم
payments-title = مدفوعاتي
payments-none = لا رسوم مستحقة عليك ولم تدفع شيئاً بعد.
pay-title = دفع { $a }
pay-now = ادفع الآن
pay-see = عرض الدفعة
pay-amount = المبلغ
pay-refunded = المبلغ المُعاد
pay-waiting = ننتظر رد مزود خدمة الدفع. تتحدث هذه الصفحة تلقائياً.
pay-slip-title = الدفع نقداً في نقطة دفع
pay-slip-lead = أبرز هذا الرمز في أي نقطة دفع معتمدة وادفع { $a } نقداً، ويُستكمل طلبك فوراً.
pay-slip-code = الرمز { $a } لنقطة الدفع
pay-bank-title = الدفع بحوالة بنكية
pay-bank-lead = اكتب هذا المرجع كما هو في الحوالة لنتمكن من ربطها بطلبك.
pay-bank-reference = المرجع
pay-bank-iban = رقم الحساب (IBAN)
pay-bank-holder = صاحب الحساب
pay-how = كيف تود أن تدفع؟
pay-why = لماذا هذا المبلغ؟
pay-why-row = حُدد الرسم وفق السطر { $a } من جدول رسوم الخدمة بناءً على إجاباتك:
pay-waived = أنت معفى من الدفع: { $a }
pay-said = { $a }: { $b }
pay-no-way = اختر إحدى طرق الدفع.
pay-not-payable = دُفع هذا الرسم من قبل أو لم يعد دفعه ممكناً.
pay-state-quoted = بانتظار الدفع
pay-state-started = بدأ الدفع
pay-state-pending = قيد التحقق
pay-state-paid = مدفوع
pay-state-failed = تعذر الدفع، حاول ثانية
pay-state-expired = انتهت المهلة
pay-state-cancelled = ملغى
pay-state-part-refunded = أُعيد جزء منه
pay-state-refunded = أُعيد
pay-state-disputed = معترض عليه
pay-event-start = بدأ
pay-event-accept = قيد التحقق
pay-event-succeed = مدفوع
pay-event-fail = تعذر
pay-event-expire = انتهت المهلة
pay-event-cancel = ملغى
pay-event-refund-part = أُعيد جزء منه
pay-event-refund-rest = أُعيد
pay-event-dispute = معترض عليه
pay-event-win-dispute = رُفض الاعتراض
pay-event-lose-dispute = قُبل الاعتراض
way- = لم تُحدد
way-card = بطاقة أو محفظة إلكترونية
way-card-hint = فوراً عبر صفحة مزود خدمة الدفع
way-cash = نقداً في نقطة دفع
way-cash-hint = برمز تبرزه في نقطة دفع معتمدة
way-transfer = حوالة بنكية
way-transfer-hint = خلال يوم إلى يومي عمل
way-waiver = إعفاء
way-waiver-hint = لا يُدفع شيء
receipt-title = إيصال
receipt-open = عرض الإيصال
receipt-heading = إيصال رقم { $a }
receipt-number = رقم الإيصال
receipt-payer = الدافع
receipt-entity = الجهة
receipt-day = التاريخ
receipt-way = طريقة الدفع
receipt-payment = رقم الدفعة
verify-title = هل هذه الوثيقة صحيحة؟
verify-yes = نعم، صدرت هذه الوثيقة عن هذا النظام ومضمونها:
verify-no = لا، لم تصدر هذه الوثيقة عن هذا النظام أو أنها عُدّلت.
verify-no-help = تحقق من العنوان الذي كتبته أو امسح الرمز ثانية. إن بقيت النتيجة كذلك فلا تقبل الوثيقة.
verify-compare = قارن هذه البيانات بالوثيقة التي بين يديك.
verify-how = كيف أتحقق منها بنفسي؟
verify-key = تُوقَّع الوثائق بخوارزمية Ed25519، والمفتاح العام بترميز base64url هو:
verify-code = رمز للتحقق من هذه الوثيقة
verify-hint = يمكن لأي شخص التحقق من هذه الوثيقة بالرمز.
verify-link = تحقق منها
till-title = الصندوق
till-lead = اقبض الرسوم نقداً وسلّمها في نهاية اليوم.
till-code = رمز القسيمة
till-code-hint = اكتبه كما يظهر على القسيمة أو امسحه، مثل PY-7K3M-9QX4.
till-find = بحث
till-take = استلمت { $a }
till-holds = رصيد صندوقك
till-empty = صندوقك فارغ.
till-held = سُلّم ولم يُعد بعد:
till-hand-in = المبلغ المراد تسليمه
till-hand-in-now = تسليم الآن
till-unknown = لا توجد دفعة بهذا الرمز. اطلب من الدافع فتح صفحة الدفع مرة أخرى.
till-mistyped = في الرمز خطأ. قارنه بالقسيمة.
till-taken = تم القبض: { $a }. يُستكمل الطلب الآن.
till-handed = تم التسليم. يبقى المبلغ على صندوقك حتى تعدّه الدائرة المالية.
till-too-much = المبلغ أكبر من رصيد الصندوق أو يساوي صفراً.
finance-title = مكتب المالية
finance-lead = ما ورد، وما لا يتطابق، وما يجب إعادته.
finance-revenue = الواردات
finance-from = من
finance-to = إلى
finance-nothing-came = لم يرد شيء في هذه الأيام.
finance-payments = { $n ->
    [zero] لا دفعات
    [one] دفعة واحدة
    [two] دفعتان
    [few] { $n } دفعات
   *[other] { $n } دفعة
}
finance-number = العدد
finance-csv = جميع دفعات هذه الأيام بصيغة CSV
finance-differences = الفروق
finance-no-differences = كل شيء متطابق.
finance-theirs = الوارد
finance-ours = المستحق
finance-note = رقم الدفعة أو ملاحظة
finance-assign = احتسابه لهذه الدفعة
finance-back = إعادته
finance-clear = سُوّي بهذه الملاحظة
finance-refunds = المبالغ المُعادة
finance-no-refunds = لا طلبات إعادة معلقة.
finance-same-person = أنت من طلب الإعادة، فالقرار لشخص آخر.
finance-approve = موافقة
finance-refuse = رفض
finance-approved = موافق عليه وبانتظار الصرف
finance-left = صُرف المبلغ
finance-pain = أمر إلى البنك (ISO 20022 pain.001)
finance-ask = طلب إعادة مبلغ
finance-statements = كشف حساب البنك
finance-statement-file = ملف بصيغة ISO 20022 camt.053
finance-import = إدخال الكشف
finance-tills = ما سلّمه القابضون
finance-no-tills = لم يُسلَّم شيء.
finance-counted = تم العدّ
finance-not-counted = لم يصل
finance-balances = الحسابات
finance-account = الحساب
finance-alarms = رسائل لم تُصدَّق
finance-too-much = المبلغ أكبر مما يمكن إعادته أو يساوي صفراً.
finance-no-refund = لا يمكن إعادة هذه الدفعة، أو بُتّ في طلب الإعادة من قبل.
finance-no-match = المبلغ لا يساوي مبلغ الدفعة، أو أن الدفعة ليست مفتوحة.
finance-nothing = لا توجد دفعة بهذا الرقم.
finance-moved-on = سبقك شخص آخر. راجع الصفحة ثانية.
finance-no-reason = اكتب السبب.
finance-no-file = اختر ملفاً.
finance-no-statement = هذا الملف ليس كشفاً بصيغة camt.053 أو فيه مبلغ غير مقروء. لم يُدخل شيء.
finance-saved = تم.
finance-imported = أُدخل الكشف. المدفوع الآن: { $a }. بحاجة إلى مراجعة: { $b }.
books-right = الدفاتر متوازنة: كل رصيد يساوي مجموع قيوده.
books-wrong = الدفاتر غير متوازنة. أبلغ مشغّل النظام.
books-unbalanced = مجموع القيود بعملة { $a } هو { $b }.
books-balance = رصيد الحساب { $a } لا يساوي مجموع قيوده.
books-transfer = القيد { $a } غير متوازن.
books-treasury = الخزينة العامة
account-fees = رسوم
account-waived = رسوم أُعفي منها
account-clearing = لدى مزود خدمة الدفع
account-till = صندوق
account-treasury = حساب بنكي
account-charges = عمولات المزودين
account-suspense = بحاجة إلى مراجعة
account-refunds-due = مستحق الإعادة
account-disputes-lost = اعتراضات مقبولة
account-appropriation = موازنة معتمدة
account-available = متاح
account-committed = ملتزم به
account-spent = مصروف
account-loan-funds = أموال القروض
account-loan-capital = رأس مال القروض
account-loan-principal = مستحق على المقترضين
account-loan-interest-due = فوائد مستحقة
account-loan-deferred-profit = أرباح غير محققة
account-loan-income = إيرادات القروض
account-loan-written-off = ديون معدومة
difference-amount = مبلغ يختلف عن المستحق
difference-paid-twice = دُفع مرتين
difference-paid-late = دُفع بعد انتهاء المهلة
difference-unknown = مبلغ لا تُعرف دفعته
difference-missing-there = لا يعلم به المزود
difference-missing-here = لم نكن نعلم به
alarm-signature = توقيع خاطئ
alarm-old = قديمة
alarm-body = غير مقروءة
refund-by-rule = تعد به الخدمة
refund-paid-late = دُفع بعد إغلاق الطلب
refund-paid-twice = دُفع مرتين
refund-amount = مبلغ يختلف عن المستحق
problem-signature = هذه الرسالة غير موثوقة
problem-amount = هذا ليس مبلغاً بعملة الدفعة
problem-no-way = لا توجد طريقة الدفع هذه
problem-no-way-help = الطرق المتاحة مذكورة في «ways».
problem-not-payable = لا يمكن دفع هذه الدفعة الآن
problem-not-payable-help = حالتها تبين السبب. اقرأها من جديد.
problem-refund = لا يمكن إعادة هذا المبلغ
problem-refund-help = يُعاد ما دُفع فقط، مرة واحدة، وبما لا يزيد على المتبقي.
problem-same-person = يجب أن يوافق شخص آخر
problem-same-person-help = من طلب الإعادة لا يوافق عليها.

nav-loans = القروض
budget-title = الموازنة والإنفاق
budget-lead = ما اعتُمد وما التُزم به وما صُرف، وكلفة كل نتيجة. كل مبلغ يفتح قيوده.
budget-granted = معتمد
budget-committed = ملتزم به
budget-spent = مصروف
budget-available = متاح
budget-waiting = تعديلات بانتظار قرارك
budget-intervention = التدخل
budget-cost = كلفة النتيجة
budget-postings = القيود
budget-what = البيان
budget-line = البند
budget-to = إلى البند
budget-propose = اقتراح تعديل
budget-saved = تم. يسري الاقتراح بعد موافقة شخص آخر.
budget-commit = التزام
budget-spend = صرف
budget-release = إلغاء التزام
budget-reallocate = مناقلة
budget-problem-left = لم يبقَ في هذا البند لهذا الغرض سوى { $a }.
budget-problem-amount = اكتب مبلغاً أكبر من صفر.
budget-problem-line = اختر البند الذي يُنقل إليه المبلغ، على ألا يكون البند نفسه.
budget-problem-reason = اكتب السبب.
budget-problem-same-person = أنت من اقترح التعديل، فالقرار لشخص آخر.
budget-problem-decided = بُتّ فيه من قبل.
source-treasury = الخزينة
source-donor = مانحون
source-loan = قرض
loans-title = تمويل الشركات الناشئة
loans-lead = قروض تُصرف عند تحقق مراحل محددة وتُسدَّد وفق جدول.
loans-all = جميع القروض
loans-none = لم يُتفق على قرض بعد.
loan-title = القرض { $a }
loan-funds = متاح للإقراض
loan-held = موعود ولم يُصرف
loan-ageing = المستحق بحسب مدة التأخر
loan-not-due = لم يحن موعده
loan-to-30 = متأخر حتى 30 يوماً
loan-to-90 = متأخر من 31 إلى 90 يوماً
loan-to-180 = متأخر من 91 إلى 180 يوماً
loan-longer = متأخر أكثر من 180 يوماً
loan-borrower = المقترض
loan-borrower-email = البريد الإلكتروني للمقترض
loan-kind = النوع
loan-principal = المبلغ
loan-profit = الفائدة أو الربح
loan-open = المتبقي
loan-late = المتأخر
loan-new = الاتفاق على قرض
loan-rate = الفائدة السنوية أو هامش المرابحة (بالمئة)
loan-months = عدد الأقساط (بالأشهر)
loan-grace = أشهر السماح
loan-tranches = الدفعات
loan-tranches-hint = دفعة في كل سطر: المبلغ ثم مسافة ثم ما يجب تحقيقه. مجموعها مبلغ القرض.
loan-agree = اتفاق
loan-annuity = أقساط متساوية
loan-equal-principal = أصل متساوٍ
loan-murabaha = مرابحة
loan-state-agreed = متفق عليه
loan-state-running = جارٍ
loan-state-repaid = مسدد
loan-state-to-write-off = مقترح إعدامه
loan-state-written-off = معدوم
loan-schedule = جدول السداد
loan-due = الاستحقاق
loan-paid-out-on = صُرف بتاريخ { $a }
loan-pay-out = تحققت المرحلة: اصرف الدفعة
loan-repay = تسجيل سداد
loan-receipt = رقم الإيصال
loan-reschedule = إعادة الجدولة
loan-propose-write-off = اقتراح إعدام الدين
loan-decide-write-off = هل يُعدم هذا الدين؟
loan-write-off = إعدام الدين
loan-keep = الإبقاء عليه
loan-problem-terms = المبلغ أو النسبة أو عدد الأشهر غير ممكن. النسبة من 0 إلى 100 بالمئة، والأقساط من 1 إلى 480.
loan-problem-tranches = يجب أن يساوي مجموع الدفعات مبلغ القرض. اكتب كل دفعة في سطر.
loan-problem-not-now = هذا غير ممكن في وضع القرض الحالي.
loan-problem-amount = اكتب مبلغاً أكبر من صفر ولا يتجاوز المتبقي، مع رقم الإيصال.
loan-problem-same-person = أنت من اقترح ذلك، فالقرار لشخص آخر.
loan-problem-funds = لا يكفي المال المتاح لذلك.
loan-problem-twice = سُجّل سداد بهذا الإيصال من قبل.
loan-problem-borrower = لا يوجد حساب بهذا البريد.
loans-funded = أموال مخصصة
loan-paid-out = صُرف
loan-repaid = سُدد
loan-written-off = أُعدم
finance-close = إقفال يوم
finance-close-lead = يقارن دفعات البطاقات في اليوم بما لدى مزود خدمة الدفع، ويقيّد المبلغ الذي يسلّمه.
finance-close-now = إقفال اليوم
finance-closed = أُقفل اليوم. ما قبضه المزود: { $a }. الفروق: { $b }.
finance-no-day = اختر اليوم.
finance-no-provider = مزود خدمة الدفع لا يجيب أو أن جوابه غير موثوق. حاول لاحقاً.

nav-atlas = الأطلس
atlas-title = أين تكمن نقاط القوة
atlas-map = الخريطة
atlas-space = فضاء الأنشطة
atlas-simulator = المحاكاة
atlas-portfolio = اختيار التدخلات
atlas-import = جدولك الخاص
atlas-activity = النشاط
atlas-activities = الأنشطة
atlas-place = المكان
atlas-places = الأماكن
atlas-complexity = التعقيد
atlas-diversity = نقاط القوة
atlas-places-with = أماكن يتميز فيها
atlas-total = المجموع
atlas-strengths = الأقوى في
atlas-map-title = معامل التوطن لنشاط { $a } بحسب المكان
atlas-map-legend = الرقم هو معامل التوطن: حصة النشاط هنا مقسومة على حصته في البلد كله. ما زاد على 1 فهو نقطة قوة.
atlas-like-others = مطابق لبقية البلد
atlas-good-at = ما يتميز فيه
atlas-quotient = المعامل
atlas-interval = مجال ثقة 90 ٪
atlas-density = القرب
atlas-quotient-hint = نقاط القوة بخط عريض. يبين المجال مقدار ما تحركه الصدفة وحدها في المعامل، والقرب هو حصة الأنشطة ذات الصلة التي يتميز فيها المكان، من 0 إلى 1.
atlas-clusters = ما العناقيد الموجودة فيه؟
atlas-own-clusters = عناقيد البرنامج الحكومي
atlas-found-clusters = عناقيد تظهرها البيانات
atlas-has = موجود
atlas-cluster-why = المعامل { $a }؛ يتميز في { $b } من أنشطته: { $c }.
atlas-cluster-none = المعامل { $a }؛ لا يتميز في أي من أنشطته.
atlas-next = ما هو في المتناول
atlas-next-why = قريب من { $a }
atlas-space-title = فضاء الأنشطة
atlas-space-lead = الأنشطة الموجودة في الأماكن نفسها متقاربة في الرسم، والألوان هي العناقيد التي تظهرها البيانات.
atlas-mark = إبراز نقاط قوة
atlas-related = الأكثر ترابطاً
atlas-proximity = الترابط
atlas-template = أفضل تقسيم من بين تقسيمات كثيرة؛ درجته { $a } من 1 بمقدار زيادة الترابط داخل العناقيد على ما بينها.
simulator-title = هل يمكن بلوغ الهدف؟
simulator-lead = المتقدمون والمقاعد والخريجون والوظائف والهجرة، شهراً بشهر، أكثر من ألف مرة بظروف مختلفة.
simulator-target = الهدف
simulator-fan = تسع من كل عشر محاولات دون الحد الأعلى، وواحدة دون الحد الأدنى
simulator-chart = محاكاة: { $a }
simulator-tornado = ما الأكثر تأثيراً
simulator-end = في النهاية
simulator-series = البيان
simulator-what-if = ماذا لو؟
simulator-run = احسب
simulator-link = عنوان هذه الصفحة يحفظ كل ما كتبته، فأرسله لمن تشاء.
simulator-problem = لا يمكن حساب ذلك: { $a }
simulator-no-number = هذا ليس عدداً: { $a }
simulator-chance = في { $a } ٪ من المحاولات يتحقق { $b } بحلول { $c }.
simulator-intake = يتطلب ذلك قبول { $a } سنوياً ليتحقق في { $b } ٪ من المحاولات.
simulator-not-within = غير ممكن ضمن هذه الحدود: حتى مع قبول { $a } سنوياً تكون النتيجة { $b }.
simulator-without = لولا الحد «{ $a }» لكانت النتيجة { $b } ولتحقق الهدف في { $c } ٪ من المحاولات.
flow-applicants = المتقدمون سنوياً
flow-applicants-growth = نمو عدد المتقدمين سنوياً
flow-qualified = المؤهلون
flow-intake = المقبولون سنوياً
flow-seats = المقاعد في آن واحد
flow-study-months = أشهر الدراسة
flow-drop-out = التسرب
flow-search-months = أشهر البحث عن عمل
flow-jobs = الوظائف سنوياً
flow-emigration-of-graduates = هجرة الخريجين سنوياً
flow-emigration-of-hired = هجرة العاملين سنوياً
flow-leaving = ترك العمل سنوياً
series-applied = تقدموا
series-admitted = قُبلوا
series-enrolled = على مقاعد الدراسة
series-dropped-out = تسربوا
series-graduated = تخرجوا
series-seeking = يبحثون عن عمل
series-hired = وُظفوا
series-retained = على رأس عملهم هنا
series-emigrated = هاجروا
series-left = تركوا العمل
portfolio-title = ما الذي يحقق أكثر؟
portfolio-lead = أي التدخلات نختار ضمن موازنة محددة، مع ما تعتمد عليه والحد الأدنى لحصة كل منطقة.
portfolio-notice = الكلف والنتائج افتراضات لأغراض العرض.
portfolio-budget = الموازنة
portfolio-least = الحد الأدنى لحصة { $a }
portfolio-limits = الحدود
portfolio-choose = اختر
portfolio-choice = الاختيار
portfolio-yes = نعم
portfolio-no = لا
portfolio-price = { $a } لكل ألف { $b } إضافية
portfolio-bound = لا يمكن لأي اختيار أن يحقق أكثر من { $a }.
portfolio-others = بموازنات أخرى
portfolio-impossible = لا اختيار يحقق هذه الحدود. ارفع الموازنة أو اخفض الحصص الدنيا.
import-lead = مناطق وأنشطة، أو دول ومنتجات: ملف CSV بسطر عناوين وأعمدة place وactivity وvalue. يُدرس ولا يُحفظ.
import-file = ملف CSV
import-text = أو نص
import-study = ادرسه
import-preview = الأسطر الأولى
import-summary = قُرئ: { $a } سطراً و{ $b } مكاناً و{ $c } نشاطاً.
import-line = السطر { $a }: { $b }
import-cells = يحتاج السطر إلى مكان ونشاط وقيمة
import-number = «{ $a }» ليس عدداً يساوي صفراً أو أكثر
import-more = و{ $a } غيرها
import-no-order = الفروق بين الأماكن أقل من أن تُرتَّب بحسب التعقيد.
atlas-outlook = الأفق: أنشطة معقدة في المتناول
flow-all-three = الثلاثة معاً
atlas-edit = تعديل العناقيد
atlas-edit-hint = انقل الأنشطة بين العناقيد وانظر درجة تقسيمك. العنوان يحفظه.
atlas-edit-do = قيّم تقسيمي

form-record-hint = اكتب رقمه المرجعي أو رقمه.
form-record-none-held = لا يوجد في هذا السجل قيد يخصك. اكتب الرقم المرجعي للقيد الذي يخصك.
fault-record = لا يوجد قيد بهذا الرقم يمكنك الإشارة إليه. قارنه بأوراقك
fault-record-held = اختر قيداً يخصك أو يخص شركتك
case-record-taken = لم يُنشأ القيد: يوجد قيد آخر قيمة «{ $a }» فيه هي «{ $b }».
case-record-faults = لم يُنشأ القيد لأن بعض بياناته غير صالحة: { $a }
register-not-open = غير متاح لك
record-personal = بيان شخصي
record-mine = هذا القيد يخصك، ولذلك تراه كاملاً.
record-as-of-note = هذا هو القيد كما كان في { $a }.
record-not-then = لم يكن هذا القيد موجوداً في { $a }، ويظهر هنا كما هو الآن.
my-data-title = من اطّلع على بياناتي
my-data-lead = كلما فتح موظف بيانات شخصية تخصك، يُدوَّن ذلك هنا.
my-data-none = لم يفتح أحد بيانات شخصية تخصك.
my-data-read = اطّلع على: { $a }
my-data-kept = ما تحفظه السجلات عنك
desk-came = { $n ->
    [one] طلب واحد تجاوز موعده وأُحيل إليك، وهو في أول القائمة.
    [two] طلبان تجاوزا موعدهما وأُحيلا إليك، وهما في أول القائمة.
    [few] { $n } طلبات تجاوزت موعدها وأُحيلت إليك، وهي في أول القائمة.
   *[other] { $n } طلباً تجاوز موعده وأُحيل إليك، وهي في أول القائمة.
 }
desk-came-to-you = تجاوز موعده وأُحيل إليك
desk-escalated = تجاوز موعده ويراه أيضاً { $a }
action-escalate = انقضت المهلة وأُحيل إلى المسؤول

nav-messages = الرسائل
nav-admin = التشغيل
messages-title = الرسائل
messages-lead = ما جرى لطلباتك وما الذي يمكنك فعله. وتجد الكلام نفسه في صفحة كل طلب.
messages-mailed = ما جرى لطلباتك وما الذي يمكنك فعله. وتُرسل كل رسالة أيضاً إلى { $a }.
messages-none = لا توجد رسائل بعد. ستصلك رسالة كلما طرأ جديد على أحد طلباتك.
messages-new = جديدة
messages-unseen = { $n ->
    [one] رسالة جديدة واحدة
    [two] رسالتان جديدتان
    [few] { $n } رسائل جديدة
   *[other] { $n } رسالة جديدة
 }
message-dear = السلام عليكم { $a }،
message-filed = وصلنا طلبك رقم { $a } لخدمة «{ $b }».
message-moved = طرأ جديد على طلبك رقم { $a } لخدمة «{ $b }»، وهو الآن في مرحلة: { $c }.
message-lapsed = أُغلق طلبك رقم { $a } لخدمة «{ $b }» لانقضاء المهلة.
message-note = ملاحظة الدائرة: { $a }
message-wait = لا يلزمك فعل شيء الآن.
message-pay = دورك الآن: ادفع الرسم ليستمر طلبك تلقائياً.
message-pay-by = دورك الآن: ادفع الرسم قبل نهاية { $a } ليستمر طلبك تلقائياً.
message-answer = دورك الآن: افتح الطلب وأجب عن المطلوب ثم أرسله.
message-answer-by = دورك الآن: افتح الطلب قبل نهاية { $a } وأجب عن المطلوب ثم أرسله.
message-granted = تمت الموافقة على طلبك.
message-certificate = تمت الموافقة على طلبك، وشهادتك جاهزة للعرض والطباعة في صفحة الطلب.
message-ended = أُغلق الطلب. تجد السبب في صفحته ويمكنك تقديم طلب جديد.
message-link = صفحة طلبك: { $a }
message-no-reply = أُرسلت هذه الرسالة آلياً، فيرجى عدم الرد عليها.
jobs-title = أعمال النظام
jobs-lead = أعمال تترتب على ما يفعله الناس، مثل الرسائل. يُعاد ما تعثر منها على فترات متباعدة، ويبقى هنا بعد المحاولة العاشرة.
jobs-failed = متروكة
jobs-waiting = بالانتظار
jobs-running = قيد التنفيذ
jobs-done = منجزة
jobs-none = لا شيء هنا.
jobs-first = أول { $a } من { $b }.
jobs-no-mail = لم يُحدَّد خادم بريد (ANQUD_MAIL)، ولذلك لا تُرسل الرسائل بالبريد، ويجد كل شخص رسائله في البوابة.
jobs-kind = العمل
jobs-about = بشأن
jobs-attempts = المحاولات
jobs-due = المحاولة التالية
jobs-error = آخر خطأ
jobs-again = أعد المحاولة الآن
job-notify = رسالة إلى مقدم طلب
