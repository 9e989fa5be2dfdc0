"""Django's settings, made of the environment (see `environment`) and of nothing else."""

from __future__ import annotations

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from gongkai.web import environment

ENVIRONMENT = environment.read()
HERE = Path(__file__).parent
HOME = ENVIRONMENT.home()
HOME.mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_TEMP_DIR = HOME / "incoming"  # uploads as they arrive, on the disk they are meant for
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)

DEBUG = ENVIRONMENT.on("GONGKAI_DEBUG")
DEMO = ENVIRONMENT.on("GONGKAI_DEMO")
SECRET_KEY = ENVIRONMENT.secret_key()
ALLOWED_HOSTS = ENVIRONMENT.hosts()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "huey.contrib.djhuey",
    "gongkai.web.shell",
    "gongkai.web.accounts",
    "gongkai.web.ledger",
    "gongkai.web.organs",
    "gongkai.web.desk",
    "gongkai.web.applications",
    "gongkai.web.remedies",
    "gongkai.web.annual",
    "gongkai.web.workbench",
]

MIDDLEWARE = [
    "gongkai.web.shell.requests.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gongkai.web.shell.packed.Packed",
    "csp.middleware.CSPMiddleware",
    "gongkai.web.shell.failures.Failures",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gongkai.web.shell.languages.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gongkai.web.accounts.gate.Gate",
    "gongkai.web.organs.capacity.Acting",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gongkai.web.urls"
WSGI_APPLICATION = "gongkai.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.web.shell.context.shell",
                "gongkai.web.workbench.context.waiting",
            ],
            "builtins": ["gongkai.web.shell.templatetags.shell"],
        },
    }
]

# -- data

DATABASES = {
    "default": dj_database_url.parse(
        ENVIRONMENT.text("DATABASE_URL") or f"sqlite:///{HOME / 'gongkai.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue at their first statement instead of failing at their second.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;"
            " PRAGMA mmap_size=268435456; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    # As with SQLite, who waits ten seconds for another is told so; no host hangs for a dead one.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
        **DATABASES["default"].get("OPTIONS", {}),
    }
FILES = HOME / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
CLAMD = ENVIRONMENT.text("GONGKAI_CLAMD")
UPLOAD_LIMIT = ENVIRONMENT.number("GONGKAI_UPLOAD_MB") * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

VAULT_KEYS = Path(ENVIRONMENT.text("GONGKAI_VAULT_KEYS") or HOME / "vault.keys").expanduser()
VAULT_ALGORITHM = ENVIRONMENT.text("GONGKAI_VAULT_ALGORITHM")
MAIL = ENVIRONMENT.text("GONGKAI_MAIL")
MAIL_FROM = ENVIRONMENT.text("GONGKAI_MAIL_FROM")
SMS = ENVIRONMENT.text("GONGKAI_SMS")

_queue = ENVIRONMENT.text("GONGKAI_QUEUE")
HUEY = {
    "name": "gongkai",
    "immediate": False,
    **(
        {"huey_class": "huey.RedisHuey", "url": _queue}
        if _queue
        else {"huey_class": "huey.SqliteHuey", "filename": str(HOME / "queue.sqlite3")}
    ),
}

# -- people

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "gongkai.web.accounts.many.OneTime",  # of issued passwords, ninety random bits long
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "gongkai.web.accounts.passwords.Rules",
        "OPTIONS": {
            "length": ENVIRONMENT.number("GONGKAI_PASSWORD_LENGTH"),
            "kinds": ENVIRONMENT.number("GONGKAI_PASSWORD_KINDS"),
        },
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_DAYS = ENVIRONMENT.number("GONGKAI_PASSWORD_DAYS")
SECOND_FACTOR = ENVIRONMENT.text("GONGKAI_SECOND_FACTOR")
OTP_TOTP_ISSUER = "公开 Gongkai"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "gongkai.web.accounts.sessions"
SESSION_COOKIE_AGE = ENVIRONMENT.number("GONGKAI_SESSION_HOURS") * 3600
SESSION_IDLE = ENVIRONMENT.number("GONGKAI_IDLE_MINUTES") * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
AXES_FAILURE_LIMIT = ENVIRONMENT.number("GONGKAI_LOCKOUT_FAILURES")
AXES_COOLOFF_TIME = "gongkai.web.accounts.lockout.cool_off"
AXES_LOCKOUT_CALLABLE = "gongkai.web.accounts.lockout.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "gongkai.web.shell.requests.address"
AXES_RESET_ON_SUCCESS = True
# A lock-out ends when its page says, also where somebody tries again before.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
LOCKOUT_MINUTES = ENVIRONMENT.number("GONGKAI_LOCKOUT_MINUTES")
PROXIES = ENVIRONMENT.number("GONGKAI_PROXIES")

# -- safety

HTTPS = ENVIRONMENT.on("GONGKAI_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "gongkai.web.shell.failures.csrf_failed"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# -- language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
TIME_ZONE = ENVIRONMENT.text("GONGKAI_TIME_ZONE")
USE_TZ = True

# -- files of the pages: each address carries the hash of its content, so it may be kept for ever

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": ENVIRONMENT.store(FILES),
    "staticfiles": {"BACKEND": "gongkai.web.shell.static.Hashed"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000

# -- log: one line each, with the request's id

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "gongkai.web.shell.requests.WithRequest"}},
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"},
        "json": {"()": "gongkai.web.shell.requests.JsonLines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request"],
            "formatter": ENVIRONMENT.text("GONGKAI_LOG"),
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
        "huey": {"level": "WARNING"},
    },
}
