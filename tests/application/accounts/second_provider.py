"""A provider of OpenID Connect by another author, for the tests of logins: one client, two people, one password.

Run as a process: `python second_provider.py REDIRECT_URI CLIENT_ID CLIENT_SECRET`. It shares no code with what is
tested: Django OAuth Toolkit, with oauthlib and jwcrypto.
"""

from __future__ import annotations

import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from jwcrypto.jwk import JWK

PASSWORD = "any"
_FORM = """<form method="post" action="{{ request.get_full_path }}">{% csrf_token %}
<input name="username"><input name="password" type="password"></form>"""


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


def configure() -> None:
    """One process, one database in memory, the pages that a login needs."""
    django_is, template = "django.contrib", "django.template"
    settings.configure(
        SECRET_KEY="of-the-tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        USE_TZ=True,
        ROOT_URLCONF=__name__,
        LOGIN_URL="/login",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[*(f"{django_is}.{name}" for name in ("auth", "contenttypes", "sessions")), "oauth2_provider"],
        MIDDLEWARE=[
            f"{django_is}.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            f"{django_is}.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": f"{template}.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "context_processors": [f"{template}.context_processors.request"],
                    "loaders": [(f"{template}.loaders.locmem.Loader", {"registration/login.html": _FORM})],
                },
            }
        ],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": JWK.generate(kty="RSA", size=2048).export_to_pem(True, None).decode(),
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "who", "profile": "the name"},
        },
    )
    django.setup()


def provide(redirect_uri: str, client_id: str, client_secret: str) -> list[Any]:
    """Open the database with its client and its people; what is served."""
    # What these need was configured just now.
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.contrib.auth.views import LoginView  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.urls import include, path  # noqa: PLC0415
    from oauth2_provider.models import get_application_model  # noqa: PLC0415
    from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: PLC0415

    class Named(OAuth2Validator):  # type: ignore[misc]  # it has no types
        def get_additional_claims(self, request: Any) -> dict[str, str]:
            return {"sub": request.user.username}

    settings.OAUTH2_PROVIDER["OAUTH2_VALIDATOR_CLASS"] = Named
    call_command("migrate", verbosity=0)
    for name in ("wangwei", "stranger"):
        get_user_model().objects.create_user(name, password=PASSWORD)
    get_application_model().objects.create(
        client_id=client_id,
        client_secret=client_secret,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect_uri,
        skip_authorization=True,
        algorithm="RS256",
    )
    return [path("o/", include("oauth2_provider.urls")), path("login", LoginView.as_view())]


if __name__ == "__main__":
    configure()
    urlpatterns = provide(*sys.argv[1:])
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Silent)
    sys.stdout.write(f"listening http://127.0.0.1:{server.server_port}/o\n")
    sys.stdout.flush()
    server.serve_forever()
