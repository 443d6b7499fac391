"""Settings. Everything that differs between two installations comes from the environment (docs/settings.md)."""

import os
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# The embedded servers write where they listen. A real installation sets the same names itself, and must not become a
# demonstration by what an earlier one left behind.
env.read_env(env.path("ENV_FILE", os.devnull if "DATABASE_URL" in os.environ else BASE_DIR / "var/stack.env"))

# ---- the installation ----
DEMONSTRATION = env.bool("DEMONSTRATION", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
# Signs checkpoints of the consent ledger and receipts; `manage.py migrate` refuses to go on without.
LEDGER_SIGNING_KEY = env("LEDGER_SIGNING_KEY", default="")
LEDGER_FORMER_KEYS = env.list("LEDGER_FORMER_KEYS", default=[])
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
EXPORT_SIGNING_KEY = env("EXPORT_SIGNING_KEY", default="")
EXPORT_FORMER_KEYS = env.list("EXPORT_FORMER_KEYS", default=[])
# Seals backups: an age identity. Backups of an erased person's data are gone after so many days (R110).
BACKUP_KEY = env("BACKUP_KEY", default="")
BACKUP_DAYS = env.int("BACKUP_DAYS", 35)
# How often each process looks whether a restore brought somebody back who was erased.
ERASURES_CHECKED_EVERY = 10
SITE_URL = env("SITE_URL", default="http://localhost:8000")
SITE_NAME = {
    "en": env("SITE_NAME_EN", default="Tokyo Tourism Partners"),
    "ja": env("SITE_NAME_JA", default="東京観光パートナーズ"),
}
REVIEW_WORKING_DAYS = env.int("REVIEW_WORKING_DAYS", 3)
SECRETARIAT_EMAIL = env("SECRETARIAT_EMAIL", default="secretariat@partners.example")
SECRETARIAT_TELEPHONE = env("SECRETARIAT_TELEPHONE", default="+81-3-0000-0000")
SECRETARIAT_ADDRESS = {
    "en": env("SECRETARIAT_ADDRESS_EN", default="2-8-1 Nishi-Shinjuku, Shinjuku-ku, Tokyo 163-8001, Japan"),
    "ja": env("SECRETARIAT_ADDRESS_JA", default="〒163-8001 東京都新宿区西新宿2-8-1"),
}
# Empty: nobody is asked for consent, and nothing is sent to Google.
GOOGLE_ANALYTICS_ID = env("GOOGLE_ANALYTICS_ID", default="")

INSTALLED_APPS = [
    # Before the admin: it adds the columns of both languages.
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    # Before the admin and allauth: our templates win.
    "tmgportal.apps.PortalConfig",
    "tmgportal.apps.PortalAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_countries",
    "phonenumber_field",
    "outbox",
    "privacy",
    "accounts",
    "directory",
    "inquiries",
    "networking",
    "newsletters",
]

MIDDLEWARE = [
    "tmgportal.middleware.RequestLogMiddleware",
    "tmgportal.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tmgportal.middleware.HealthMiddleware",
    "tmgportal.middleware.ServiceUnavailableMiddleware",
    "tmgportal.middleware.ErasedPeopleMiddleware",
    "tmgportal.middleware.TransactionMiddleware",
    # Before the session: its key comes from a cookie.
    "tmgportal.middleware.BadInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tmgportal.middleware.LoginRequiredMiddleware",
    "accounts.middleware.StaffSessionMiddleware",
    # After who is there is known.
    "privacy.middleware.ActingMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "tmgportal.reconsent.ConsentRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "tmgportal.urls"
WSGI_APPLICATION = "tmgportal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tmgportal.context_processors.site",
                "tmgportal.context_processors.tools",
                "privacy.context_processors.policy_notices",
            ],
            "builtins": ["tmgportal.templatetags.portal", "privacy.templatetags.notices"],
        },
    }
]
FORM_RENDERER = "tmgportal.forms.FormRenderer"

# ---- database, cache, broker: every wait has an end ----
DATABASES = {
    "default": env.db("DATABASE_URL")
    | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", 8), "timeout": 3},
            "connect_timeout": 3,
            "keepalives_idle": 30,
            "tcp_user_timeout": 10_000,
            "options": "-c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout=15s".format(
                env("STATEMENT_TIMEOUT", default="10s"), env("LOCK_TIMEOUT", default="5s")
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 0)},
    }
}

# ---- who is there ----
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-page"
LOGOUT_REDIRECT_URL = "home"
# Staff who do nothing for half an hour, or have worked for twelve, log in again (ASVS 7.3).
STAFF_IDLE_SECONDS, STAFF_SESSION_SECONDS = 30 * 60, 12 * 60 * 60
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", not DEMONSTRATION)

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "add_email": "accounts.forms.AddEmailForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordResetCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Its form is offered for addresses without an account only, and so would tell which have one.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
# A double click on "register" asks for two codes at once.
ACCOUNT_RATE_LIMITS = {"confirm_email": "5/5m/key"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.AddAuthenticatorForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "authenticate": "accounts.forms.SecondStepForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
    "reauthenticate": "accounts.forms.SecondStepAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME["en"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMONSTRATION

# ---- browser ----
SECURE_TRANSPORT = env.bool("SECURE_TRANSPORT", not DEMONSTRATION)
SECURE_SSL_REDIRECT = SECURE_TRANSPORT
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 63_072_000 if SECURE_TRANSPORT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The __Host- prefix asks for Secure; browsers take localhost for a secure place.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "tmgportal.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Django's default keeps messages in a readable cookie; they may name a person (R126).
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# As much as the proxy lets through (deploy/Caddyfile): a paper that proves who somebody is never lies on the disk
# unsealed, not even on its way.
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# ---- words, time ----
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ja", _("Japanese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["tmgportal.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "ja")
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
PHONENUMBER_DB_FORMAT = "E164"

# ---- files ----
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var/static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "var/media")
# On another volume than the database: whoever rewrites the one must not reach the other.
JOURNAL_DIR = env.path("JOURNAL_DIR", BASE_DIR / "var/journal")
HANDOVER_DIR = env.path("HANDOVER_DIR", BASE_DIR / "var/handover")
# Where a proxy that obeys X-Accel-Redirect finds MEDIA_ROOT; without one the portal sends photos itself.
MEDIA_ACCEL = env("MEDIA_ACCEL", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ---- mail: only `outbox` speaks SMTP ----
OUTBOX_MAY_SEND = "privacy.gate.may_send"
OUTBOX_CONTACT_OF = "privacy.gate.contact_of"
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", default="no-reply@partners.example")
MAILBOX_DIR = BASE_DIR / "var/mailbox"
if DEMONSTRATION:
    EMAIL_BACKEND = "outbox.mailbox.MailboxBackend"
else:
    # Our own client ends every wait: 10 s to connect, 60 s a command, 600 s for the reply to the final dot.
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25", backend="outbox.smtp.EmailBackend"))

# ---- work in the background ----
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "visibility_timeout": 900,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = TIME_ZONE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "tmgportal.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
}
