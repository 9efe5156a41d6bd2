"""Settings, the same for every process. What differs between installations comes from `environment`."""

import os
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from contactcenter import environment as env
from contactcenter.schedule import BEAT
from foundation import logging

BASE_DIR = env.ROOT
HOME = env.home()
DEBUG = env.read("DEBUG", False, env.boolean)
SECRET_KEY = env.secret_key()

PORT = env.read("PORT", 8000, env.port)
SOCKETS_PORT = env.read("SOCKETS_PORT", 0, int)  # 0: sockets share the page's origin, as behind the production proxy
PUBLIC_URL = env.read("PUBLIC_URL", f"http://127.0.0.1:{PORT}", env.web_address)
_host = urlsplit(PUBLIC_URL).hostname or "127.0.0.1"
_loopback = _host in {"127.0.0.1", "localhost"}
ALLOWED_HOSTS = env.read("ALLOWED_HOSTS", [_host, *(["localhost", "127.0.0.1"] if _loopback else [])], env.words)
_origins = [PUBLIC_URL]
if _loopback:
    _port = urlsplit(PUBLIC_URL).port
    _origins = [f"http://{name}:{_port}" if _port else f"http://{name}" for name in ("127.0.0.1", "localhost")]
CSRF_TRUSTED_ORIGINS = _origins
TRUSTED_PROXIES = env.read("TRUSTED_PROXIES", 0, int)  # how many of ours stand in front and append X-Forwarded-For
SOCKET_ORIGINS = _origins
SECURE = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "contactcenter",
    "foundation",
    "agents",
    "brands",
    "customers",
    "interactions",
    "routing",
    "channels_email",
    "desktop",
    "simulator",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "contactcenter.apps.StaticFilesConfig",
    "django.contrib.postgres",
    "django.contrib.admin",
    "django_htmx",
    "django_prometheus",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "pgtrigger",
    "pghistory",
    "channels",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "foundation.middleware.RequestId",
    "contactcenter.middleware.BehindProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "desktop.middleware.AgentTimeZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
    "contactcenter.middleware.TryAgainLater",
    "contactcenter.middleware.StorableQuery",
    "contactcenter.middleware.TooManyTries",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "contactcenter.urls"
WSGI_APPLICATION = "contactcenter.wsgi.application"
ASGI_APPLICATION = "contactcenter.asgi.application"

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
            ],
        },
    },
]

DATABASE_URL = env.read("DATABASE_URL", env.embedded("database_url"), str)
DATABASES = {"default": env.database(DATABASE_URL or "postgres://contactcenter@127.0.0.1:5432/contactcenter")}
DATABASES["default"]["TEST"] = {"NAME": env.read("TEST_DATABASE", "test_contactcenter", str)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.read("REDIS_URL", env.embedded("redis_url") or "redis://127.0.0.1:6379/0", env.redis_address)
CACHES = {
    "default": {
        "BACKEND": "contactcenter.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "contactcenter"},
    },
}

CELERY_BROKER_URL = env.read("BROKER_URL", REDIS_URL, str)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,  # seconds, also below
    "visibility_timeout": 3600,
    "max_retries": 0,  # a page that rings an absent broker goes on at once; the relay rings again
}
CELERY_TASK_TIME_LIMIT = 1500  # seconds, under half the visibility time-out: a task in work is never handed out twice
CELERY_TASK_SOFT_TIME_LIMIT = 1440
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BEAT_SCHEDULE = BEAT
CELERY_TASK_DEFAULT_QUEUE = "live"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

AUTH_USER_MODEL = "agents.Agent"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "contactcenter.accounts.ByInvitation"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/m/ip",  # against guessing many names; one name is locked by axes below
    "reset_password": "20/m/ip,3/h/key",  # letters to one address
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to strangers because somebody wrote their address into the form
PASSWORD_RESET_TIMEOUT = 4 * 3600  # seconds
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "contactcenter"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False

# Cookies ignore ports: two installations on one host would sign each other out without the port in the name.
SESSION_COOKIE_NAME = f"contactcenter_session_{PORT}"
CSRF_COOKIE_NAME = f"contactcenter_csrf_{PORT}"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_sockets = (
    [f"ws://{name}:{SOCKETS_PORT}" for name in ("127.0.0.1", "localhost")]
    if SOCKETS_PORT
    else [PUBLIC_URL.replace("http", "ws", 1)]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *_sockets],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# Seconds after which work that a process had taken is held for left behind; a proof, which kills them, sets them short.
OUTBOX_LEASE = env.read("OUTBOX_LEASE", 30.0, float)
OUTBOX_LONG_LEASE = env.read("OUTBOX_LONG_LEASE", 180.0, float)
DELIVERY_LEASE = env.read("DELIVERY_LEASE", 600.0, float)  # longer than any conversation with a mail server
DELIVERY_FIRST_PAUSE = env.read("DELIVERY_FIRST_PAUSE", 20.0, float)  # before the second attempt; doubled after each

