"""All addresses. Upper apps are named by string only, so imports keep pointing down."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required, login_required
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularSwaggerSplitView
from oauth2_provider.views import RevokeTokenView, TokenView

from alliance.core.views_schema import SchemaView

oauth = (
    [
        path("token/", TokenView.as_view(), name="token"),
        path("revoke_token/", RevokeTokenView.as_view(), name="revoke-token"),
    ],
    "oauth2_provider",
)

api = [
    path("", include("alliance.institutions.api_urls")),
    path("", include("alliance.people.api_urls")),
    path("", include("alliance.catalogue.api_urls")),
    path("", include("alliance.patients.api_urls")),
    path("", include("alliance.notices.api_urls")),
    path("", include("training.exams.api_urls")),
    path("", include("training.courses.api_urls")),
    path("", include("training.standards.api_urls")),
    path("", include("training.privileges.api_urls")),
    path("", include("training.logbook.api_urls")),
    path("", include("training.mentoring.api_urls")),
    path("", include("training.programmes.api_urls")),
    path("", include("training.granting.api_urls")),
    path("", include("equipment.devices.api_urls")),
    path("", include("equipment.service.api_urls")),
    path("", include("equipment.configuration.api_urls")),
    path("", include("equipment.purchases.api_urls")),
    path("", include("equipment.bookings.api_urls")),
    path("", include("equipment.tours.api_urls")),
    path("", include("equipment.insights.api_urls")),
    path("", include("referrals.api_urls")),
    path("", include("qc.api_urls")),
]

urlpatterns = [
    path("", include("referrals.urls_home")),
    path("", include("alliance.core.urls")),
    path("accounts/", include("allauth.urls")),
    # Who cannot read the sign-in page must be able to change its language.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("people/", include("alliance.people.urls")),
    path("institutions/", include("alliance.institutions.urls")),
    path("catalogue/", include("alliance.catalogue.urls")),
    path("patients/", include("alliance.patients.urls")),
    path("notices/", include("alliance.notices.urls")),
    path("training/", include("training.urls")),
    path("training/exams/", include("training.exams.urls")),
    path("training/courses/", include("training.courses.urls")),
    path("training/standards/", include("training.standards.urls")),
    path("training/privileges/", include("training.privileges.urls")),
    path("verify/", include("training.privileges.verify_urls")),
    path("training/logbook/", include("training.logbook.urls")),
    path("training/mentoring/", include("training.mentoring.urls")),
    path("training/programmes/", include("training.programmes.urls")),
    path("training/granting/", include("training.granting.urls")),
    path("equipment/", include("equipment.urls")),
    path("equipment/devices/", include("equipment.devices.urls")),
    path("equipment/service/", include("equipment.service.urls")),
    path("equipment/configuration/", include("equipment.configuration.urls")),
    path("equipment/purchases/", include("equipment.purchases.urls")),
    path("equipment/tariffs/", include("equipment.tariffs.urls")),
    path("equipment/bookings/", include("equipment.bookings.urls")),
    path("equipment/tours/", include("equipment.tours.urls")),
    path("equipment/insights/", include("equipment.insights.urls")),
    path("referrals/", include("referrals.urls")),
    path("qc/", include("qc.urls")),
    path("styleguide/", include("alliance.core.styleguide")),
    path("oauth/", include(oauth)),
    path("api/v1/", include((api, "api"))),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    # For people: who is not signed in is sent to sign in, as from any other page.
    path(
        "api/docs/",
        login_required(SpectacularSwaggerSplitView.as_view(url_name="schema")),
        name="api-docs",
    ),
    path("admin/", admin.site.urls),
]

handler403 = "alliance.core.views.forbidden"
handler404 = "alliance.core.views.not_found"
handler500 = "alliance.core.views.server_error"