OUTBOUND_PRIVATE_HOSTS: list[str] = env.read("OUTBOUND_PRIVATE_HOSTS", [], env.words)  # ours, yet allowed to be asked

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PARSER_CLASSES": [
        "foundation.parsers.StorableJson",
        "foundation.parsers.StorableForm",
        "foundation.parsers.StorableMultiPart",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "foundation.paging.NewestFirst",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {"TITLE": "contactcenter", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Mail in: where `listen_mail` takes SMTP. Mail out: the server for mailboxes that name none of their own.
SMTP_HOST = env.read("SMTP_HOST", "127.0.0.1", str)
SMTP_PORT = env.read("SMTP_PORT", 2525, env.port)
# Also by LMTP from a mail server of our own: "host:port" or the path of a socket file. Empty: not.
LMTP_LISTEN = env.read("LMTP_LISTEN", "", env.lmtp_place)
# And by the webhooks of providers: some sign with a key, the others carry user:password in their address.
ANYMAIL = {
    "MAILGUN_WEBHOOK_SIGNING_KEY": os.environ.get("MAILGUN_WEBHOOK_SIGNING_KEY", ""),
    "MAILERSEND_INBOUND_SECRET": os.environ.get("MAILERSEND_INBOUND_SECRET", ""),
    "MANDRILL_WEBHOOK_KEY": os.environ.get("MANDRILL_WEBHOOK_KEY", ""),
    "WEBHOOK_SECRET": os.environ.get("MAIL_WEBHOOK_SECRET", ""),
}
SMTP_CONNECTIONS = env.read("SMTP_CONNECTIONS", 100, int)
SMTP_TLS_CERTIFICATE = env.read("SMTP_TLS_CERTIFICATE", "", str)  # with its key: STARTTLS is offered
SMTP_TLS_KEY = env.read("SMTP_TLS_KEY", "", str)
MAIL_MAX_BYTES = env.read("MAIL_MAX_BYTES", 35 * 1024 * 1024, int)
SMTP_OUT_TIMEOUT = env.read("SMTP_OUT_TIMEOUT", 30.0, float)  # seconds for each answer of a server
SMTP_OUT_TIMEOUT_AFTER_DATA = env.read("SMTP_OUT_TIMEOUT_AFTER_DATA", 300.0, float)
MAIL_AUTHENTICATION_HOSTS: list[str] = env.read("MAIL_AUTHENTICATION_HOSTS", [], env.words)  # whose results we believe
SMTP_OUT_HOST = env.read("SMTP_OUT_HOST", "127.0.0.1", str)
SMTP_OUT_PORT = env.read("SMTP_OUT_PORT", 25, env.port)
SMTP_OUT_SECURITY = env.read("SMTP_OUT_SECURITY", "none", env.one_of("tls", "starttls", "none"))
SMTP_OUT_USER = env.read("SMTP_OUT_USER", "", str)
SMTP_OUT_PASSWORD = env.read("SMTP_OUT_PASSWORD", "", str)
# The program's own letters (a forgotten password) leave by the same server.
EMAIL_HOST, EMAIL_PORT = SMTP_OUT_HOST, SMTP_OUT_PORT
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP_OUT_USER, SMTP_OUT_PASSWORD
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP_OUT_SECURITY == "tls", SMTP_OUT_SECURITY == "starttls"
EMAIL_TIMEOUT = 30  # seconds
DEFAULT_FROM_EMAIL = env.read("MAIL_FROM", "", str)  # empty: the oldest mailbox of ours

# Mailboxes that sign in with a token: the applications registered at Google and Microsoft.
_TENANT = env.read("MICROSOFT_TENANT", "common", str)
MAIL_OAUTH = {
    "google": {
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_url": "https://oauth2.googleapis.com/token",
        "scope": "https://mail.google.com/",
        "client_id": os.environ.get("GOOGLE_CLIENT_ID", ""),
        "client_secret": os.environ.get("GOOGLE_CLIENT_SECRET", ""),
        "extra": {"access_type": "offline", "prompt": "consent"},
    },
    "microsoft": {
        "authorize_url": f"https://login.microsoftonline.com/{_TENANT}/oauth2/v2.0/authorize",
        "token_url": f"https://login.microsoftonline.com/{_TENANT}/oauth2/v2.0/token",
        "scope": (
            "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
        ),
        "client_id": os.environ.get("MICROSOFT_CLIENT_ID", ""),
        "client_secret": os.environ.get("MICROSOFT_CLIENT_SECRET", ""),
        "extra": {"prompt": "select_account"},
    },
}

PGHISTORY_APPEND_ONLY = True
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"  # several changes of one transaction keep their order
SIMULATOR = env.read("SIMULATOR", False, env.boolean)
LOG_LEVEL = env.read("LOG_LEVEL", "INFO", env.one_of("debug", "info", "warning", "error", "critical")).upper()
LOGGING = logging.configure(LOG_LEVEL, as_json=env.read("LOG_JSON", False, env.boolean))
